"""Row 13: an upgrade killed at any of 22 points leaves the old schema or the new, and goes through the next time."""

import subprocess
import sys

from tests.corpora import ROOT


def test_assurance_13_an_upgrade_killed_at_22_points_never_spoils_the_store() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.migrating", "22"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "killed 22 of 22 upgrades, 0 stores spoilt\n"
