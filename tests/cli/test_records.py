"""``crm task``, ``event``, ``interest`` and ``search``: the verbs of the screens, for scripts."""

import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from crm_tui.services import users
from crm_tui.services.interest import interests, scenarios
from crm_tui.store.engine import Store
from crm_tui.store.tables import User
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm
from tests.store import letters
from tests.waiting import LIMIT, eventually

TASK_KEYS = {
    "schema_version", "id", "title", "status", "due", "due_all_day", "priority", "kind", "interest_id", "interest",
    "customer", "urgency", "urgency_terms",
}  # fmt: skip


def add_interest(store: Store, name: str) -> int:
    owner = users.current(store).key
    with store.work(Actor("test"), "interest.add") as work:
        scenarios.ensure_shipped(work)
        return interests.add(work, name, owner_id=owner).key


def test_a_task_is_added_listed_and_done(crm: Crm) -> None:
    made = crm("task", "add", "Позвонить Айгүль завтра 10:00", "--json")
    assert made.code == 0
    task = made.json
    assert set(task) == TASK_KEYS
    assert (task["title"], task["due_all_day"]) == ("Позвонить Айгүль", False)
    due = datetime.fromisoformat(task["due"])
    assert due.tzinfo is not None
    assert (due.hour, due.minute) == (10, 0)
    assert [one["id"] for one in crm("task", "ls", "--json").json] == [task["id"]]
    assert crm("task", "done", task["id"]).code == 0
    assert crm("task", "ls", "--json").json == []
    assert crm("task", "done", task["id"]).code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "due"),
    [
        (["--due", "31.12.2030"], 0, "2030-12-31"),
        (["--due", "when it rains"], 2, None),
        (["--interest", "404"], 3, None),
    ],
)
def test_due_and_interest_of_a_task(crm: Crm, arguments: list[str], code: int, due: str | None) -> None:
    done = crm("task", "add", "Report", *arguments, "--json")
    assert done.code == code
    assert (done.json["due"] if code == 0 else None) == due
    assert len(crm("task", "ls", "--json").json) == (code == 0)


def test_tasks_come_from_standard_input_all_or_none(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("One 01.01.2031\n\nTwo 02.01.2031\n"))
    assert [one["title"] for one in crm("task", "add", "-", "--json").json] == ["One", "Two"]
    assert crm("task", "done", 1, 99).code == 3
    assert [one[0] for one in crm("task", "ls", "--plain", "--limit", 1).lines] == ["1"]
    assert len(crm("task", "ls", "--json").json) == 2


def test_foreign_text_brings_no_control_bytes(crm: Crm, store: Store) -> None:
    account = letters.account(store)
    inbox = letters.folder(store, account, "IN\x1b]0;BOX")
    letters.letter(
        store, inbox, "evil \x9b2J\x1b]52;c;YQ==\x07 \u202egnp", sender=("\x1b[31mA", "a@b.example")
    )
    for arguments in (
        ["mail", "ls"],
        ["mail", "ls", "--limit", "9"],
        ["search", "evil"],
        ["mail", "show", "1"],
    ):
        for form in (["--json"], [] if arguments[1] == "show" else ["--plain"], []):
            done = crm(*arguments, *form)
            assert done.code == 0
            assert not set(done.out) & {"\x1b", "\x9b", "\x07", "\u202e"}
            assert done.out.count("\t") == 0 or "--plain" in form
    assert crm("mail", "ls", "--limit", 1, "--json").json[0]["from_name"] == "\x1b[31mA"


def test_an_event_is_added_and_listed_by_days(crm: Crm) -> None:
    made = crm("event", "add", "Встреча с Олжасом 27.11.2030 15:00-16:30", "--location", "Office", "--json")
    assert made.code == 0
    assert (made.json["summary"], made.json["location"]) == ("Встреча с Олжасом", "Office")
    begins, ends = (datetime.fromisoformat(made.json[name]) for name in ("begins", "ends"))
    assert ends - begins == timedelta(minutes=90)
    listed = crm("event", "ls", "--from", "27.11.2030", "--to", "27.11.2030", "--json").json
    assert [one["id"] for one in listed] == [made.json["id"]]
    assert crm("event", "ls", "--from", "28.11.2030", "--json").json == []
    assert crm("event", "ls", "--from", "28.11.2030", "--to", "27.11.2030").code == 2
    assert crm("event", "ls", "--from", "yesteryear").code == 2
    assert crm("event", "add", "Nothing said of time").code == 2


def test_events_as_text(crm: Crm, store: Store) -> None:
    interest = add_interest(store, "Pump")
    crm("event", "add", "Выставка 05.12.2030", "--interest", interest)
    crm("event", "add", "Планёрка каждый понедельник 9:30")
    listed = crm("event", "ls", "--from", "05.12.2030", "--to", "09.12.2030", "--plain").lines
    assert [line[1:4] for line in listed] == [
        ["2030-12-05", "2030-12-05", "Выставка"],
        ["2030-12-09 09:30", "2030-12-09 10:30", "Планёрка"],
    ]
    assert "Выставка" in crm("interest", "show", interest).out
    assert crm("interest", "ls", "--plain").lines[0][:2] == [str(interest), "Pump"]
    assert crm("event", "add", "x 05.12.2030", "--interest", 404).code == 3
    assert len(crm("event", "ls", "--from", "05.12.2030", "--to", "05.12.2030", "--json").json) == 1


