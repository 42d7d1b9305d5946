"""What a person can do with a letter that is on its way out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crm_tui.domain.errors import Refused
from crm_tui.services.account import accounts
from crm_tui.services.writing import drafts, outbox, outgoing
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import Draft, DraftFile, Outbox
from crm_tui.store.work import Work
from tests.services.conftest import Office

TWO = "olga@newco.example, boss@newco.example"


def queued(office: Office, **options: Any) -> int:
    with office.store.work(office.actor, "account.update") as work:
        accounts.update(work, office.account.key, smtp_host="127.0.0.1")
        chosen = options.get("send_at")
        writing = Writing(office.account.key, to=TWO, subject="Price", body="Good day!", send_at=chosen)
        return outgoing.queue(work, writing, **options).key


def become(office: Office, outbox_id: int, **values: Any) -> None:
    with office.store.facts("test") as work:
        work.change(work.get(Outbox, outbox_id), **values)


def do(office: Office, verb: Callable[[Work], Any]) -> Any:
    with office.store.work(office.actor, "outbox.test") as work:
        return verb(work)


def row(office: Office, outbox_id: int) -> Outbox:
    return do(office, lambda work: work.get(Outbox, outbox_id))


def test_mail_18_a_letter_waits_for_undo_for_its_time_or_for_the_job(office: Office) -> None:
    now = office.store.clock()
    at_once, longer = row(office, queued(office)), row(office, queued(office, hold=timedelta(seconds=30)))
    assert (at_once.next_try_at, at_once.not_before) == (now + outbox.CALL_BACK,) * 2
    assert longer.next_try_at == now + timedelta(seconds=30)
    tonight = now + timedelta(hours=6)
    later = row(office, queued(office, send_at=tonight, by_job=True))
    assert (later.next_try_at, later.not_before) == (tonight, tonight)
    with_job = row(office, queued(office, by_job=True))
    assert (with_job.next_try_at, with_job.not_before) == (outbox.WITH_THE_JOB, now + outbox.CALL_BACK)
    assert at_once.author_id == office.actor.user_id


def test_a_letter_is_stopped_hurried_and_sent_again(office: Office) -> None:
    waiting = queued(office, by_job=True)
    do(office, lambda work: outbox.send_now(work, waiting))
    assert row(office, waiting).next_try_at == office.store.clock()
    do(office, lambda work: outbox.cancel(work, waiting))
    assert row(office, waiting).status == "cancelled"
    become(office, waiting, status="failed", attempts=7, recipients=[],
           results={"olga@newco.example": [250, "ok"], "boss@newco.example": [550, "no"]})  # fmt: skip
    do(office, lambda work: outbox.retry(work, waiting))
    again = row(office, waiting)
    assert (again.status, again.recipients, again.attempts) == ("queued", ["boss@newco.example"], 0)


@pytest.mark.parametrize(
    ("status", "code"),
    [("sending", "letter_being_sent"), ("uncertain", "letter_uncertain"), ("sent", "letter_over")],
)
def test_what_is_not_ours_to_change_is_left(office: Office, status: str, code: str) -> None:
    waiting = queued(office)
    become(office, waiting, status=status, claimed_by="somebody", claim_until=office.store.clock())
    verbs: list[Callable[[Work, int], Any]] = [
        outbox.cancel,
        outbox.send_now,
        outbox.retry,
        outbox.edit_again,
    ]
    for verb in verbs:
        with pytest.raises(Refused) as refused, office.store.work(office.actor, "outbox.test") as work:
            verb(work, waiting)
        assert refused.value.code == code
    assert row(office, waiting).status == status


def test_a_stopped_letter_is_edited_again_for_those_who_lack_it(office: Office) -> None:
    whole, half = queued(office), queued(office)
    become(office, half, status="failed", recipients=[],
           results={"olga@newco.example": [250, "ok"], "boss@newco.example": [550, "no"]})  # fmt: skip
    made = [do(office, lambda work, key=key: outbox.edit_again(work, key)) for key in (whole, half)]
    with office.store.read() as connection:
        written = [drafts.draft(connection, draft_id) for draft_id in made]
    assert [one.to for one in written] == [TWO, "boss@newco.example"]
    assert (written[0].subject, written[0].body) == ("Price", "Good day!")
    assert row(office, whole).status == "cancelled"


@pytest.mark.parametrize("hours", [2, -2])
def test_the_chosen_time_of_a_letter_comes_back_with_it_while_it_is_to_come(
    office: Office, hours: int
) -> None:
    chosen = office.store.clock() + timedelta(hours=hours)
    waiting = queued(office, send_at=chosen)
    draft_id = do(office, lambda work: outbox.edit_again(work, waiting))
    with office.store.read() as connection:
        assert drafts.draft(connection, draft_id).send_at == (chosen if hours > 0 else None)


def test_the_files_of_a_letter_come_back_with_it(office: Office) -> None:
    waiting = queued(office)
    raw = (
        b"Message-ID: <1@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\n\r\nhi\r\n"
        b'--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="price.pdf"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n"
    )
    become(office, waiting, raw=raw)
    draft_id = do(office, lambda work: outbox.edit_again(work, waiting))
    (file,) = do(office, lambda work: work.all(DraftFile, draft_id=draft_id))
    assert (file.name, file.content_type, file.data, file.size) == (
        "price.pdf",
        "application/pdf",
        b"%PDF",
        4,
    )
    assert do(office, lambda work: work.find(Draft, id=draft_id)) is not None


def test_a_letter_that_nobody_wrote_here_is_not_edited(office: Office) -> None:
    waiting = queued(office)
    become(office, waiting, draft=None)
    with pytest.raises(Refused) as refused, office.store.work(office.actor, "outbox.test") as work:
        outbox.edit_again(work, waiting)
    assert refused.value.code == "letter_not_editable"


def test_a_person_says_what_became_of_an_uncertain_letter(office: Office) -> None:
    sent, lost = queued(office), queued(office)
    asked = {"olga@newco.example": [354, ""], "boss@newco.example": [451, "later"]}
    for key in (sent, lost):
        become(office, key, status="uncertain", phase="data", results=asked)
    do(office, lambda work: outbox.resolve_uncertain(work, sent, sent=True))
    do(office, lambda work: outbox.resolve_uncertain(work, lost, sent=False))
    known = row(office, sent)
    assert (known.status, known.recipients) == ("deferred", ["boss@newco.example"])
    assert known.results["olga@newco.example"][0] == 250
    again = row(office, lost)
    assert (again.status, len(again.recipients)) == ("queued", 2)
    with pytest.raises(Refused), office.store.work(office.actor, "outbox.test") as work:
        outbox.resolve_uncertain(work, sent, sent=True)
