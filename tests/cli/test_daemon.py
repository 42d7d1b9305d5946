"""``crm daemon``: reminders, processes and mail while no screen is open (L-24)."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui.services import users
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.process import trigger_tick, triggers
from crm_tui.services.process.trigger_words import AT, SHIPPED
from crm_tui.services.task import reminders, tasks
from crm_tui.store.engine import Store
from crm_tui.store.tables import Notification, Reminder
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm
from tests.waiting import LIMIT, eventually


def remind(store: Store, text: str, *, ago: timedelta = timedelta(minutes=1)) -> int:
    """A task of which the person is to be reminded, since a minute ago."""
    me = users.current(store).key
    with store.work(Actor("test", me), "setup") as work:
        task = tasks.add(work, text, assignee_id=me)
        due_at = work.now - ago
        reminders.schedule(
            work, user_id=me, subject_kind="task", subject_id=task.key, text=text, due_at=due_at, subject_at=due_at
        )  # fmt: skip
        return task.key


def waiting(store: Store) -> list[str]:
    """What the screens will show when they are opened."""
    with store.read() as connection:
        return [one.text for one in reminders.fired(connection, users.current(store).key)]


def test_l_24_what_is_due_is_told_once_and_waits_for_the_screens(
    crm: Crm, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = remind(store, "Позвонить Айгуль")
    done = crm("daemon", "--once")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("  Something new in the CRM.\n"), (
        "what is kept in a log says no more than it may"
    )
    assert crm("daemon", "--once").out == ""
    assert waiting(store) == ["Позвонить Айгуль"]
    monkeypatch.setenv("CRM_NOTIFY__PRIVATE", "false")
    remind(store, "Send the offer")
    told = json.loads(crm("daemon", "--once", "--json").out)
    assert (told["text"], told["kind"]) == ("Send the offer", "task")
    assert told["record_id"] > task_id


def test_l_24_a_program_of_ones_own_tells_and_is_tried_again(
    crm: Crm, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    heard = tmp_path / "heard"
    write = f"import sys; open({str(heard)!r}, 'a').write(sys.stdin.read())"
    monkeypatch.setenv("CRM_NOTIFY__METHOD", "command")
    monkeypatch.setenv("CRM_NOTIFY__PRIVATE", "false")
    monkeypatch.setenv("CRM_NOTIFY__COMMAND", "/nonexistent/notify")
    remind(store, "$(touch x); Позвонить")
    done = crm("daemon", "--once")
    assert done.code == 1
    assert "/nonexistent/notify" in done.err
    monkeypatch.setenv("CRM_NOTIFY__COMMAND", f'{sys.executable} -c "{write}"')
    assert crm("daemon", "--once").code == 0
    assert not heard.exists(), "the claim stands for a while"
    with store.facts("time passes") as work:
        for one in work.all(Reminder):
            work.change(one, fired_at=work.now - 2 * reminders.CLAIM_LEASE)
    assert crm("daemon", "--once").code == 0
    assert heard.read_text("utf-8") == "$(touch x); Позвонить"
    assert crm("daemon", "--once").out == ""


def test_l_24_processes_and_triggers_go_on_without_screens(crm: Crm, store: Store) -> None:
    """A trigger at a time of day that has come already, whatever the hour is here."""
    me = users.current(store).key
    at_any_time = replace(next(one for one in SHIPPED if one.event.startswith(AT)), event=f"{AT}00:00")
    with store.work(users.actor_of(users.current(store)), "setup") as work:
        scenarios.ensure_shipped(work)
        interests.add(work, "Pumps", owner_id=me)
        triggers.add(work, at_any_time)
    assert crm("daemon", "--once").code == 0
    assert crm("daemon", "--once").code == 0
    with store.facts("look") as work:
        assert [(one.code, one.user_id) for one in work.all(Notification)] == [(trigger_tick.DIGEST, me)]


def test_l_24_a_daemon_reminds_until_it_is_told_to_end(crm: Crm, store: Store) -> None:
    """Ctrl+C ends it as it ends ``crm sync``, whose test says so."""
    environment = os.environ | {"CRM_NOTIFY__PRIVATE": "false"}
    with subprocess.Popen(
        [sys.executable, "-m", "crm_tui", "daemon", "--no-mail", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as program:
        try:
            remind(store, "Before")
            eventually(lambda: waiting(store) == ["Before"], "it reminds")
            remind(store, "Meanwhile")
            eventually(lambda: len(waiting(store)) == 2, "it sees what other programs write")
            second = crm("daemon", "--once")
            assert second.code == 5
            assert f"process {program.pid}" in second.err
            program.send_signal(signal.SIGTERM)
            out, err = program.communicate(timeout=LIMIT)
            assert program.returncode == 0, err
            assert [json.loads(line)["text"] for line in out.splitlines()] == ["Before", "Meanwhile"]
            assert err == b""
        finally:
            program.kill()
    assert crm("daemon", "--once", "--no-mail").code == 0, "nobody is in its way now"
