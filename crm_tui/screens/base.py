"""What every screen and dialog has in common: its scopes of commands, its frame, its part in a session.

A command ``mail.move`` is carried out by the method ``command_mail_move(argument="")`` of the focused widget,
of one of its ancestors, of the screen, or of the app, whichever has it first. An optional method
``can_mail_move()`` answers True, or False or a reason why not. A method may be a coroutine: it runs as a worker
and may await dialogs. ``CrmError`` raised by either is shown as a message.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from crm_tui.commands import registry
from crm_tui.commands.command import Command
from crm_tui.commands.keymap import Keymap
from crm_tui.domain.errors import CrmError
from crm_tui.i18n import _
from crm_tui.screens.refusing import Refusing
from crm_tui.services.ports import Ports
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from crm_tui.config import Loaded
    from crm_tui.services.unkept import UnkeptLetter
    from crm_tui.store.engine import Store
    from crm_tui.store.work import Actor

Result = TypeVar("Result")
Topics = Mapping[str, set[int]]

SAVE_AFTER_SECONDS = 2.0


class Shell(Protocol):
    """What a screen may ask of the app."""

    ports: Ports
    settings: "Loaded"
    keymap: Keymap
    message: str
    opened_from: "tuple[Screen[Any], str] | None"

    def run_command(self, id: str, argument: str = "") -> bool: ...

    def remember(self, id: str, argument: str) -> None: ...

    def say(self, text: str, *, trouble: bool = False) -> None: ...

    def explain(self, error: CrmError) -> str: ...

    def set_status(self, name: str, text: str) -> None: ...

    def take_settings(self) -> None: ...

    def get_mail(self, account_ids: Sequence[int] | None = None) -> None: ...

    def news_seen(self) -> None: ...

    def keep_place(self, place: "Place") -> None: ...

    def kept_state(self, place: "Place") -> dict[str, Any]: ...

    def footer_keys(self, place: "Place") -> tuple[tuple[str, str], ...]: ...

    def places(self) -> tuple[tuple[str, str, bool], ...]: ...

    def status_parts(self) -> tuple[str, ...]: ...


class Place(Refusing):
    """A screen or a dialog as the keyboard sees it."""

    SCOPES: ClassVar[tuple[str, ...]] = ()
    """Scopes of commands in force here, nearest first; ``everywhere`` is added by itself."""
    ALSO_IN_MENU: ClassVar[frozenset[str]] = frozenset()
    """Commands that work everywhere and yet belong to the menu of this place."""
    IS_DIALOG: ClassVar[bool] = False
    ACTS_AS_TYPED: ClassVar[bool] = False
    """A character typed into a field here may close the place, or begin what the next key builds upon."""

    is_mounted: bool
    focused_last: Widget | None = None
    """What had the focus last, also while a window too small shows nothing that could have it."""
    _closes_with: tuple[Any] | None = None
    dirty = False
    """Hidden while the store changed: to be read anew when shown."""

    @property
    def shell(self) -> Shell:
        """The app, as far as a screen may use it."""
        return cast(Shell, self.app)  # type: ignore[attr-defined]

    @property
    def store(self) -> "Store":
        """The store: ``with self.store.read() as connection`` and queries of ``store.queries``."""
        return self.shell.ports.store

    @property
    def actor(self) -> "Actor":
        """The person at the keys, as the actor of verbs."""
        return self.shell.ports.actor

    @property
    def place(self) -> str:
        """The name under which the session of this place is kept."""
        return type(self).__name__

    def scopes(self) -> tuple[str, ...]:
        """Scopes in force now: those of the focused widget, of the place, of the whole program."""
        near = [scope for widget in self._focus_chain() for scope in getattr(widget, "SCOPES", ())]
        own = [scope for scope in (*near, *self.SCOPES) if scope != registry.LIST]
        lists = [registry.LIST] if registry.LIST in (*near, *self.SCOPES) else []
        return tuple(dict.fromkeys((*own, *lists, registry.EVERYWHERE)))

    def allows(self, command: Command) -> bool:
        """Whether the command may act here at all: in a dialog, not everything that works everywhere does."""
        return not self.IS_DIALOG or command.scope != registry.EVERYWHERE or command.in_dialogs

    def target_of(self, command: Command) -> object | None:
        """The object that carries out the command here, or None."""
        if not self.allows(command):
            return None
        for candidate in (*self._focus_chain(), self, self.app):  # type: ignore[attr-defined]
            if hasattr(candidate, command.method):
                return cast(object, candidate)
        return None

    def refusal(self, command: Command) -> str | None:
        """Why the command cannot be done here and now, or None when it can."""
        target = self.target_of(command)
        if target is None:
            return _("“{title}” cannot be done here.").format(title=_(command.title))
        guard = getattr(target, command.guard, None)
        answer = True if guard is None else guard()
        if answer is True:
            return None
        return str(answer) if answer else _("“{title}” cannot be done now.").format(title=_(command.title))

    def title_of(self, command: Command) -> str:
        """What the command is called here, translated: a place may have a better name for it."""
        return _(command.title)

    def commands_here(self, *, at_foot: bool = False) -> list[Command]:
        """The commands that can act here, those of the place first; only those shown ``at_foot`` of the screen."""
        return [
            command
            for scope in self.scopes()
            for command in registry.by_scope().get(scope, ())
            if (command.footer or not at_foot) and self.target_of(command) is not None
        ]

    def store_changed(self, topics: Topics) -> None:
        """Rows changed while we are visible: topic (table name, ``*`` for everything) → ids. Default: all anew."""
        self.reload()

    def sync_changed(self) -> None:
        """The sync of an account went on while we are visible. Default: nothing here shows it."""

    def reload(self) -> None:
        """Read everything shown anew from the store."""

    def session_state(self) -> dict[str, Any]:
        """What to keep of this place for the next session: plain JSON values."""
        return {}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        """Take up what an earlier session left."""

    def refresh_frame(self) -> None:
        """Show the footer and the status line as things now are."""
        footer_keys = self.shell.footer_keys(self)
        for footer in self.query(Footer):  # type: ignore[attr-defined]
            footer.keys, footer.message = footer_keys, self.shell.message
        for line in self.query(StatusLine):  # type: ignore[attr-defined]
            line.places, line.parts = self.shell.places(), self.shell.status_parts()

    def on_descendant_focus(self) -> None:
        self.focused_last = self.focused  # type: ignore[attr-defined]
        self.refresh_frame()

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close with an answer, once. What lies over it is not closed in its stead: it closes when that is gone."""
        if self.app.screen is self:  # type: ignore[attr-defined]
            return cast(AwaitComplete, super().dismiss(result))  # type: ignore[misc]
        self._closes_with = (result,)
        return AwaitComplete()

    def _seen_again(self) -> None:
        """It lies on top, perhaps not for the first time."""
        if self._closes_with is not None:
            answer, self._closes_with = self._closes_with, None
            self.dismiss(*answer)

    async def before_leaving(self) -> None:
        """A command takes this place away: do what its Esc does. A CrmError raised here keeps it, and is told."""

    def unsent(self) -> "UnkeptLetter | None":
        """A letter that is being written here, taken note of as it is now; None where there is none to keep."""
        return None

    def keep_unsent(self) -> None:
        """Keep the letter as ``unsent`` noted it, in any thread. Raises StoreBusy."""

    def session_changed(self) -> None:
        """Something worth keeping changed (cursor, filter, typed text): it is kept within two seconds."""
        if not getattr(self, "_save_pending", False):
            self._save_pending = True
            self.set_timer(SAVE_AFTER_SECONDS, self._save_soon)  # type: ignore[attr-defined]

    def _save_soon(self) -> None:
        self._save_pending = False
        self.shell.keep_place(self)

    def _focus_chain(self) -> list[Widget]:
        focused = self.focused  # type: ignore[attr-defined]
        if focused is None:
            return []
        return [
            node
            for node in focused.ancestors_with_self
            if isinstance(node, Widget) and not isinstance(node, Place)
        ]


