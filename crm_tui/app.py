"""The application: composes modes, keys, themes and the change feed. It owns no rule."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.filter import NoColor
from textual.message import Message
from textual.notifications import SeverityLevel

from crm_tui import config as settings
from crm_tui import screens, theming
from crm_tui.commands.complaints import complaints
from crm_tui.commands.keymap import Bound, Keymap
from crm_tui.domain import layouts
from crm_tui.domain.errors import CrmError
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _, language
from crm_tui.screens.base import Place, takes_text
from crm_tui.screens.late import Late, is_left
from crm_tui.screens.shell import modes
from crm_tui.screens.shell.attention import Attention
from crm_tui.screens.shell.commands import Commander
from crm_tui.screens.shell.ending import Ending
from crm_tui.screens.shell.everywhere import Everywhere
from crm_tui.screens.shell.keys import KeyReader
from crm_tui.screens.shell.leaving import Leaving
from crm_tui.screens.shell.news import News
from crm_tui.screens.shell.passing_time import PassingTime
from crm_tui.screens.shell.session_keeper import SessionKeeper
from crm_tui.screens.shell.settling import Settling
from crm_tui.screens.shell.spreading import Spreading
from crm_tui.screens.shell.stray_keys import StrayKeys
from crm_tui.screens.shell.sync_status import sync_text
from crm_tui.screens.shell.type_ahead import TypeAhead
from crm_tui.services import messages
from crm_tui.services.ports import Ports
from crm_tui.services.task.reminder_clock import ReminderClock
from crm_tui.widgets.styles import Styles

POLL_SECONDS = 1.0
SYNC_AFTER_SECONDS = 0.5
"""The sync loads much code: first the person's screen is filled."""
OWN_TOPICS = frozenset({"session_state"})
"""What the shell itself writes, and no screen shows."""


class StoreChanged(Message):
    """Something is waiting in the change feed. It carries nothing: what changed is drained from the feed."""


class SyncChanged(Message):
    """The sync's state changed. It carries nothing: the state is asked for."""


