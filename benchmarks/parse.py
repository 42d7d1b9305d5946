"""Parsing of letters: crm_tui beside Python's ``email``, over the corpus of real and broken letters.

    python benchmarks/parse.py [FOLDER]

FOLDER holds the unpacked corpus ``mail``; without it ``tests/corpora.py`` is asked for it. Prints agreement with
three independent parsers, time a letter, and ratios (above 1 is faster than ``email``).
"""

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crm_tui.parsing.letter import parse_headers  # noqa: E402
from tests.corpora import folder  # noqa: E402
from tests.parsing.agreement import FIELDS, agreement, by_email, by_us, cases  # noqa: E402


def microseconds(letters: list[bytes], act: Callable[[bytes], object]) -> float:
    """Time a letter, the best of three rounds."""
    rounds = []
    for _ in range(3):
        begun = perf_counter()
        for raw in letters:
            act(raw)
        rounds.append(perf_counter() - begun)
    return min(rounds) / len(letters) * 1e6


def email_headers(raw: bytes) -> object:
    """The header pass as it would be written over ``email``."""
    from email import policy
    from email.parser import BytesHeaderParser
    from email.utils import parsedate_to_datetime

    head = BytesHeaderParser(policy=policy.default).parsebytes(raw)
    try:
        return head["subject"], head["from"], head["to"], parsedate_to_datetime(str(head["date"]))
    except Exception:
        return None


def main() -> None:
    """Print both tables."""
    warnings.simplefilter("ignore")
    mail = Path(sys.argv[1]) if len(sys.argv) > 1 else folder("mail")
    asked, theirs = agreement(mail, by_email)
    _, ours = agreement(mail, by_us)
    print(f"{'agreement':28}{'letters':>9}{'crm_tui':>9}{'email':>9}{'ratio':>7}")
    for field in FIELDS:
        print(f"{field:28}{asked[field]:9}{ours[field]:9}{theirs[field]:9}{ours[field] / theirs[field]:7.3f}")
    letters = [raw for _, raw, _, _ in cases(mail)]
    print(f"\n{'us a letter':28}{'letters':>9}{'crm_tui':>9}{'email':>9}{'ratio':>7}")
    for name, mine, other in (
        ("whole letter", by_us, by_email),
        ("headers only", parse_headers, email_headers),
    ):
        us, email = microseconds(letters, mine), microseconds(letters, other)
        print(f"{name:28}{len(letters):9}{us:9.0f}{email:9.0f}{email / us:7.1f}")


if __name__ == "__main__":
    main()
