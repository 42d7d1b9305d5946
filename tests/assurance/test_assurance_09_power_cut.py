"""Row 9: no power cut corrupts the store, halves a commit or loses an acknowledged one (outbox, claims)."""

import shutil

import pytest

from tests.store import power_cut


def test_assurance_09_power_cuts_lose_nothing_acknowledged() -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is absent (apt-get install strace)")
    assert power_cut.main(60) == 0


def test_assurance_09_the_replay_sees_a_commit_that_was_not_synced() -> None:
    """The proof of the proof: without its syncs the same log loses and spoils."""
    if shutil.which("strace") is None:
        pytest.skip("strace is absent (apt-get install strace)")
    import random
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        acts = [act for act in power_cut.record(folder) if act.kind != "sync"]
        chance = random.Random(3)
        last = sum(act.kind == "ack" for act in acts) - 1
        spoilt = [
            power_cut.wrong(power_cut.survivors(acts, chance), folder / "after", last) for _ in range(8)
        ]
    assert any(spoilt)
