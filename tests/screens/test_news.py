"""What is told of new letters and other news, by keyboard; nothing of it takes the focus."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.letter.reader import LetterScreen
from crm_tui.screens.shell import attention as calling
from crm_tui.screens.shell.notification_centre import NotificationCentre
from crm_tui.screens.writing.outbox import OutboxScreen
from crm_tui.services.ports import Ports
from crm_tui.services.task import notifications, tasks
from crm_tui.store.tables import Notification
from crm_tui.widgets import attention
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox
from tests.waiting import settled

MakeApp = Callable[..., CrmApp]
BURST = [(number, f"Sender {number}", "Price") for number in range(1, 13)]


def arrive(ports: Ports, *letters: tuple[int, str, str]) -> None:
    with ports.store.facts("notification.new_letters") as work:
        notifications.new_letters(work, ports.actor.user_id or 0, letters)


def unread(ports: Ports) -> list[str]:
    with ports.store.facts("look") as work:
        return [one.code for one in work.all(Notification) if one.read_at is None]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_mail_42_few_letters_have_a_line_each_and_a_key_that_opens_them(
    app: CrmApp, ports: Ports, size: tuple[int, int]
) -> None:
    box = Mailbox(ports)
    first, second = box.letter("Price of pumps", "How much?"), box.letter("Delivery", "When?")
    async with app.run_test(size=size) as pilot:
        await pilot.press("2")
        await settle(pilot)
        focused = app.focused
        arrive(ports, (first, "Olga", "Price of pumps"), (second, "Ivan", "Delivery"))
        await settle(pilot)
        lines = screen_text(app).splitlines()
        assert lines[-3:-1] == [
            " Ctrl+N  New letter: Ivan: Delivery",
            "         New letter: Olga: Price of pumps",
        ]
        assert "2 new letters: Ctrl+N" in lines[0]
        assert app.focused is focused
        await pilot.press("down")
        await settle(pilot)
        assert "New letter: Ivan" in screen_text(app)  # it waits for an answer
        await pilot.press("ctrl+n")
        await settle(pilot)
        assert isinstance(app.screen, LetterScreen)
        assert "When?" in screen_text(app)
        await pilot.press("ctrl+n")
        await settle(pilot)
        assert "How much?" in screen_text(app)
        await pilot.press("ctrl+n")
        await settle(pilot)
        assert "No new letter" in screen_text(app)
    assert unread(ports) == []


async def test_mail_42_the_lines_do_not_hide_the_row_under_the_cursor(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "task.add") as work:
        for number in range(30):
            tasks.add(work, f"Task {number}", assignee_id=ports.actor.user_id or 0)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("end")
        arrive(ports, *BURST[:3])
        await settle(pilot)
        lines = screen_text(app).splitlines()
        assert "New letter: Sender 1" in lines[-2]
        assert lines[-5].startswith("▌")


@pytest.mark.parametrize(
    ("few", "count", "lines"),
    [(3, 3, 3), (3, 4, 1), (0, 1, 1), (12, 12, 5)],
    ids=["as many as few", "one more", "always a number", "more than fit"],
)
async def test_mail_43_many_letters_are_one_line(
    make_app: MakeApp, ports: Ports, few: int, count: int, lines: int
) -> None:
    app = make_app(f"[notify]\nfew_letters = {few}\n")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        arrive(ports, *BURST[:count])
        await settle(pilot)
        text = screen_text(app)
        told = [line for line in text.splitlines()[1:] if "new letter" in line.lower() or "more: g n" in line]
        assert len(told) == lines
        if lines == 1:
            word = "1 new letter" if count == 1 else f"{count} new letters"
            assert f"Ctrl+N  {word}" in text
            await pilot.press("ctrl+n")
            await settle(pilot)
            assert app.current_mode == "mail"
            assert unread(ports) == []
        if lines == 5:
            assert "… and 8 more: g n" in text


async def test_mail_41_switched_off_nothing_is_told_but_it_can_be_looked_up(
    make_app: MakeApp, ports: Ports
) -> None:
    app = make_app("[notify]\nnew_letters = false\n")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        arrive(ports, BURST[0])
        await settle(pilot)
        assert "ew letter" not in screen_text(app)
        await pilot.press("g", "n")
        await settle(pilot)
        assert "New letter: Sender 1: Price" in screen_text(app)


async def test_typing_goes_on_while_letters_come(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "n")
        await settle(pilot)
        await type_text(pilot, "Call ")
        arrive(ports, *BURST[:2])
        await settle(pilot)
        await type_text(pilot, "Olga")
        await settled(pilot, lambda: "Call Olga" in screen_text(app))
        await settled(pilot, lambda: "2 new letters: Ctrl+N" in screen_text(app))
        assert "New letter: Sender 1" not in screen_text(app)


async def test_escape_takes_the_lines_away_and_the_mail_the_count_too(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        arrive(ports, BURST[0])
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert "New letter:" not in screen_text(app)
        assert "1 new letter: Ctrl+N" in screen_text(app)
        await pilot.press("1", "2")
        await settle(pilot)
        assert "new letter" not in screen_text(app)


async def test_l_07_what_was_missed_stands_in_a_list(app: CrmApp, ports: Ports) -> None:
    box = Mailbox(ports)
    place = box.letter("Price of pumps", "How much?")
    arrive(ports, (place, "Olga", "Price of pumps"))
    with ports.store.facts("outbox.done") as work:
        notifications.notify(
            work, ports.actor.user_id or 0, "letter_not_sent", address="a@b.example", reason="550 no"
        )
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "! Not sent to a@b.example: 550 no" in screen_text(app)
        await pilot.press("g", "т")  # "n" of a Russian layout
        await settle(pilot)
        assert isinstance(app.screen, NotificationCentre)
        await pilot.press("d")
        await settle(pilot)
        assert unread(ports) == ["new_letter"]
        await pilot.press("j", "enter")
        await settle(pilot)
        assert "How much?" in screen_text(app)
        assert unread(ports) == []


async def test_all_are_put_away_at_once_and_one_comes_back(app: CrmApp, ports: Ports) -> None:
    arrive(ports, *BURST[:3])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("g", "n", "A")
        await settle(pilot)
        assert unread(ports) == []
        await pilot.press("d")
        await settle(pilot)
        assert unread(ports) == ["new_letter"]
        await pilot.press("/")
        await type_text(pilot, "sender 2")
        await settle(pilot)
        assert "Sender 2" in screen_text(app)
        assert "Sender 3" not in screen_text(app)


async def test_who_looks_elsewhere_is_called_through_the_terminal(
    make_app: MakeApp, ports: Ports, tmp_path: Path
) -> None:
    heard = tmp_path / "heard"
    app = make_app(f'[notify]\nmethod = "command"\ncommand = "tee -a {heard}"\nprivate = false\n')
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        arrive(ports, BURST[0])
        await settle(pilot)
        assert not heard.exists()  # a key has just been pressed
        app._last_key -= calling.AWAY_SECONDS
        arrive(ports, BURST[1])
        await app.workers.wait_for_complete()
        await settle(pilot)
        await app.workers.wait_for_complete()
    assert heard.read_text() == "New letter: Sender 2: Price"


@pytest.mark.parametrize(
    ("method", "environment", "expected"),
    [
        ("auto", {"TERM": "vt220"}, "\x07"),
        ("auto", {"TERM": "xterm-kitty"}, "\x1b]99;;a, b\x1b\\"),
        ("auto", {"TERM": "xterm", "TERM_PROGRAM": "WezTerm"}, "\x1b]9;a, b\x07"),
        ("auto", {"TERM": "foot"}, "\x1b]777;notify;CRM;a, b\x07"),
        ("osc9", {"TMUX": "1"}, "\x1bPtmux;\x1b\x1b]9;a, b\x07\x1b\\\x07"),
        ("bell", {"TERM": "xterm-kitty"}, "\x07"),
    ],
)
def test_the_sequence_a_terminal_knows(method: str, environment: dict[str, str], expected: str) -> None:
    sequence = attention.sequence(method, "a; b\x1b", environment)
    assert sequence == expected.replace("a, b", "a, b␛")


async def test_the_lines_make_room_for_the_search(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        arrive(ports, *BURST[:2])
        await settled(pilot, lambda: "New letter: Sender 1" in screen_text(app))
        await pilot.press("/")
        await type_text(pilot, "pump")
        await settled(pilot, lambda: "/pump" in screen_text(app).splitlines()[-2])
        assert "New letter: Sender 1" in screen_text(app).splitlines()[-3]
        await pilot.press("escape")
        await settled(pilot, lambda: "New letter: Sender 1" in screen_text(app).splitlines()[-2])


async def test_lines_on_a_screen_behind_neither_take_escape_nor_outlive_what_they_tell(
    app: CrmApp, ports: Ports
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        arrive(ports, *BURST[:2])
        await settled(pilot, lambda: "New letter: Sender 1" in screen_text(app))
        await pilot.press("g", "o")
        await settled(pilot, lambda: isinstance(app.screen, OutboxScreen))
        await pilot.press("escape")
        await settled(pilot, lambda: not isinstance(app.screen, OutboxScreen))
        assert "New letter: Sender 1" in screen_text(app)
        await pilot.press("1")  # the letters are looked at there
        await settled(pilot, lambda: app.current_mode == "mail")
        await pilot.press("2")
        await settled(pilot, lambda: app.current_mode == "tasks")
        assert "New letter" not in screen_text(app)
