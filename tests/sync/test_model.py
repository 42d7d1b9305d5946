"""Whatever breaks, both sides end equal and nothing is lost, doubled or brought back (sync.md §4.6)."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.sync.model import PROFILES
from tests.sync.week import FAULTS, Week


@pytest.fixture(scope="module")
def servers(authority: Authority) -> "Iterator[dict[str, Dovecot]]":
    """One server a profile of capabilities."""
    if not Dovecot.available():
        pytest.skip("Dovecot is absent")
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(Dovecot(authority=authority, imap_capability=capabilities))
            for name, capabilities in PROFILES.items()
        }


@pytest.mark.parametrize("faults", FAULTS)
@pytest.mark.parametrize("profile", PROFILES)
def test_mail_08_two_devices_converge(
    servers: dict[str, Dovecot], profile: str, faults: str, tmp_path: Path
) -> None:
    week = Week(servers[profile], tmp_path / "crm.db", seed=hash_of(profile, faults), faults=faults)
    assert week.run() == []


def hash_of(*words: str) -> int:
    """A seed that is the same in every run."""
    return sum(ord(sign) * (index + 1) for index, sign in enumerate("/".join(words)))
