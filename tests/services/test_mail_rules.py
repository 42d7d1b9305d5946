"""Processing rules: made, ordered, tried, run over a folder, and at work on what arrives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_tui.domain.conditions.condition import Condition, Group, Leaf
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.condition_fields import Operator
from crm_tui.domain.errors import CrmError, Invalid, Refused
from crm_tui.domain.letter.flags import Flag
from crm_tui.domain.wall import zone_of
from crm_tui.services import messages, users
from crm_tui.services.letter import mail_rule_arrival, mail_rules
from crm_tui.services.party import customers
from crm_tui.services.ports import Ports
from crm_tui.store import undo
from crm_tui.store.tables import (
    Folder,
    Inquiry,
    Interest,
    JournalEntry,
    JournalRow,
    LetterLink,
    MailAccount,
    MailRule,
    Notification,
    Outbox,
    Placement,
    Task,
)
from tests.screens.mailbox import Mailbox
from tests.stores import TestClock, new_store

NEWS = Leaf("sender", Operator.CONTAINS, "news@")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    store = new_store(tmp_path, TestClock())
    user = users.current(store)
    made = Mailbox(Ports(store, users.actor_of(user), clock=store.clock, zone="Asia/Almaty"))
    with store.facts("setup") as work:
        account = work.get(MailAccount, made.account_id)
        work.change(account, owner_id=user.key, last_complete_pass=1, smtp_host="smtp.office.example")
    yield made
    store.close()


def make(box: Mailbox, wanted: Condition, *actions: dict[str, Any], name: str = "Rule") -> int:
    with box.store.work(box.ports.actor, "mail_rule.add") as work:
        return mail_rules.add(work, box.account_id, name, wanted, actions).key


def arrives(box: Mailbox, *places: int) -> None:
    with box.store.arrivals("sync.headers") as work:
        mail_rule_arrival.arrived(work, box.folders["inbox"], places)


def rows(box: Mailbox, model: Any, **where: Any) -> list[Any]:
    with box.store.facts("look") as work:
        return work.all(model, **where)


def news(box: Mailbox, subject: str = "News", **more: Any) -> int:
    return box.letter(subject, "Buy pumps now", sender="Pump news <news@pumps.example>", **more)


def to(box: Mailbox, name: str) -> dict[str, Any]:
    return {"do": "move", "folder_id": box.folder(name)}


def test_mail_52_the_first_rule_that_holds_acts_and_no_other(box: Mailbox) -> None:
    first, second = to(box, "First"), to(box, "Second")
    make(box, Leaf("subject", Operator.CONTAINS, "nothing"), {"do": "mark", "important": True})
    rule = make(box, NEWS, first, {"do": "mark", "read": True}, name="Newsletters")
    make(box, Group("all", (NEWS, Leaf("subject", Operator.FILLED))), second)
    news_letter, other = news(box), box.letter()
    arrives(box, news_letter, other)
    assert box.place(news_letter).folder_id == first["folder_id"]
    assert box.is_read(news_letter)
    assert box.place(other).folder_id == box.folders["inbox"]
    with box.store.work(box.ports.actor, "mail_rule.shift") as work:
        mail_rules.shift(work, rule, 1)
    later = news(box)
    arrives(box, later)
    assert box.place(later).folder_id == second["folder_id"]
    entries = [one for one in rows(box, JournalEntry) if one.command == "mail_rule.arrived"]
    assert [one.actor for one in entries] == ["rule:Newsletters", "rule:Rule"]
    assert not any(one.undoable for one in entries), "u does not undo what a rule did to what arrived"


def test_mail_52_two_rules_in_one_batch_stand_apart_in_the_journal(box: Mailbox) -> None:
    make(box, NEWS, {"do": "mark", "important": True}, name="One")
    make(box, Leaf("subject", Operator.FILLED), {"do": "mark", "read": True}, name="Other")
    places = news(box), box.letter()
    arrives(box, *places)
    entries = [one for one in rows(box, JournalEntry) if one.command == "mail_rule.arrived"]
    assert [one.actor for one in entries] == ["rule:One", "rule:Other"]
    for place, entry in zip(places, entries, strict=True):
        (changed,) = rows(box, JournalRow, entry_id=entry.key, table_name="placement")
        assert changed.row_id == place


def test_mail_52_what_lay_in_the_mailbox_at_first_and_other_folders_are_left_alone(box: Mailbox) -> None:
    target = to(box, "News")
    make(box, NEWS, target)
    with box.store.facts("setup") as work:
        work.change(work.get(MailAccount, box.account_id), last_complete_pass=0)
    old = news(box)
    arrives(box, old)
    assert box.place(old).folder_id == box.folders["inbox"]
    sent = news(box, folder="sent")
    with box.store.arrivals("sync.headers") as work:
        work.connection.exec_driver_sql("UPDATE mail_account SET last_complete_pass = 1")
        mail_rule_arrival.arrived(work, box.folders["sent"], [sent])
    assert box.place(sent).folder_id == box.folders["sent"]


def test_mail_52_a_rule_that_asks_for_the_text_waits_for_the_body(box: Mailbox) -> None:
    by_text, by_sender = to(box, "Pumps"), to(box, "News")
    make(box, Leaf("text", Operator.CONTAINS, "pump"), by_text)
    make(box, NEWS, by_sender)
    place = news(box, has_body=False)
    arrives(box, place)
    assert box.place(place).rules_wait
    assert box.place(place).folder_id == box.folders["inbox"]
    with box.store.arrivals("sync.bodies") as work:
        letter_id = work.get(Placement, place).letter_id
        work.connection.exec_driver_sql("UPDATE letter SET body_state = 'full' WHERE id = ?", (letter_id,))
        work.connection.exec_driver_sql(
            "INSERT INTO letter_text (letter_id, text) VALUES (?, 'Buy our pumps')", (letter_id,)
        )
        mail_rule_arrival.bodies_came(work, [letter_id])
    assert box.place(place).folder_id == by_text["folder_id"]
    assert not box.place(place).rules_wait


BEYOND = [
    "UPDATE mail_account SET size_limit = 1",
    "UPDATE mail_account SET age_limit_days = 1; UPDATE placement SET date_key = 0",
    "UPDATE folder SET age_limit_days = 1; UPDATE placement SET date_key = 0",
    "UPDATE folder SET sync_mode = 'headers'",
    "UPDATE letter SET body_state = 'unfetchable'",
]


@pytest.mark.parametrize("setup", BEYOND)
def test_mail_52_a_rule_does_not_wait_for_a_body_that_is_not_fetched(box: Mailbox, setup: str) -> None:
    by_sender = to(box, "By sender")
    make(box, Leaf("text", Operator.CONTAINS, "pump"), {"do": "mark", "important": True}, name="Pumps")
    make(box, NEWS, by_sender)
    one, two = news(box, "One", has_body=False), news(box, "Two", has_body=False)
    with box.store.arrivals("setup") as work:
        for statement in setup.split(";"):
            work.connection.exec_driver_sql(statement)
    arrives(box, one, two)
    assert [box.place(place).folder_id for place in (one, two)] == [by_sender["folder_id"]] * 2
    assert not box.place(one).rules_wait
    (told,) = rows(box, Notification, code="rule_passed_over")
    assert messages.of_notification(told.code, told.facts).endswith("One")


def test_mail_52_a_rule_waits_only_where_the_body_makes_the_difference(box: Mailbox) -> None:
    target = to(box, "By sender")
    text = Leaf("text", Operator.CONTAINS, "pump")
    make(box, Group("all", (Leaf("sender", Operator.CONTAINS, "boss@"), text)), {"do": "mark", "read": True})
    make(box, NEWS, target)
    place = news(box, has_body=False)
    arrives(box, place)
    assert box.place(place).folder_id == target["folder_id"]


def test_mail_52_a_body_that_is_given_up_is_waited_for_no_longer(box: Mailbox) -> None:
    target = to(box, "By sender")
    make(box, Leaf("text", Operator.CONTAINS, "pump"), {"do": "mark", "important": True})
    make(box, NEWS, target)
    place = news(box, has_body=False)
    arrives(box, place)
    with box.store.arrivals("sync.bodies") as work:
        letter_id = work.get(Placement, place).letter_id
        work.connection.exec_driver_sql("UPDATE letter SET body_state = 'unfetchable'")
        mail_rule_arrival.bodies_came(work, [letter_id])
    assert box.place(place).folder_id == target["folder_id"]


def test_mail_51_what_a_rule_can_do(box: Mailbox) -> None:
    customer_id = box.customer("Pump plant", "news@pumps.example")
    make(
        box,
        NEWS,
        {"do": "mark", "important": True},
        {"do": "keyword", "word": "Pumps"},
        {"do": "link", "kind": "customer", "id": customer_id},
        {"do": "task", "title": "", "days": 2},
        {"do": "accept"},
        {"do": "forward", "to": "boss@office.example"},
    )
    place = news(box, "20 pumps")
    arrives(box, place)
    placement = box.place(place)
    assert placement.flags & Flag.FLAGGED
    assert placement.keywords == ["Pumps"]
    assert [one.record_id for one in rows(box, LetterLink, kind="customer")] == [customer_id]
    task = next(one for one in rows(box, Task) if one.title == "20 pumps")
    assert task.due_all_day
    assert [one.status for one in rows(box, Inquiry)] == ["accepted"]
    (interest,) = rows(box, Interest)
    assert interest.customer_id == customer_id
    (queued,) = rows(box, Outbox)
    assert queued.recipients == ["boss@office.example"]
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in b"\r\n" + queued.raw
    assert b"Subject: Fwd: 20 pumps" in queued.raw


def test_mail_51_nothing_is_forwarded_in_a_circle(box: Mailbox) -> None:
    with pytest.raises(Refused):
        make(box, NEWS, {"do": "forward", "to": "Office@office.example"})
    make(box, Leaf("subject", Operator.FILLED), {"do": "forward", "to": "boss@there.example"})
    once = box.letter("Once")
    arrives(box, once)
    arrives(box, once)
    assert len(rows(box, Outbox)) == 1, "a letter is sent on once"
    from_boss = box.letter("Answer", sender="Boss <boss@there.example>")
    report = box.letter("Not delivered")
    (sent,) = rows(box, Outbox)
    came_back = box.letter("Fwd: Once")
    with box.store.facts("setup") as work:
        for place, raw in ((report, None), (came_back, sent.raw)):
            letter_id = work.get(Placement, place).letter_id
            if raw is None:
                work.connection.exec_driver_sql(
                    "UPDATE letter SET kind = 'bounce' WHERE id = ?", (letter_id,)
                )
            else:
                work.connection.exec_driver_sql(
                    "UPDATE letter_raw SET raw = ? WHERE letter_id = ?", (raw, letter_id)
                )
    arrives(box, from_boss, report, came_back)
    assert len(rows(box, Outbox)) == 1


def test_mail_52_a_folder_that_is_gone_is_told_once_and_the_letter_stays(box: Mailbox) -> None:
    gone = to(box, "Gone")
    make(box, NEWS, {"do": "mark", "important": True}, gone, name="To a lost folder")
    with box.store.facts("setup") as work:
        work.change(work.get(Folder, gone["folder_id"]), hidden=True)
    one, two = news(box), news(box)
    arrives(box, one, two)
    assert [box.place(place).folder_id for place in (one, two)] == [box.folders["inbox"]] * 2
    assert not box.place(one).flags & Flag.FLAGGED, "all of it, or nothing"
    (told,) = rows(box, Notification, code="rule_failed")
    assert (told.facts["rule"], told.facts["reason"]) == ("To a lost folder", "rule_folder_gone")
    assert messages.ERRORS["rule_folder_gone"] in messages.of_notification(told.code, told.facts)


def test_mail_52_a_trial_says_what_would_move_and_one_undo_takes_all_back(box: Mailbox) -> None:
    target = to(box, "News")
    letters = [news(box) for _ in range(3)]
    other = box.letter()
    asked = Context(box.store.clock(), zone_of("UTC"))
    with box.store.read() as connection:
        name, wanted = mail_rules.from_letter(connection, letters[0])
        trial = mail_rules.trial(connection, wanted, asked, box.folders["inbox"], 2)
    assert (trial.matching, trial.total) == (3, 4)
    assert [row.id for row in trial.examples] == letters[:2]
    assert name == "Pump news"
    with box.store.work(box.ports.actor, "mail_rule.add") as work:
        _row, ran = mail_rules.add_and_run(work, box.account_id, name, wanted, [target], box.folders["inbox"])
    assert ran.acted == 3
    assert {box.place(place).folder_id for place in letters} == {target["folder_id"]}
    assert box.place(other).folder_id == box.folders["inbox"]
    undo.undo(box.store, box.ports.actor)
    assert {box.place(place).folder_id for place in letters} == {box.folders["inbox"]}
    assert rows(box, MailRule) == []


def test_mail_52_run_now_over_a_folder_heeds_the_order_and_forwards_nothing(box: Mailbox) -> None:
    first = to(box, "First")
    make(box, Leaf("subject", Operator.BEGINS, "special"), first, {"do": "forward", "to": "a@b.example"})
    lost = to(box, "Lost")
    make(box, NEWS, lost, name="Lost")
    with box.store.facts("setup") as work:
        work.change(work.get(Folder, lost["folder_id"]), hidden=True)
    special, plain = news(box, "Special news"), news(box)
    with box.store.work(box.ports.actor, "mail_rule.run") as work:
        ran = mail_rules.run(work, box.folders["inbox"])
    assert ran.acted == 1
    assert list(ran.failures) == ["Lost"]
    assert box.place(special).folder_id == first["folder_id"]
    assert box.place(plain).folder_id == box.folders["inbox"]
    assert rows(box, Outbox) == []


@pytest.mark.parametrize(
    ("wanted", "actions", "code"),
    [
        (Group("all"), [{"do": "mark", "read": True}], "rule_without_condition"),
        (NEWS, [], "rule_does_nothing"),
        (NEWS, [{"do": "shell", "command": "rm"}], "rule_action_unknown"),
        (NEWS, [{"do": "mark"}], "rule_action_unknown"),
        (NEWS, [{"do": "move", "folder_id": "3"}], "rule_action_unknown"),
        (NEWS, [{"do": "move", "folder_id": 999}], "rule_folder_gone"),
        (NEWS, [{"do": "keyword", "word": "two words"}], "rule_keyword"),
        (NEWS, [{"do": "link", "kind": "interest", "id": 999}], "rule_record_gone"),
        (NEWS, [{"do": "forward", "to": "nobody"}], "not_an_address"),
    ],
)
def test_mail_51_what_is_no_rule_is_refused(
    box: Mailbox, wanted: Condition, actions: list[dict[str, Any]], code: str
) -> None:
    with pytest.raises(CrmError) as error:
        make(box, wanted, *actions)
    assert error.value.code == code
    assert isinstance(error.value, Invalid | Refused)
    assert rows(box, MailRule) == []


def test_mail_51_a_condition_asks_who_decided_and_whether_it_belongs_to_an_interest(box: Mailbox) -> None:
    target = to(box, "Known")
    make(
        box,
        Group(
            "all",
            (Group("not", (Leaf("linked", Operator.EQUALS, True),)), Leaf("owner", Operator.EQUALS, "me")),
        ),
        target,
    )
    place = box.letter()
    with box.store.work(box.ports.actor, "setup") as work:
        customers.add(work, "Plant", owner_id=box.ports.actor.user_id)
    arrives(box, place)
    assert box.place(place).folder_id == target["folder_id"]
