"""A letter kept as its header: its text is fetched when it is opened, or it is said why it cannot be."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.errors import CrmError, NetworkTrouble
from crm_tui.parsing.letter import parse
from crm_tui.services.ports import Ports
from crm_tui.sync.bodies import keep_body
from crm_tui.sync.content import body_of
from tests.screens.keyboard import screen_text, settle
from tests.screens.mailbox import Mailbox
from tests.waiting import settled

RAW = b"From: Olga Kim <olga@newco.example>\r\nSubject: Price\r\n\r\nThe text from afar.\r\n"


class FarServer:
    """Gives the text of a letter when it is let go on, or the fault that it was given."""

    def __init__(self, ports: Ports) -> None:
        self.store = ports.store
        self.goes_on = threading.Event()
        self.fault: CrmError | None = None
        self.asked: list[int] = []

    def fetch_body(self, letter_id: int) -> None:
        self.asked.append(letter_id)
        assert self.goes_on.wait(60)
        if self.fault is not None:
            raise self.fault
        with self.store.arrivals("test") as work:
            keep_body(work, letter_id, body_of(RAW, parse))

    def states(self) -> list[Any]:
        return []

    def start(self, listener: Callable[[], None]) -> None: ...

    def stop(self) -> None: ...


@pytest.fixture
def far(ports: Ports) -> FarServer:
    server = FarServer(ports)
    ports.sync = server  # type: ignore[assignment]
    Mailbox(ports).letter("Kept as its header", has_body=False)
    return server


async def open_it(pilot: Any) -> None:
    await pilot.press("1")
    await settle(pilot)
    assert "Enter: fetch it" in screen_text(pilot.app)
    await pilot.press("enter")
    await pilot.pause()


async def test_the_text_is_fetched_when_the_letter_is_opened(
    far: FarServer, make_app: Callable[..., CrmApp]
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await open_it(pilot)
        await settled(pilot, lambda: "fetching it …" in screen_text(app), "that it is on its way")
        far.goes_on.set()
        await settled(pilot, lambda: "The text from afar." in screen_text(app), "the text")
        assert "not here yet" not in screen_text(app)
        await pilot.press("escape", "enter")
        await settle(pilot)
        assert len(far.asked) == 1


async def test_the_reason_is_said_when_there_is_no_line(
    far: FarServer, make_app: Callable[..., CrmApp]
) -> None:
    app = make_app()
    far.fault = NetworkTrouble("timeout", host="mail.example", port=993)
    far.goes_on.set()
    async with app.run_test(size=(120, 40)) as pilot:
        await open_it(pilot)
        await settled(pilot, lambda: "mail.example, port 993, does not" in screen_text(app), "the reason")
        far.fault = None
        await pilot.press("escape", "enter")
        await settled(pilot, lambda: "The text from afar." in screen_text(app), "the text at the second try")
