"""A held key on a slow line, held to the budget of ``design/terminal.md``: python -m benchmarks.slow [--letters N]

The program stands behind ``../shared/tools/slowlink.py`` (9,600 bits a second, 200 ms there and back). ``down`` is
held at 10 a second for 5 s; the last frame must be right within 1 s of the release, which is 0.1 s after the last
press. Right is what the same keys show on a fast line. It exits with 1 where the budget is missed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.screen import NEWEST, TOOLS, crm, home_of, reset, told

PRESSES, RATE = 50, 10
LIMIT_MS = 1000
LINK = (sys.executable, str(TOOLS / "slowlink.py"), "--bps", "9600", "--rtt", "200", "--")
SIZES = (("120x40", "xterm-256color"), ("80x24", "xterm-256color"), ("120x40", "vt220"))


def measure(home: Path, size: str, term: str, before: str) -> bool:
    """Print what it took after some keys pressed first; whether it stayed within the budget."""
    # a program that is still ending may save where it stood after the reset: so both begin with home
    reset(home, preview=False)
    fast = crm(home, NEWEST, f"wait:8000,home,wait:500,{before}down*{PRESSES},wait:500", size, term)
    reset(home, preview=False)
    keys = f"wait:12000,home,wait:3000,{before}down*{PRESSES}@{RATE},wait:3000"
    slow = crm(home, NEWEST, keys, size, term, "--quiet", "1000", through=LINK)
    held = slow["keys"][-2]
    after = held["drain_ms"] - 1000 / RATE
    right = slow["screen"] == fast["screen"]
    name = f"{size} {term}, after {before or 'nothing'}"
    within = told(f"{name}: last frame after the release, ms", after, LIMIT_MS, held["cpu_ms"])
    print(f"{'':4}{held['bytes_mean']:.0f} bytes a press, what is shown is {'right' if right else 'WRONG'}")
    for shown, wanted in zip(slow["screen"], fast["screen"], strict=True):
        if shown != wanted:
            print(f"{'':4}{shown}\n{'':4}{wanted}")
    return right and within


def main() -> int:
    """Make the store and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=100_000)
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / f"crm-bench-{os.getuid()}"
    )
    options = parser.parse_args()
    options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.pop("COLORTERM", None)
    home = home_of(options.folder, options.letters)
    found = [measure(home, size, term, before) for size, term in SIZES for before in ("", "down*8,")]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
