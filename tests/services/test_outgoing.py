"""A letter on its way out: its bytes say what was typed, whatever was typed, and it waits to be called back."""

import email
import email.policy
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.parsing.letter import parse
from crm_tui.services.account import accounts
from crm_tui.services.interest import interests
from crm_tui.services.writing import draft_files, drafts, letter_build, letter_parts, outgoing
from crm_tui.services.writing.compose import Writing
from crm_tui.store.queries import timeline
from crm_tui.store.tables import Draft, Interaction, Letter, LetterLink, Outbox
from crm_tui.store.undo import undo
from tests.services.conftest import Office
from tests.stores import START

ALMATY = timezone(timedelta(hours=5))


def build(**changes: object) -> bytes:
    values: dict[str, object] = {
        "sender": ("Aliya", "sales@office.example"),
        "to": [("Olga Kim", "olga@newco.example")],
        "cc": [],
        "subject": "Price",
        "body": "Good day!\n",
        "message_id": "1@office.example",
        "answered": None,
        "at": START.astimezone(ALMATY),
    }
    return letter_build.build(**(values | changes))  # type: ignore[arg-type]


def can_send(office: Office) -> Writing:
    with office.store.work(office.actor, "account.update") as work:
        accounts.update(work, office.account.key, smtp_host="127.0.0.1", sender_name="Алия, отдел продаж")
    return Writing(office.account.key, to="olga@newco.example", subject="Цена", body="Здравствуйте!")


def test_what_was_typed_is_what_is_read() -> None:
    raw = build(
        to=[("Ким, Ольга", "olga@newco.example"), ("", "boss@newco.example")],
        cc=[('Anna "Ann" O\'Neil', "ann@x.example")],
        subject="Цена на двадцать насосов ЭЦВ 6-10-140 и доставку до склада заказчика в Караганде",
        body="Добрый день!\nЦена — 5 000 ₸.\n.\nFrom here on\n" + "x" * 3000,
    )
    read = parse(raw)
    assert [(box.name, box.address) for box in read.to] == [
        ("Ким, Ольга", "olga@newco.example"),
        ("", "boss@newco.example"),
    ]
    assert [(box.name, box.address) for box in read.cc] == [('Anna "Ann" O\'Neil', "ann@x.example")]
    assert read.subject.startswith("Цена на двадцать насосов")
    assert read.subject.endswith("в Караганде")
    assert read.text.splitlines()[:4] == ["Добрый день!", "Цена — 5 000 ₸.", ".", "From here on"]
    assert "x" * 3000 in read.text
    assert read.date == START
    assert read.problems == ()


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@given(subject=text, body=text, name=text)
def test_48_any_text_makes_one_letter_of_short_ascii_lines(subject: str, body: str, name: str) -> None:
    raw = build(subject=subject, body=body, to=[(name, "olga@newco.example")], sender=(name, "me@x.example"))
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\r" not in raw.replace(b"\r\n", b"")
    read = parse(raw)
    assert read.subject == " ".join(clean(subject).split())
    assert [box.address for box in read.to] == ["olga@newco.example"]
    other = email.message_from_bytes(raw, policy=email.policy.default)
    assert sorted(set(other.keys())) == sorted(set(other.keys()) & set(outgoing_fields()))
    assert [box.addr_spec for box in other["To"].addresses] == ["olga@newco.example"]


def outgoing_fields() -> list[str]:
    return [
        "From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding",
    ]  # fmt: skip


def test_a_name_with_a_comma_makes_no_second_recipient() -> None:
    raw = build(to=[("Ivan, evil@evil.example " + "и" * 100, "d@e.example")])
    other = email.message_from_bytes(raw, policy=email.policy.default)
    assert [box.addr_spec for box in other["To"].addresses] == ["d@e.example"]


def test_a_reply_names_what_it_answers_and_leaves_out_what_would_break_the_header() -> None:
    answered = Letter(
        identity="x",
        size=1,
        date=START,
        message_id="last@x.example",
        references=" ".join(f"{'r' * 100}{number}@x.example" for number in range(30)) + " é@x <bad>",
    )
    raw = build(answered=answered)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 200
    read = parse(raw)
    assert read.in_reply_to == "last@x.example"
    assert read.references[0] == "r" * 100 + "0@x.example"
    assert read.references[-1] == "last@x.example"
    assert len(read.references) == letter_build.MOST_REFERENCES


