"""Row 1: senders killed at random instants, a line that is cut anywhere; every letter arrives once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot
from tests.sync.send_proof import prove


@pytest.mark.timeout(300)
def test_every_letter_arrives_once(dovecot: Dovecot, tmp_path: Path, figure: Callable[[str], None]) -> None:
    proof = prove(dovecot, tmp_path, letters=20, kills=4, seed=1, files=True)
    assert (proof.lost, proof.twice) == ((), ())
    assert proof.hung_up > 0
    assert proof.killed >= 4
    figure(
        f"{proof.letters} letters, {proof.killed} senders killed, {proof.hung_up} lines cut: each arrived once"
    )
