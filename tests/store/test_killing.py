"""Issue 2, done when 7: killed at any moment, the store opens, is clean, and has every acknowledged row."""

import subprocess
import sys

from tests.corpora import ROOT


def test_a_writer_killed_at_random_moments_leaves_a_sound_store() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.killing", "5"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "killed 5 times" in done.stdout
