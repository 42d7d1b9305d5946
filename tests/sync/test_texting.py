"""Text messages go out by a program of the settings: once, tried again, told of, called back (RM-16)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crm_tui import config
from crm_tui.domain.route.route_map import Point, RuleAction, Step, StepEvent, StepRule
from crm_tui.services.party import leads
from crm_tui.services.process import process_hold, processes
from crm_tui.services.writing import letter_templates
from crm_tui.store import undo
from crm_tui.store.tables import Notification
from crm_tui.store.tables.processes import TextMessage
from crm_tui.sync import texting
from tests.services.conftest import floor, office
from tests.services.process_office import Floor, sale

__all__ = ["floor", "office"]

NUMBER = "+77011234567"
SEND = """#!/bin/sh
printf '%s|' "$@" >> "$OUT"; cat >> "$OUT"; printf '\\n' >> "$OUT"
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Set a program that ends with these lines; answers the file that it writes what it got into."""
    got = tmp_path / "got"
    monkeypatch.setenv("OUT", str(got))

    def write(ends: str, seconds: float = 30) -> Path:
        script = tmp_path / "send sms"
        script.write_text(SEND + ends, "utf-8")
        script.chmod(0o700)
        settings = f"[sms]\ncommand = \"'{script}' --to\"\nseconds = {seconds}\n"
        config.config_file().write_text(settings, "utf-8")
        return got

    return write


def told(floor: Floor) -> int:
    """An Interest whose first step writes a message to the lead; it waits to be sent."""
    rule = StepRule(StepEvent.ENTERING, RuleAction.SMS, None, "Soon", to_client=True)
    drawn = sale()
    floor.enforce(replace(drawn, points=tuple(_with(rule, one) for one in drawn.points)))
    with floor.work("setup") as work:
        letter_templates.add(work, "Soon", subject="", body="До встречи, {{ contact.name }}; $(rm -rf /)")
        lead = leads.add(work, "Ольга", infos=[("phone", NUMBER)]).key
    return floor.interest(lead_id=lead)


def _with(rule: StepRule, point: Point) -> Point:
    return replace(point, rules=(rule,)) if isinstance(point, Step) and point.id == "meeting" else point


def message(floor: Floor) -> TextMessage:
    with floor.work() as work:
        (row,) = work.all(TextMessage)
        return row


def codes(floor: Floor) -> list[str]:
    with floor.work() as work:
        return [one.code for one in work.all(Notification)]


def test_rm_16_a_message_is_handed_to_the_program_once_after_it_could_be_called_back(
    floor: Floor, program: Callable[..., Path]
) -> None:
    got = program("")
    told(floor)
    assert texting.send_due(floor.store) == 0, "it can still be called back"
    floor.office.clock.move(seconds=11)
    with floor.store.read() as connection:
        assert process_hold.any_texts(connection)
    assert (texting.send_due(floor.store), texting.send_due(floor.store)) == (1, 0)
    assert got.read_text("utf-8") == f"--to|{NUMBER}|До встречи, Ольга; $(rm -rf /)\n", "no shell reads it"
    row = message(floor)
    assert (row.status, row.sent_at, row.attempts) == ("sent", floor.office.clock.now, 1)
    undo.undo(floor.store, floor.office.actor)
    assert message(floor).status == "sent", "what has gone stays gone"


def test_rm_16_what_fails_is_tried_again_and_its_owner_told_in_the_end(
    floor: Floor, program: Callable[..., Path]
) -> None:
    got = program("echo 'no credit' >&2; exit 7\n")
    told(floor)
    for pause in (None, *texting.PAUSES):
        floor.office.clock.move(seconds=11 if pause is None else pause.total_seconds())
        assert codes(floor) == []
        assert (texting.send_due(floor.store), texting.send_due(floor.store)) == (0, 0)
    assert len(got.read_text("utf-8").splitlines()) == 1 + len(texting.PAUSES)
    row = message(floor)
    assert (row.status, row.error, codes(floor)) == ("failed", "no credit", [texting.FAILED])


@pytest.mark.parametrize("how", ["late", "killed", "missing"])
def test_rm_16_what_nobody_can_tell_is_not_sent_twice(
    floor: Floor, program: Callable[..., Path], how: str
) -> None:
    got = program("sleep 30\n" if how == "late" else "", seconds=0.2 if how == "late" else 30)
    told(floor)
    if how == "missing":
        config.config_file().write_text('[sms]\ncommand = "/nonexistent/send"\n', "utf-8")
    if how == "killed":
        with floor.store.facts("claimed") as work:
            work.change(work.all(TextMessage)[0], status="sending", attempts=1)
    floor.office.clock.move(seconds=120)
    assert texting.send_due(floor.store) == 0
    row = message(floor)
    if how == "missing":
        assert (row.status, row.error) == ("queued", "No such file or directory")
        return
    assert (row.status, codes(floor)) == ("uncertain", [texting.UNCERTAIN])
    floor.office.clock.move(hours=1)
    assert texting.send_due(floor.store) == 0
    assert got.exists() is (how == "late")


def test_bp_17_a_message_of_a_process_that_is_ended_is_kept_back(
    floor: Floor, program: Callable[..., Path]
) -> None:
    got = program("")
    interest = told(floor)
    (process,) = floor.processes(interest_id=interest)
    with floor.work("process.terminate") as work:
        processes.terminate(work, process.key, "price")
    floor.office.clock.move(seconds=11)
    assert texting.send_due(floor.store) == 0
    assert (message(floor).status, got.exists()) == ("cancelled", False)
