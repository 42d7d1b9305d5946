"""The commands that work everywhere, carried out by the app."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_tui import theming
from crm_tui.commands import registry
from crm_tui.commands.places import HEADINGS
from crm_tui.domain.errors import CrmError
from crm_tui.i18n import _, ngettext
from crm_tui.screens.base import SAVE_AFTER_SECONDS, CrmScreen, Place, takes_text
from crm_tui.screens.shell import attention
from crm_tui.screens.shell.leaving import APP_PLACE
from crm_tui.screens.shell.type_ahead import COMMANDS

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    from crm_tui.config import Loaded
    from crm_tui.screens.shell.commands import Commander
    from crm_tui.screens.shell.keys import KeyReader
    from crm_tui.screens.shell.session_keeper import SessionKeeper
    from crm_tui.screens.shell.type_ahead import TypeAhead
    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object


class ShellCommands(Base):
    """One method a command ``everywhere.*``."""

    _mode_to_save = False

    if TYPE_CHECKING:
        ports: Ports
        settings: Loaded
        session_keeper: SessionKeeper
        _commander: Commander
        _keys: KeyReader
        _ahead: TypeAhead
        _themes: Mapping[str, Any]

        def say(self, text: str, *, trouble: bool = False) -> None: ...
        def explain(self, error: CrmError) -> str: ...
        def run_command(self, id: str, argument: str = "") -> bool: ...
        def set_status(self, name: str, text: str) -> None: ...
        def reload_settings(self) -> None: ...
        def wear(self, name: str) -> None: ...
        def put_news_away(self) -> bool: ...
        def call_away(self, text: str) -> None: ...
        def seconds_to_rest(self) -> float: ...
        def go_back_from(self, left: Screen[Any]) -> None: ...

        opened_from: tuple[Screen[Any], str] | None

        @property
        def keys_wait(self) -> bool: ...

    def command_everywhere_today(self, argument: str = "") -> None:
        self.show_mode("today")

    def command_everywhere_mail(self, argument: str = "") -> None:
        self.show_mode("mail")

    def command_everywhere_tasks(self, argument: str = "") -> None:
        self.show_mode("tasks")

    def command_everywhere_calendar(self, argument: str = "") -> None:
        self.show_mode("calendar")

    def command_everywhere_interests(self, argument: str = "") -> None:
        self.show_mode("interests")

    def show_mode(self, name: str) -> None:
        """Go to a mode; in that mode already: back to its first screen."""
        self.opened_from = None
        if name != self.current_mode:
            self.switch_mode(name)
            if not self._mode_to_save:
                self._mode_to_save = True
                self.set_timer(SAVE_AFTER_SECONDS, self._save_mode_soon)
        elif len(self.screen_stack) > 1:
            self.run_worker(self.leave_screens(), group=COMMANDS)

    async def leave_screens(self) -> None:
        """Leave what lies over the first screen of the mode, each as its Esc leaves it. Raises the CrmError of one
        that cannot be left now: it stays, and what lies below it."""
        while len(self.screen_stack) > 1:
            leaving = self.screen
            if isinstance(leaving, Place):
                await leaving.before_leaving()
            if self.screen is leaving:
                leaving.dismiss(None)  # whoever waits for its answer hears that there is none

    def _save_mode_soon(self) -> None:
        self._mode_to_save = False
        self.session_keeper.keep(APP_PLACE, {"mode": self.current_mode})

    def command_everywhere_help(self, argument: str = "") -> None:
        from crm_tui.screens.shell.help import Help

        place = self.screen
        if isinstance(place, Place) and not isinstance(place, Help):
            self.push_screen(Help(place, argument))

    def command_everywhere_palette(self, argument: str = "") -> None:
        from crm_tui.screens.shell.palette import Palette

        self._open_over(lambda place: Palette(place, argument))

    def command_everywhere_menu(self, argument: str = "") -> None:
        from crm_tui.screens.shell.palette import Palette

        self._open_over(lambda place: Palette(place, argument, only_here=True))

    def command_everywhere_command_line(self, argument: str = "") -> None:
        from crm_tui.screens.shell.command_line import CommandLine

        self._open_over(lambda place: CommandLine(place, argument))

    def _open_over(self, make: Any) -> None:
        """Push a dialog that answers with a command and its argument, and run that in the place beneath."""
        if isinstance(self.screen, Place):
            self.push_screen(make(self.screen), self._run_chosen)

    def _run_chosen(self, chosen: tuple[str, str] | None) -> None:
        if chosen is None:
            return
        id, argument = chosen
        if not self.run_command(id, argument):
            self.say(self._why_not_here(id), trouble=True)

    def _why_not_here(self, id: str) -> str:
        command = registry.by_id()[id]
        if isinstance(self.screen, Place) and command.scope in self.screen.scopes():
            return _("That cannot be done here.")
        title, place = _(command.title), _(HEADINGS[command.scope])
        return _("“{title}” can be done elsewhere: {places}.").format(title=title, places=place)

    def command_everywhere_back(self, argument: str = "") -> None:
        if takes_text(self.focused):
            self.screen.set_focus(None)
            self.screen.focus_next()
        elif self.put_news_away():
            pass
        elif len(self.screen_stack) > 1:
            left = self.screen
            left.dismiss(None)  # whoever waits for its answer hears that there is none
            self.go_back_from(left)

    def command_everywhere_next_pane(self, argument: str = "") -> None:
        self.screen.focus_next()

    def command_everywhere_previous_pane(self, argument: str = "") -> None:
        self.screen.focus_previous()

    def command_everywhere_notifications(self, argument: str = "") -> None:
        from crm_tui.screens.shell.notification_centre import NotificationCentre

        if not isinstance(self.screen, NotificationCentre):
            self.push_screen(NotificationCentre())

    def can_everywhere_repeat(self) -> bool | str:
        return True if self._commander.last else _("Nothing to repeat yet.")

    def command_everywhere_repeat(self, argument: str = "") -> None:
        if self._commander.last is not None:
            id, earlier = self._commander.last
            if not self.run_command(id, earlier):
                self.say(_("The last act cannot be repeated here."), trouble=True)

    async def command_everywhere_theme(self, argument: str = "") -> None:
        from crm_tui.screens.forms.prompt import Choice

        name: str | None = argument
        if not name:
            name = await self.push_screen_wait(Choice(_("Theme"), [(theme, theme) for theme in self._themes]))
        if name in self._themes and not (theming.wants_no_color() and name != "mono"):
            self.wear(name)
        elif name in self._themes:
            self.say(_("NO_COLOR is set: only the theme mono is worn."), trouble=True)
        elif name:
            self.say(_("There is no theme {name}.").format(name=name), trouble=True)

    def command_everywhere_reload(self, argument: str = "") -> None:
        self.reload_settings()
        if isinstance(self.screen, Place):
            self.screen.reload()

    def command_everywhere_reminders(self, argument: str = "") -> None:
        if self._waiting_reminders():
            self._open_reminders()
        else:
            self.say(_("No reminder waits."))

    def offer_reminder(self) -> None:
        """Reminders came due. The popup opens once the hands rest, unless text is being typed or a dialog is open:
        then they wait."""
        self.call_away(_("Reminder"))
        self._offer_at_rest()

    def _offer_at_rest(self) -> None:
        self.show_waiting_reminders()
        if (
            not isinstance(self.screen, CrmScreen)
            or takes_text(self.focused)
            or not self._waiting_reminders()
        ):
            return
        is_typing = self._keys.pending or self.keys_wait
        wait = self.seconds_to_rest() or (attention.REST_SECONDS if is_typing else 0)
        if wait:
            self.set_timer(wait, self._offer_at_rest)
        else:
            self._open_reminders()
            self._ahead.opens_by_itself(self.screen)

    def show_waiting_reminders(self) -> None:
        """Say in the top line how many reminders wait for an answer, unless they are in sight."""
        count = self._waiting_reminders()
        text = ""
        if count and not self._reminders_in_sight():
            text = ngettext("{n} reminder: Ctrl+G", "{n} reminders: Ctrl+G", count).format(n=count)
        self.set_status("reminders", text)

    def _open_reminders(self) -> None:
        from crm_tui.screens.task.reminder import ReminderPopup

        if not self._reminders_in_sight():
            self.push_screen(ReminderPopup(), self._reminders_closed)
            self.set_status("reminders", "")

    def _reminders_closed(self, _answer: None) -> None:
        self.call_later(self.show_waiting_reminders)

    def _reminders_in_sight(self) -> bool:
        from crm_tui.screens.task.reminder import ReminderPopup

        return any(isinstance(screen, ReminderPopup) for screen in self.screen_stack)

    def _waiting_reminders(self) -> int:
        from crm_tui.services.task import reminders

        with self.ports.store.read() as connection:
            return reminders.count_fired(connection, self.ports.actor.user_id or 0)

    def action_help_quit(self) -> None:
        """What Textual does on Ctrl+C where nothing is selected."""
        self.say(_("Ctrl+Q leaves the program."))

    def command_everywhere_suspend(self, argument: str = "") -> None:
        self.action_suspend_process()

    def kept_state(self, place: Place) -> dict[str, Any]:
        """What the last session kept of a place; empty when there is nothing, or nothing is to be restored."""
        if self.ports.session is None or not self.settings.config.ui.restore:
            return {}
        return self.ports.session.load(place.place)

    def first_mode(self, ports: "Ports", loaded: "Loaded") -> str:
        """Where the last session ended; the first mode where it is not known or not wanted."""
        if ports.session is not None and loaded.config.ui.restore:
            mode = ports.session.load(APP_PLACE).get("mode")
            if mode in self.MODES:
                return str(mode)
        return self.DEFAULT_MODE
