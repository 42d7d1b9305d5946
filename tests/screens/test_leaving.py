"""Ctrl+Q and a lost line while another program holds the store: nothing that was typed is lost."""

import pytest
from textual import events

from crm_tui.app import CrmApp
from crm_tui.domain.errors import StoreBusy
from crm_tui.screens.writing import compose
from crm_tui.services import unkept
from crm_tui.services.ports import Ports
from crm_tui.store import gate
from crm_tui.store.tables import Draft, MailAccount
from tests.holding import held
from tests.screens.keyboard import screen_text, settle, type_text
from tests.waiting import settled


@pytest.fixture(autouse=True)
def only_the_end_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, what is typed is not kept before."""
    monkeypatch.setattr(compose, "KEPT_AFTER_SECONDS", 3600.0)


def drafts(ports: Ports) -> list[tuple[str, str]]:
    with ports.store.facts("look") as work:
        return [(one.fields["subject"], one.body) for one in work.all(Draft)]


async def begin_letter(app: CrmApp, pilot: object) -> None:
    await pilot.press("1", "w")  # type: ignore[attr-defined]
    await settle(pilot)  # type: ignore[arg-type]
    await type_text(pilot, "olga@newco.example\nPrice\nGood day")  # type: ignore[arg-type]


@pytest.mark.parametrize("quit_key", ["ctrl+q", "ctrl+й"])
async def test_quitting_waits_beside_the_loop_for_a_store_that_is_held(
    app: CrmApp, ports: Ports, mailbox: MailAccount, quit_key: str
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await begin_letter(app, pilot)
        with held(ports.store) as let_go:
            app.post_message(events.Key(quit_key, None))
            await settled(pilot, lambda: "what is typed is being kept" in screen_text(app))
            let_go.set()
            await settled(pilot, lambda: app._exit)
    assert drafts(ports) == [("Price", "Good day")]


async def test_what_the_store_does_not_take_is_there_at_the_next_start(
    app: CrmApp, ports: Ports, mailbox: MailAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "WAIT_SECONDS", 0.05)
    async with app.run_test(size=(80, 24)) as pilot:
        await begin_letter(app, pilot)
        with held(ports.store):
            app.post_message(events.Key("ctrl+q", None))
            await settled(pilot, lambda: app._exit)
    assert drafts(ports) == []
    with held(ports.store), pytest.raises(StoreBusy):
        unkept.take_up(ports.store, ports.actor.user_id or 0)
    for _start in range(2):
        unkept.take_up(ports.store, ports.actor.user_id or 0)
        assert drafts(ports) == [("Price", "Good day")]
    assert ports.session is not None
    assert ports.session.load("app") == {"mode": "mail"}


async def test_a_lost_line_leaves_nothing_behind_but_what_the_store_holds(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await begin_letter(app, pilot)
        app.line_is_lost()
        await settled(pilot, lambda: app._exit)
    assert drafts(ports) == [("Price", "Good day")]
    assert not list(ports.store.path.parent.glob("*unkept*"))
