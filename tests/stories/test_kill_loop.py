"""Issue 2, done when 7, in short: the loop run by hand for 200 kills (``benchmarks/kill.py``) holds for three."""

import subprocess
import sys

from tests.corpora import ROOT
from tests.servers.dovecot import Dovecot


def test_the_program_killed_at_work_converges(dovecot: Dovecot) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kill", "3", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "killed 3 times" in done.stdout
    assert "0 problems" in done.stdout
