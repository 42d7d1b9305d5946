"""What cannot be taken back does not bar what was done before it, and each act has a name."""

import re
from pathlib import Path

import crm_tui
from crm_tui.app import CrmApp
from crm_tui.screens.shell.act_titles import title_of_act
from crm_tui.services.ports import Ports
from crm_tui.services.task import tasks
from crm_tui.services.writing import outgoing
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import MailAccount, Outbox, Task
from tests.screens.keyboard import settle
from tests.screens.writing import rows


async def test_t_02_a_letter_that_has_gone_is_told_and_the_next_undo_goes_on(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    with ports.store.work(ports.actor, "task.add") as work:
        tasks.add(work, title="Call Olga", assignee_id=ports.actor.user_id or 0)
    with ports.store.work(ports.actor, "review.send") as work:
        writing = Writing(mailbox.key, to="olga@newco.example", subject="Price", body="Good day")
        letter = outgoing.queue(work, writing)
    with ports.store.facts("outbox.sent") as work:
        work.change(work.get(Outbox, letter.key), status="sent")

    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("u")
        await settle(pilot)
        assert app.message == "! The letter has gone out. u again: the act before it"
        assert [task.title for task in rows(ports, Task)] == ["Call Olga"]
        await pilot.press("г")
        await settle(pilot)
        assert app.message == "Undone: New task"
        assert not rows(ports, Task)
        assert [row.status for row in rows(ports, Outbox)] == ["sent"]
        await pilot.press("U")
        await settle(pilot)
        assert [task.title for task in rows(ports, Task)] == ["Call Olga"]


async def test_t_02_what_another_changed_since_is_told_by_its_name_and_left(
    app: CrmApp, ports: Ports
) -> None:
    with ports.store.work(ports.actor, "task.add") as work:
        first = tasks.add(work, title="Call Olga", assignee_id=ports.actor.user_id or 0).key
    with ports.store.work(ports.actor, "task.change") as work:
        work.change(work.get(Task, first), title="Call Olga Kim")
    with ports.store.facts("colleague") as work:
        work.change(work.get(Task, first), title="Call Oleg")

    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("u")
        await settle(pilot)
        assert app.message == "! Edit: changed since, not taken back. u again: the act before it"
        assert [task.title for task in rows(ports, Task)] == ["Call Oleg"]


def test_no_act_of_a_person_is_called_by_its_code() -> None:
    acts = re.compile(
        r'\b(?:act|act_many|work)\(\s*(?:[\w.]+,\s*)?"([a-z_]+\.[a-z_]+)"|^COMMAND = "([a-z_]+\.[a-z_]+)"',
        re.M,
    )
    sources = Path(crm_tui.__path__[0]).rglob("*.py")
    codes = {one or other for source in sources for one, other in acts.findall(source.read_text("utf-8"))}
    assert {"party.merge", "task.done"} < codes
    assert len(codes) > 150
    codes |= {f"route_map.{verb}" for verb in ("enforce", "suspend")}
    assert {code for code in codes if title_of_act(code) == code} == set()