def test_interests_are_listed_and_shown(crm: Crm, store: Store) -> None:
    first = add_interest(store, "Насос ЦН-40")
    add_interest(store, "Compressor")
    assert len(crm("interest", "ls", "--json").json) == 2
    assert [one["id"] for one in crm("interest", "ls", "насос", "--json").json] == [first]
    crm("task", "add", "Send the offer", "--interest", first)
    shown = crm("interest", "show", first, "--json").json
    assert shown["name"] == "Насос ЦН-40"
    assert next((one["kind"], one["title"]) for one in shown["timeline"]) == ("task", "Send the offer")
    assert "Send the offer" in crm("interest", "show", first).out
    missing = crm("interest", "show", 404)
    assert (missing.code, missing.out) == (3, "")
    assert missing.err.startswith("crm: ")


def test_states_are_translated_for_people_and_stay_for_programs(
    crm: Crm, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_UI__LANGUAGE", "ru")
    first = add_interest(store, "Насос ЦН-40")
    assert "Встреча" in crm("interest", "ls").out
    shown = crm("interest", "show", first).out
    assert "Продажа: [Встреча] → Предложение" in shown
    assert "Meeting" not in shown
    assert crm("interest", "ls", "--json").json[0]["state"] == "Meeting"
    assert "Meeting" in crm("interest", "ls", "--plain").lines[0]


def test_search_finds_records_and_letters(crm: Crm, store: Store) -> None:
    add_interest(store, "Договор поставки")
    inbox = letters.folder(store, letters.account(store))
    letters.letter(store, inbox, "О договоре", "text")
    found = crm("search", "договор", "--json")
    assert found.code == 0
    assert [one["kind"] for one in found.json] == ["interest", "letter"]
    assert [line[0] for line in crm("search", "договор", "--plain").lines] == ["interest", "letter"]
    assert [line.split()[0] for line in crm("search", "договор").out.splitlines()[1:]] == [
        "Interest",
        "Letter",
    ]
    assert "not searched for: is:old" in crm("search", "договор", "is:old").err
    nothing = crm("search", "экскаватор", "--json")
    assert (nothing.code, nothing.json) == (3, [])


def test_another_program_sees_what_a_command_changed(store: Store) -> None:
    store.feed.drain()
    subprocess.run(
        [sys.executable, "-m", "crm_tui", "task", "add", "Seen at once"],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=LIMIT,
        env=os.environ,
    )
    topics = eventually(lambda: (store.feed.poll(), store.feed.drain())[1], "the change feed tells of it")
    assert "task" in topics


def test_times_are_those_of_the_persons_zone(crm: Crm, store: Store) -> None:
    user = users.current(store)
    with store.work(Actor("test"), "user.zone") as work:
        work.change(work.get(User, user.key), zone="Asia/Almaty")
    due = crm("task", "add", "x", "--due", "31.12.2030 10:00", "--json").json["due"]
    assert due == "2030-12-31T10:00:00+05:00"
    assert datetime.fromisoformat(due).astimezone(UTC).hour == 5


def test_history_tells_who_changed_what(crm: Crm) -> None:
    task = crm("task", "add", "Позвонить Айгүль", "--json").json
    crm("task", "done", task["id"])
    changes = crm("history", "task", task["id"], "--json").json
    done = next(one for one in changes if one["field"] == "status" and one["before"] == "open")
    assert (done["after"], done["act"]) == ("done", "task.done")
    assert datetime.fromisoformat(done["at"]).tzinfo is not None
    told = crm("history", "task", task["id"]).out
    assert "Позвонить Айгүль" in told
    assert "title_fold" not in told
    assert "task.done" not in told, "people are told in words"
    assert "task.done" in crm("history", "task", task["id"], "--plain").out
    assert crm("history", "task", "999").code == 3


def test_interests_are_moved_and_closed_as_on_the_board(crm: Crm, store: Store) -> None:
    first, second = (add_interest(store, name) for name in ("Pumps", "Valves"))
    moved = crm("interest", "move", first, second, "--to", "Proposal", "--comment", "fair", "--json")
    assert (moved.code, [one["id"] for one in moved.json]) == (0, [first, second])
    assert [one["state"] for one in crm("interest", "ls", "--json").json] == ["Proposal", "Proposal"]
    again = crm("interest", "move", first, "--to", "proposal")
    assert (again.code, "already" in again.err) == (1, True)
    assert crm("interest", "close", first, "--lost", "Because").code == 2
    assert crm("interest", "close", first, "--lost", "price", "--status", "too dear").code == 0
    assert crm("interest", "close", second, "--won").code == 0
    assert crm("interest", "ls", "--json").json == []
    card = crm("interest", "show", first, "--json").json
    assert (card["state"], card["close_reason"], card["short_status"]) == ("Lost", "price", "too dear")
    assert crm("interest", "move", first, "--to", "nowhere").code == 3