def test_c_10_the_letter_waits_ten_seconds_and_undo_calls_it_back_with_its_draft(office: Office) -> None:
    writing = can_send(office)
    with office.store.facts("draft.save") as work:
        draft_id = drafts.save(work, None, writing)
    with office.store.work(office.actor, "review.send") as work:
        row = outgoing.queue(work, writing, draft_id)
        assert work.all(Draft) == []
    assert row.next_try_at == office.clock() + timedelta(seconds=10)
    assert row.recipients == ["olga@newco.example"]
    assert parse(row.raw).message_id == row.message_id
    assert parse(row.raw).sender.name == "Алия, отдел продаж"
    assert b"+0500" in row.raw
    undo(office.store, office.actor)
    with office.store.facts("look") as work:
        assert work.all(Outbox) == []
        assert [draft.key for draft in work.all(Draft)] == [draft_id]


def test_a_content_made_before_is_not_made_while_the_store_is_held(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = can_send(office)
    with office.store.facts("draft.save") as work:
        draft_id = drafts.save(work, None, writing)
    really, times = letter_parts.content, []
    monkeypatch.setattr(letter_parts, "content", lambda *told: (times.append(1), really(*told))[1])
    with office.store.read() as connection:
        made = outgoing.content(connection, writing, draft_id)
    with office.store.work(office.actor, "review.send") as work:
        assert outgoing.queue(work, writing, draft_id, made=made).raw.endswith(made.data)
    assert len(times) == 1


def test_a_content_made_before_is_made_anew_when_a_file_came_since(office: Office) -> None:
    writing = can_send(office)
    with office.store.facts("draft.save") as work:
        draft_id = drafts.save(work, None, writing)
        made = outgoing.content(work.connection, writing, draft_id)
        draft_files.attach(work, draft_id, "price.txt", b"100", "text/plain")
    with office.store.work(office.actor, "review.send") as work:
        assert b"price.txt" in outgoing.queue(work, writing, draft_id, made=made).raw


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("", "recipient_missing"),
        ("Olga", "not_an_address"),
        ("a@b.example, c d@e.example", "not_an_address"),
        ("почта@пример.рф", "address_not_ascii"),
        ("a@b.example\r\nBcc: evil@evil.example", "line_break_in_header"),
    ],
)
def test_what_cannot_be_sent_to_is_refused(office: Office, to: str, code: str) -> None:
    writing = Writing(can_send(office).account_id, to=to)
    with pytest.raises(Invalid) as told, office.store.work(office.actor, "review.send") as work:
        outgoing.queue(work, writing)
    assert told.value.code == code


def test_a_domain_in_letters_of_its_own_goes_in_ascii() -> None:
    assert letter_build.mailboxes("Почта <info@пример.рф>") == [("Почта", "info@xn--e1afmkfd.xn--p1ai")]


def test_an_account_without_a_server_to_send_by_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="account_cannot_send"), office.store.work(office.actor, "x") as work:
        outgoing.queue(work, Writing(office.account.key, to="a@b.example"))


def test_a_sent_letter_stands_on_the_timeline_of_its_interest_once(office: Office) -> None:
    writing = can_send(office)
    with office.store.work(office.actor, "interest.create") as work:
        interest = interests.add(work, "Pumps", scenario="sale", owner_id=office.user.key)
    with office.store.work(office.actor, "review.send") as work:
        row = outgoing.queue(work, Writing(writing.account_id, writing.to, interest_id=interest.key))
    with office.store.read() as connection:
        assert "outgoing" in {entry.kind for entry in timeline.of_interest(connection, interest.key)}
    filed = office.letter("Цена", folder="sent")
    for _time in range(2):
        with office.store.facts("outbox.file") as work:
            outgoing.sent(work, row, filed.letter_id)
            work.change(work.get(Outbox, row.key), letter_id=filed.letter_id)
    with office.store.facts("look") as work:
        [link] = work.all(LetterLink)
        assert (link.record_id, link.letter_id) == (interest.key, filed.letter_id)
        [act] = work.all(Interaction, kind="letter")
        assert (act.direction, act.interest_id) == ("out", interest.key)
    with office.store.read() as connection:
        kinds = [entry.kind for entry in timeline.of_interest(connection, interest.key)]
    assert kinds.count("letter") == 1
    assert "outgoing" not in kinds