class CrmScreen(Place, Screen[Result], Generic[Result]):
    """A full screen: status line, body (``compose_body``), footer, and a plain notice where there is no room."""

    BINDINGS: ClassVar[list[BindingType]] = []
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (80, "-normal"), (120, "-wide"), (200, "-huge")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (16, "-low"), (24, "-middling"), (40, "-tall")]

    def compose(self) -> ComposeResult:
        self._fit()
        yield StatusLine()
        try:
            yield from self.compose_body()
        except CrmError as error:
            self.refused(error)
        yield Footer()
        yield Static(Content(_("This window is too small: 60×16 is the least.")), id="too-small")

    def compose_body(self) -> Iterable[Widget]:
        """The widgets between status line and footer."""
        return ()

    def _fit(self) -> None:
        """Textual would do it with the first layout, when the styles of all widgets are worked out anew for it."""
        width, height = self.app.size
        steps = ((width, self.HORIZONTAL_BREAKPOINTS), (height, self.VERTICAL_BREAKPOINTS))
        self.add_class(*(max(step for step in known if step[0] <= cells)[1] for cells, known in steps))

    def on_mount(self) -> None:
        """Runs after the ``on_mount`` of the screen itself: its widgets are there and take what was kept."""
        kept = self.shell.kept_state(self)
        if kept:
            self.restore_session(kept)

    def on_resize(self) -> None:
        """Textual takes the focus from what a window too small hides: it comes back with the room."""
        self.call_after_refresh(self._focus_again)

    def _focus_again(self) -> None:
        last = self.focused_last
        has_room = not (self.has_class("-tiny") or self.has_class("-flat"))
        if has_room and self.focused is None and last is not None and last.is_attached and last.focusable:
            last.focus()

    def on_record_list_menu_asked(self) -> None:
        """The right mouse button does what the key of the menu does."""
        self.shell.run_command("everywhere.menu")

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        if self.dirty:
            self.dirty = False
            try:
                self.reload()
            except CrmError as error:
                self.dirty = True
                self.shell.say(self.shell.explain(error), trouble=True)
        self.refresh_frame()
        self._seen_again()


class CrmDialog(Place, ModalScreen[Result], Generic[Result]):
    """A dialog over a screen; Esc closes it with None."""

    IS_DIALOG = True
    BINDINGS: ClassVar[list[BindingType]] = []

    def command_everywhere_back(self, argument: str = "") -> None:
        self.dismiss(None)

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        self.refresh_frame()
        self._seen_again()


def takes_text(widget: Widget | None) -> bool:
    """Whether keys typed at the widget are text."""
    return isinstance(widget, (Input, TextArea)) or bool(getattr(widget, "captures_text", False))
