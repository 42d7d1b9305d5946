"""Row 6: eight writers in two processes lose no update and see no locked database."""

import subprocess
import sys
from collections.abc import Callable

from tests.corpora import ROOT


def test_assurance_06_eight_writers_in_two_processes_lose_nothing(figure: Callable[[str], None]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.writers", "3"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 lost, 0 errors" in done.stdout
    figure(done.stdout.partition(" problems")[0].rpartition(",")[0])
