"""Claims of letters in a group mailbox: for colleagues at the same store, and as keywords on the server (B8)."""

import pytest

from crm_tui.domain.letter.flags import CLAIMED, PROCESSED
from crm_tui.services import users
from crm_tui.services.inquiry import inquiries
from crm_tui.services.letter import claims, mail
from crm_tui.store import undo
from crm_tui.store.queries import claims as queries
from crm_tui.store.queries.claims import Shared
from crm_tui.store.tables import LetterClaim, MailAccount, Placement
from tests.services.conftest import Office


@pytest.fixture
def place(office: Office) -> Placement:
    """A letter in a group mailbox."""
    with office.store.facts("setup") as work:
        work.change(work.get(MailAccount, office.account.key), shared=True)
    return office.letter()


def colleague(office: Office) -> int:
    with office.store.facts("setup") as work:
        return users.ensure(work, "ivan").key


def seen_by(office: Office, user_id: int | None, place: Placement) -> Shared:
    with office.store.read() as connection:
        found = queries.of_places(connection, [place.key], user_id, office.store.clock())
    return found.get(place.key, Shared())


def keywords(office: Office, place: Placement) -> list[str]:
    with office.store.facts("look") as work:
        return list(work.get(Placement, place.key).keywords)


def test_b8_l_08_a_claim_is_seen_by_others_until_it_is_released(office: Office, place: Placement) -> None:
    ivan = colleague(office)
    with office.store.facts("claim") as work:
        assert claims.claim(work, place.letter_id, ivan)
    mine = seen_by(office, office.actor.user_id, place)
    assert (mine.is_held, mine.holder, mine.answering) == (True, "ivan", False)
    assert seen_by(office, ivan, place) == Shared()
    assert keywords(office, place) == [CLAIMED]
    with office.store.facts("release") as work:
        claims.release(work, place.letter_id, ivan)
    assert seen_by(office, office.actor.user_id, place) == Shared()
    assert keywords(office, place) == []


def test_b8_a_claim_ends_by_itself(office: Office, place: Placement) -> None:
    ivan = colleague(office)
    with office.store.facts("claim") as work:
        claims.claim(work, place.letter_id, ivan)
    office.clock.move(minutes=claims.OPEN_MINUTES)
    assert not seen_by(office, office.actor.user_id, place).holder
    with office.store.facts("expire") as work:
        claims.expire(work)
        assert work.all(LetterClaim) == []
    assert keywords(office, place) == []


def test_b8_the_claim_of_an_answer_outlives_the_reader(office: Office, place: Placement) -> None:
    ivan, me = colleague(office), office.actor.user_id or 0
    for user_id, answering in ((ivan, False), (ivan, True), (me, False)):
        with office.store.facts("claim") as work:
            claims.claim(work, place.letter_id, user_id, answering=answering)
    with office.store.facts("release") as work:
        claims.release(work, place.letter_id, ivan)
    assert seen_by(office, me, place).answering
    with office.store.facts("release") as work:
        claims.release(work, place.letter_id, ivan, answered=True)
    assert keywords(office, place) == [CLAIMED]  # I have it open still
    assert seen_by(office, me, place) == Shared()


def test_b8_another_program_is_known_by_its_keywords(office: Office, place: Placement) -> None:
    with office.store.facts("sync") as work:
        mail.set_keyword(work, [place.key], CLAIMED.upper())
        mail.set_keyword(work, [place.key], PROCESSED)
    assert seen_by(office, office.actor.user_id, place) == Shared(is_held=True, processed_elsewhere=True)


def test_c_17_a_decision_is_a_keyword_and_an_undo_takes_it_back(office: Office, place: Placement) -> None:
    with office.store.work(office.actor, "inquiry.decline") as work:
        inquiries.decline(work, place.letter_id, "Not for us")
    assert keywords(office, place) == [PROCESSED]
    assert seen_by(office, None, place).decided_by
    undo.undo(office.store, office.actor)
    assert keywords(office, place) == []


def test_nothing_is_claimed_in_a_mailbox_of_ones_own(office: Office) -> None:
    place = office.letter()
    with office.store.facts("claim") as work:
        assert not claims.claim(work, place.letter_id, office.actor.user_id or 0)
    assert keywords(office, place) == []
    assert seen_by(office, None, place) == Shared()
