"""Frame, change feed, session, reminders that wait, themes, and the end of the program."""

import asyncio
import errno
import os
import signal
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from textual.widgets import Static

from crm_tui import config
from crm_tui.app import CrmApp
from crm_tui.domain.errors import StoreBusy
from crm_tui.screens.base import CrmDialog, CrmScreen, Topics
from crm_tui.screens.shell import settling
from crm_tui.screens.shell.act_titles import title_of_act
from crm_tui.services.ports import Ports
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.status_line import StatusLine
from crm_tui.widgets.text_field import TextField
from tests.screens.keyboard import screen_strips
from tests.screens.test_shell_keys import Pane, at_desk
from tests.waiting import settled


def line(app: CrmApp, number: int) -> str:
    return "".join(segment.text for segment in screen_strips(app)[number])


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40), (200, 50)])
async def test_the_frame_fits_every_size(shell: CrmApp, size: tuple[int, int]) -> None:
    async with shell.run_test(size=size) as pilot:
        await at_desk(pilot)
        shell.set_status("sync", "mail as of 08:12")
        await pilot.pause()
        width, height = size
        assert "[0 Today]" in line(shell, 0)
        assert "08:12" in line(shell, 0) or width == 60
        assert line(shell, height - 1).startswith("a Accept inquiry")
        assert len(line(shell, 0)) == len(line(shell, height - 1)) == width


@pytest.mark.parametrize("size", [(59, 24), (80, 15), (20, 5)])
async def test_below_the_least_size_there_is_a_plain_notice(shell: CrmApp, size: tuple[int, int]) -> None:
    async with shell.run_test(size=size) as pilot:
        desk = await at_desk(pilot)
        assert desk.query_one("#too-small", Static).display
        assert not desk.query_one(Footer).display
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert desk.query_one(Footer).display
        assert not desk.query_one("#too-small", Static).display


async def test_keys_that_do_not_fit_are_left_out_whole(shell: CrmApp) -> None:
    async with shell.run_test(size=(60, 16)) as pilot:
        desk = await at_desk(pilot)
        footer = desk.query_one(Footer)
        footer.keys = (("a", "Accept inquiry"), ("x", "Х" * 60), ("M", "Move"))
        footer.count = "3 of 120"
        await pilot.pause()
        assert line(shell, 15) == "a Accept inquiry  M Move".ljust(52) + "3 of 120"


async def test_a_line_longer_than_its_field_is_seen(shell: CrmApp) -> None:
    async with shell.run_test(size=(60, 16)) as pilot:
        desk = await at_desk(pilot)
        field = desk.query_one("#line", TextField)
        field.focus()
        field.value = "Olga Kim <olga@newco.kz>, " * 4
        await settled(
            pilot, lambda: "<olga@newco.kz>, Olga Kim <olga@newco.kz>," in line(shell, field.region.y)
        )


async def test_a_message_has_the_lines_that_it_needs_and_the_place_of_the_count(shell: CrmApp) -> None:
    async with shell.run_test(size=(60, 16)) as pilot:
        desk = await at_desk(pilot)
        desk.query_one(Footer).count = "3 of 120"
        shell.say("To be completed when the process says so: " + "look there, " * 3 + "or end it.")
        await settled(pilot, lambda: line(shell, 15).startswith("there, look there, or end it."))
        assert line(shell, 14).startswith("To be completed when")
        shell.say("x" * 54)
        await settled(pilot, lambda: line(shell, 15) == "x" * 54 + " " * 6)
        assert line(shell, 14).strip() == ""
        shell.say("word " * 30)
        await settled(pilot, lambda: line(shell, 15).endswith("word…"))
        await pilot.press("j")
        await pilot.press("f1")
        await pilot.press("escape")
        await settled(pilot, lambda: "Accept" in line(shell, 15) and "word" not in line(shell, 14))


