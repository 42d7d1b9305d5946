"""Row 4: programs killed while they complete steps; every step, task and letter is there once."""

import re
import subprocess
import sys
from collections.abc import Callable

from tests.corpora import ROOT


def test_assurance_04_killed_workers_leave_every_step_made_once(figure: Callable[[str], None]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.services.process_killing", "4"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"(\d+) transitions", done.stdout)
    assert found is not None
    assert int(found[1]) > 0
    figure(done.stdout.strip())