class CrmApp(Everywhere, StrayKeys, News, Attention, Ending, Leaving, Spreading, Settling, Late, App[int]):
    """The workstation. ``ports`` is all it knows of store, mail and session."""

    CSS_PATH = [Path(__file__).with_name("app.tcss"), *sorted(Path(screens.__path__[0]).glob("*/*.tcss"))]
    """Read once: styles that a screen brings later make Textual work out anew those of all there is."""
    MODES: ClassVar[dict[str, str | Callable[[], Any]]] = {mode.name: mode.make for mode in modes.MODES}
    DEFAULT_MODE = modes.MODES[0].name
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        ports: Ports,
        loaded: settings.Loaded | None = None,
        driver_class: type[Driver] | None = None,
    ) -> None:
        no_color = os.environ.pop("NO_COLOR", None)
        if no_color:
            os.environ["NO_COLOR"] = no_color
        loaded = loaded or settings.Loaded(settings.Config(), {}, (), {})
        self.DEFAULT_MODE = self.first_mode(ports, loaded)  # type: ignore[misc]  # nothing else is mounted first
        super().__init__(driver_class=driver_class)
        self.stylesheet = Styles(self.get_css_variables())
        # what pops up by itself we do not use (see notify), and every screen would hold a widget for each
        self._disable_notifications = self._disable_tooltips = True
        if no_color is not None:
            os.environ["NO_COLOR"] = no_color  # Textual took it away; programs we start must still see it
        self.ports = ports
        self.message = ""
        self.typed_before = b""
        self._take(loaded)
        self._ahead = TypeAhead(self, self.say)
        self.session_keeper = SessionKeeper(self, ports.session)
        self._status: dict[str, str] = {}
        self.reminder_clock = ReminderClock(ports.store, ports.actor.user_id or 0)
        self._passing_time = PassingTime(ports.store, ports.actor.user_id or 0, ports.zone)
        self._unsubscribe: Callable[[], None] | None = None
        self.dress()

    def _take(self, loaded: settings.Loaded) -> None:
        """Use these settings from now on: keys at once, the theme with ``dress``."""
        self.settings = loaded
        self.keymap = Keymap(loaded.bindings)
        self._commander = Commander(self, self.keymap, self.explain)
        layout = layouts.layout_for(loaded.config.keys.layout, language())
        self._keys = KeyReader(self.keymap, layout, self._run_bound, self.say_stray)

    def reload_settings(self) -> None:
        """Read the settings file again, and say what in it is not understood."""
        self.take_settings()
        self.say(_("Settings and screen are read anew."))
        self._say_troubles()

    def take_settings(self) -> None:
        """Read the settings file again; keys and theme change at once, the language with the next start."""
        self._take(settings.load())
        self.dress()

    # Acting

    def run_command(self, id: str, argument: str = "") -> bool:
        """Carry out a command where the person is; False when nothing here can."""
        if is_left(self):
            return True
        done = self._commander.run(id, argument, partial(self.say, trouble=True))
        if done:
            self.visited(id, argument)
        return done

    def remember(self, id: str, argument: str) -> None:
        """Make this act what ``.`` repeats."""
        self._commander.remember(id, argument)

    def _run_bound(self, bound: Bound) -> bool:
        return self.run_command(bound.command.id, bound.argument)

    async def on_event(self, event: events.Event) -> None:
        """Keys become commands before any widget sees them, unless text is being typed."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded or not self._screen_stack:
            await super().on_event(event)
        elif not self._ahead.keeps(event):
            if isinstance(event, events.Key):
                await self._key(event)
            else:
                screen, focused = self.screen, self.focused
                await super().on_event(event)
                self._ahead.typed(screen, focused)

    @property
    def keys_wait(self) -> bool:
        """Whether keys typed ahead wait for what an earlier one set going."""
        return self._ahead.is_waiting

    async def _key(self, event: events.Key) -> None:
        self.key_pressed()
        self._clear_message()
        place, focused = self.screen, self.focused
        pending = self._keys.pending
        if isinstance(place, Place) and self._keys.take(event, place, focused):
            if self._keys.pending != pending:
                self._refresh_frame()
            self._ahead.settle(place, focused)
            return
        await super().on_event(event)
        if event.is_printable and takes_text(focused) and not getattr(place, "ACTS_AS_TYPED", False):
            self._ahead.typed(place, focused)
        elif focused is not None:
            self._ahead.settle(place, focused, was_passed_on=True)

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Textual's own; keys do not wait for a command while it waits for the person."""
        with self._ahead.asking(screen):
            return await super().push_screen_wait(screen, mode=mode)

    # Saying

    def say(self, text: str, *, trouble: bool = False) -> None:
        """Show a message at the foot of the screen until the next key."""
        self.message = f"! {text}" if trouble else text
        self._refresh_frame()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Textual's own notifications are messages at the foot too: nothing pops up and vanishes by itself."""
        self.say(message, trouble=severity != "information")

    def explain(self, error: CrmError) -> str:
        """The text of an error for a person."""
        return messages.of_error(error)

    def set_status(self, name: str, text: str) -> None:
        """Show a lasting state (``sync``, ``outbox``, ``error``) in the top line; an empty text takes it away."""
        if self._status.get(name, "") != text:
            self._status[name] = text
            self._refresh_frame()

    def status_parts(self) -> tuple[str, ...]:
        """The texts at the right end of the top line."""
        return tuple(text for text in self._status.values() if text)

    def places(self) -> tuple[tuple[str, str, bool], ...]:
        """The modes for the top line: digit, title, whether it is the present one."""
        return tuple(
            (mode.digit, _(mode.title), mode.name == self.current_mode)
            for mode in modes.MODES
            if mode.digit or mode.name == self.current_mode
        )

    def footer_keys(self, place: Place) -> tuple[tuple[str, str], ...]:
        """The keys to show at the foot."""
        return self._commander.footer_keys(place, self._keys.pending)

    def _clear_message(self) -> None:
        if self.message:
            self.message = ""
            self._refresh_frame()

    def _refresh_frame(self) -> None:
        for screen in self.stack_in_view():
            screen.refresh_frame()

    # The change feed

    def on_mount(self) -> None:
        feed = self.ports.store.feed
        self._unsubscribe = feed.subscribe(self._wake)
        self.set_interval(POLL_SECONDS, self._look_around)
        self.settle_soon()
        self._say_troubles()
        self.call_after_refresh(self.tell_unfinished)
        self.call_after_refresh(self.show_waiting_reminders)
        self.call_after_refresh(self.greet)
        self.call_after_refresh(self.tell_news, {"*": set()})
        self.call_after_refresh(self.tell_outbox, {"*": set()})
        if self.ports.sync is not None:
            self.set_timer(SYNC_AFTER_SECONDS, partial(self.ports.sync.start, self._sync_changed))

    def on_unmount(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
        self.stop_listening()
        while self.ports.at_exit:
            self.ports.at_exit.pop()()

    def _sync_changed(self) -> None:
        self.post_message(SyncChanged())

    def on_sync_changed(self) -> None:
        if self.ports.sync is not None:
            states = self.ports.sync.states()
            self.set_status("sync", sync_text(states, self.ports.clock(), zone_of(self.ports.zone)))
            self.tell_fetched(states)
            for screen in self.stack_in_view():
                screen.sync_changed()

    def _look_around(self) -> None:
        """Once a second, without a byte to the terminal: commits of other processes, what is due."""
        self._poll()
        if self.reminder_clock.is_time():
            self.run_worker(
                self.claim_reminders, thread=True, exclusive=True, group="reminders", exit_on_error=False
            )

    def _poll(self) -> None:
        """Look for what other programs and the clock changed; a store that cannot be read is said."""
        try:
            self.ports.store.feed.poll()
            passed = self._passing_time.topics()
        except CrmError as error:
            self.set_status("store", self.explain(error))
            return
        self.set_status("store", "")
        if passed:
            self.spread(passed)

    def _wake(self) -> None:
        self.post_message(StoreChanged())

    def on_store_changed(self) -> None:
        """Drain the feed: screens in view take the rows, hidden ones are read anew when they are shown."""
        topics = {name: ids for name, ids in self.ports.store.feed.drain().items() if name not in OWN_TOPICS}
        if topics.keys() & {"reminder", "*"}:
            self.reminder_clock.ledger_changed()
            self.show_waiting_reminders()
        if topics.keys() & {"setting", "*"}:
            self.settings_changed()
        if topics:
            self.spread(topics)
            self.tell_news(topics)
            self.tell_outbox(topics)

    def dress(self) -> None:
        """Read the themes and wear the one that settings and terminal ask for."""
        self._themes, self._bad_themes = theming.load()
        for theme in self._themes.values():
            self.register_theme(theme)
        self.wear(theming.choose(self.settings.config.ui.theme, self._themes))

    def wear(self, name: str) -> None:
        """Change the theme; ``mono`` sends no colours at all."""
        self._filters = [kept for kept in self._filters if not isinstance(kept, NoColor)]
        if name == "mono":
            self._filters.append(NoColor())
        self.theme = name

    def _say_troubles(self) -> None:
        troubles = [str(trouble) for trouble in self.settings.troubles]
        troubles += [f"{bad.file}: {bad.text}" for bad in self._bad_themes]
        troubles += complaints(self.keymap)
        if troubles:
            self.say(troubles[0] + (f" (+{len(troubles) - 1})" if troubles[1:] else ""), trouble=True)