async def test_a_message_is_literal_and_goes_with_the_next_key(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        await at_desk(pilot)
        shell.notify("[/] [@click=app.quit]x[/]", severity="warning")
        await pilot.pause()
        assert line(shell, 23).startswith("! [/] [@click=app.quit]x[/]")
        await pilot.press("j")
        assert "click" not in line(shell, 23)


async def test_the_status_line_says_what_goes_on(shell: CrmApp) -> None:
    async with shell.run_test(size=(120, 40)) as pilot:
        await at_desk(pilot)
        shell.set_status("outbox", "2 to send")
        shell.set_status("error", "work: login refused")
        await pilot.pause()
        assert line(shell, 0).rstrip().endswith("2 to send · work: login refused")
        shell.set_status("error", "")
        await pilot.pause()
        assert line(shell, 0).rstrip().endswith("2 to send")
        assert "login" not in str(shell.screen.query_one(StatusLine).render())


class Watcher(CrmScreen[None]):
    """Writes down what the shell tells it."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[dict[str, set[int]]] = []
        self.reloads = 0
        self.restored: dict[str, Any] = {}

    def compose_body(self) -> list[Pane]:
        return [Pane()]

    def store_changed(self, topics: Topics) -> None:
        self.changes.append({name: set(ids) for name, ids in topics.items()})

    def reload(self) -> None:
        self.reloads += 1

    def session_state(self) -> dict[str, Any]:
        return {"cursor": 42, "draft": "Dear Olga"}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        self.restored = dict(state)


class Cover(CrmDialog[None]):
    """A dialog over it."""


async def test_a_screen_in_view_takes_rows_and_a_hidden_one_reads_anew_when_shown(
    shell: CrmApp, ports: Ports
) -> None:
    async with shell.run_test() as pilot:
        watcher = Watcher()
        await shell.push_screen(watcher)
        ports.store.feed.publish({"task": {1, 2}})
        await settled(pilot, lambda: watcher.changes)
        assert watcher.changes == [{"task": {1, 2}}]
        await shell.push_screen(Cover())
        ports.store.feed.publish({"task": {3}})
        await settled(pilot, lambda: len(watcher.changes) == 2, "seen under a dialog")
        await pilot.press("escape", "2")
        ports.store.feed.publish({"task": {4}})
        await settled(pilot, lambda: watcher.dirty)
        assert (len(watcher.changes), watcher.reloads) == (2, 0)
        await pilot.press("0")
        await settled(pilot, lambda: watcher.reloads)
        assert (watcher.reloads, watcher.dirty) == (1, False)


class Blind(Watcher):
    """Cannot read the store while another program holds it."""

    held = True

    def store_changed(self, topics: Topics) -> None:
        super().store_changed(topics)
        self.reload()

    def reload(self) -> None:
        super().reload()
        if self.held:
            raise StoreBusy("store_locked", path="crm.db")


async def test_a_screen_that_cannot_read_says_so_and_reads_when_it_is_shown_again(
    shell: CrmApp, ports: Ports
) -> None:
    async with shell.run_test(size=(120, 24)) as pilot:
        blind = Blind()
        await shell.push_screen(blind)
        ports.store.feed.publish({"task": {1}})
        await settled(pilot, lambda: blind.changes)
        assert blind.dirty
        await pilot.press("2", "0")
        await settled(pilot, lambda: "crm.db" in shell.message)
        assert (blind.reloads, blind.dirty) == (2, True)
        blind.held = False
        await pilot.press("2", "0")
        await settled(pilot, lambda: blind.reloads == 3)
        assert not blind.dirty


async def test_changes_from_many_threads_all_arrive(shell: CrmApp, ports: Ports) -> None:
    """A message that may be replaced loses what it carries, so it carries nothing."""
    async with shell.run_test() as pilot:
        watcher = Watcher()
        await shell.push_screen(watcher)

        def publish(first: int) -> None:
            for number in range(first, first + 100):
                ports.store.feed.publish({"task": {number}})

        await asyncio.gather(*(asyncio.to_thread(publish, first) for first in (0, 100, 200, 300)))
        await settled(pilot, lambda: len(set().union(*(change["task"] for change in watcher.changes))) == 400)


async def test_what_the_session_keeps_disturbs_no_screen(shell: CrmApp, ports: Ports) -> None:
    async with shell.run_test() as pilot:
        watcher = Watcher()
        await shell.push_screen(watcher)
        shell.save_session()
        ports.store.feed.publish({"task": {1}})
        await settled(pilot, lambda: watcher.changes)
        assert [set(change) for change in watcher.changes] == [{"task"}]


async def test_the_session_is_restored(make_shell: Callable[..., CrmApp]) -> None:
    app = make_shell()
    async with app.run_test() as pilot:
        await pilot.press("3")
        await app.push_screen(Watcher())
        await pilot.press("Q")
    app = make_shell()
    async with app.run_test() as pilot:
        await settled(pilot, lambda: app.current_mode == "calendar")
        watcher = Watcher()
        await app.push_screen(watcher)
        assert watcher.restored == {"cursor": 42, "draft": "Dear Olga"}
    app = make_shell("[ui]\nrestore = false\n")
    async with app.run_test() as pilot:
        watcher = Watcher()
        await app.push_screen(watcher)
        await pilot.pause()
        assert (app.current_mode, watcher.restored) == ("today", {})


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
async def test_a_signal_keeps_what_is_typed_and_ends(
    shell: CrmApp, ports: Ports, number: signal.Signals
) -> None:
    async with shell.run_test() as pilot:
        await shell.push_screen(Watcher())
        os.kill(os.getpid(), number)
        await settled(pilot, lambda: shell.return_code is not None)
    assert shell.return_code == 128 + number
    assert ports.session is not None
    assert ports.session.load("Watcher")["draft"] == "Dear Olga"
    assert signal.getsignal(number) == signal.SIG_DFL


async def test_a_fault_of_ours_shows_no_data(
    shell: CrmApp, ports: Ports, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "can" + "ary"

    def fail() -> None:
        raise RuntimeError(secret)

    async def run() -> None:
        async with shell.run_test() as pilot:
            await shell.push_screen(Watcher())
            shell.call_later(fail)
            await settled(pilot, lambda: shell._exit_renderables)

    with pytest.raises(RuntimeError):
        await run()
    shown = capsys.readouterr().err
    assert "Report:" in shown
    assert secret not in shown
    assert ports.session is not None
    assert ports.session.load("Watcher")["cursor"] == 42


async def test_no_color_is_obeyed_and_left_for_children(
    make_shell: Callable[..., CrmApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_shell('[ui]\ntheme = "light"\n')
    assert os.environ["NO_COLOR"] == "1"
    async with app.run_test() as pilot:
        await at_desk(pilot)
        assert app.theme == "mono"
        colors = {
            (segment.style.color, segment.style.bgcolor)
            for strip in screen_strips(app)
            for segment in strip.apply_filter(app._filters[-1], app.background_colors[0])
            if segment.style
        }
        assert all(color is None or color.is_default for pair in colors for color in pair)
        app.run_command("everywhere.theme", "light")
        await settled(pilot, lambda: "NO_COLOR" in app.message)
        assert app.theme == "mono"


async def test_an_empty_no_color_means_nothing(
    make_shell: Callable[..., CrmApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    app = make_shell()
    assert (app.theme, app.no_color, os.environ["NO_COLOR"]) == ("dark", False, "")


@pytest.mark.parametrize("name", ["dark", "light", "high-contrast", "ansi16", "mono"])
async def test_every_theme_can_be_worn(shell: CrmApp, name: str) -> None:
    async with shell.run_test() as pilot:
        await at_desk(pilot)
        shell.run_command("everywhere.theme", name)
        await shell.workers.wait_for_complete()
        await pilot.pause()
        assert shell.theme == name


async def test_settings_are_read_anew(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        desk = await at_desk(pilot)
        config.config_file().write_text('[ui]\ntheme = "light"\n[keys.mail]\n"Y" = "accept"\n', "utf-8")
        await pilot.press("ctrl+r", "Y")
        assert desk.done == [("accept", "")]
        assert shell.theme == "light"


async def test_a_wrong_setting_is_said_at_the_start(make_shell: Callable[..., CrmApp]) -> None:
    app = make_shell("[ui]\nteme = 'dark'\n")
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "did you mean ui.theme?" in app.message


async def test_a_busy_store_is_said(shell: CrmApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_arguments: object) -> None:
        raise StoreBusy("store_busy", operation="sync", pid=7)

    monkeypatch.setattr("crm_tui.store.undo.undo", busy)
    async with shell.run_test() as pilot:
        await at_desk(pilot)
        await pilot.press("u")
        await settled(pilot, lambda: "process 7" in shell.message)


async def test_a_session_that_cannot_be_kept_neither_ends_the_program_nor_holds_it(
    make_shell: Callable[..., CrmApp], ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_tui.screens.base.SAVE_AFTER_SECONDS", 0.01)
    monkeypatch.setattr("crm_tui.screens.shell.shell_commands.SAVE_AFTER_SECONDS", 0.01)
    tried: list[str] = []

    def busy(place: str, _state: object) -> None:
        tried.append(place)
        raise StoreBusy("store_busy", operation="sync", pid=7)

    def no_space(*_file: object) -> int:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(ports.session, "save", busy)
    app = make_shell()
    async with app.run_test() as pilot:
        await at_desk(pilot)
        await pilot.press("3")
        await settled(pilot, lambda: "app" in tried)
        watcher = Watcher()
        await app.push_screen(watcher)
        watcher.session_changed()
        await settled(pilot, lambda: "Watcher" in tried)
        with monkeypatch.context() as no_disk:
            no_disk.setattr("crm_tui.whole_file.write", no_space)
            await pilot.press("Q")
            await settled(pilot, lambda: "once more" in app.message)
        assert app.return_code is None
        await pilot.press("Q")
    assert app.return_code == 0


async def test_undo_says_when_there_is_nothing(shell: CrmApp) -> None:
    async with shell.run_test() as pilot:
        await at_desk(pilot)
        await pilot.press("u")
        await settled(pilot, lambda: shell.message)
        assert shell.message == "! There is nothing to take back."


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("task.done", "Done"),
        ("task.add", "New task"),
        ("mail.move", "Move to folder"),
        ("import.leads", "import.leads"),
    ],
)
def test_an_act_is_called_as_in_the_tables(code: str, title: str) -> None:
    assert title_of_act(code) == title


async def test_what_waits_for_the_end_of_the_start_is_called_once(
    shell: CrmApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "AFTER_SECONDS", 0.001)
    called: list[int] = []
    shell.when_settled = lambda: called.append(1)
    async with shell.run_test() as pilot:
        await settled(pilot, lambda: called, "it is called")
        await pilot.press("2", "1")
        await pilot.pause()
        assert called == [1]
