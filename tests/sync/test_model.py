"""Whatever breaks, both sides end equal and nothing is lost, doubled or brought back (sync.md §4.6).

A week of every fault; thousands of them by hand: ``python -m tests.sync.model``, benchmarks/README.md.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import pytest

from tests.servers.certificates import Authority
from tests.servers.cyrus import Cyrus
from tests.servers.dovecot import Dovecot
from tests.servers.own import OwnServer
from tests.sync.model import PROFILES
from tests.sync.week import FAULTS, Week
from tests.sync.world import MailServer, OtherSide, OurSide, letter

KINDS = list(zip(cycle(PROFILES), FAULTS, strict=False))


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


@pytest.fixture(scope="module")
def cyrus() -> "Iterator[Cyrus]":
    """A Cyrus of these tests."""
    if not Cyrus.available():
        pytest.skip("Cyrus is not unpacked here, or its user cannot reach a checkout in a private home")
    with Cyrus() as server:
        yield server


@pytest.mark.parametrize(("profile", "faults"), KINDS)
def test_mail_08_two_devices_converge(
    servers: dict[str, Dovecot], profile: str, faults: str, tmp_path: Path
) -> None:
    assert live(servers[profile], faults, tmp_path, f"{profile}/{faults}") == []


@pytest.mark.parametrize("faults", ["meanwhile", "both"])
def test_mail_08_two_devices_converge_on_cyrus(cyrus: Cyrus, faults: str, tmp_path: Path) -> None:
    assert live(cyrus, faults, tmp_path, f"cyrus/{faults}") == []


def test_mail_08_two_devices_converge_on_the_demo_server(tmp_path: Path) -> None:
    with OwnServer() as server:
        assert live(server, "crash", tmp_path, "own") == []


def test_mail_08_a_mailbox_on_cyrus_comes_whole_and_a_renamed_folder_is_known(
    cyrus: Cyrus, tmp_path: Path
) -> None:
    user = cyrus.account("whole")
    other = OtherSide(cyrus, user)
    other.make("Работа", "Empty")
    for number in range(30):
        other.append(
            "INBOX" if number % 2 else "Работа", letter(f"<{number}@x.example>", "тема", "текст " * number)
        )
    us = OurSide(tmp_path / "crm.db", cyrus, user)
    assert us.sync().new == 30
    assert us.bodies_missing() == 0
    assert not us.sync().any()
    before = {row.message_id: row.id for row in us.rows()}
    other.session.command(b"RENAME &BCAEMAQxBD4EQgQw- Projects")
    assert us.sync().new == 0
    assert {row.message_id: row.id for row in us.rows()} == before
    assert {row.srv_name for row in us.rows()} == {"INBOX", "Projects"}
    other.close()
    us.close()


def live(server: MailServer, faults: str, folder: Path, seed: str) -> list[str]:
    """A week; what is wrong at its end."""
    return Week(server, folder / "crm.db", hash_of(seed), faults, steps=6).run()


def hash_of(words: str) -> int:
    """A seed that is the same in every run."""
    return sum(ord(sign) * (index + 1) for index, sign in enumerate(words))
