"""Ctrl+P: find a command or a record by a few letters; `m`: what can be done here."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from crm_tui.commands import registry, strokes
from crm_tui.commands.command import Command
from crm_tui.domain import layouts
from crm_tui.domain.text import clean, fold
from crm_tui.i18n import _
from crm_tui.screens.base import CrmDialog, Place
from crm_tui.screens.forms.prompt import MOVES, move_in_list
from crm_tui.screens.letter.mail_folders import folder_title
from crm_tui.screens.shell.type_ahead import COMMANDS
from crm_tui.screens.wording import kind_text
from crm_tui.services.ports import Found
from crm_tui.store.engine import Store
from crm_tui.store.queries import folders
from crm_tui.store.work import Actor
from crm_tui.widgets.offers import Offers
from crm_tui.widgets.text_field import TextField

MOST_RECORDS = 20
MOST_RECENT = 5
LEAST_LETTERS = 2


class Palette(CrmDialog[tuple[str, str]]):
    """Answers with a command and its argument. Commands of the place come first, then the others, then records."""

    class Records(Message):
        """What a search among records found; from a worker."""

        def __init__(self, typed: str, found: Sequence[Found]) -> None:
            super().__init__()
            self.typed = typed
            self.found = found

    def __init__(self, place: Place, typed: str = "", *, only_here: bool = False) -> None:
        super().__init__()
        self._place = place
        self._typed = typed
        self._only_here = only_here
        self._commands = [
            command
            for command in place.commands_here()
            if command.argument != "id" and not (only_here and _is_foreign(command, place))
        ]
        self._answers: list[tuple[str, str]] = []
        self._folders: list[Found] = []
        self._recent: list[Found] = []

    def compose(self) -> ComposeResult:
        title = _("What can be done here") if self._only_here else _("Find a command or a record")
        with Vertical(classes="dialog"):
            yield Static(Content(title), classes="dialog-title")
            yield TextField(self._typed, own_keys=MOVES)
            yield Offers()
            yield Static(classes="dialog-note")

    def on_mount(self) -> None:
        if not self._only_here:
            self._folders = known_folders(self.store)
            self._recent = recently_visited(self.store, self.actor)
        self.query_one(TextField).focus()
        self._fill(self._typed, ())

    def on_input_changed(self, event: Input.Changed) -> None:
        typed, search = event.value, self.shell.ports.search_records
        if self._only_here or len(typed.strip()) < LEAST_LETTERS:
            search = None
        self._fill(typed, (), is_all=search is None)
        if search is not None:
            # Enter waits for records where no command is meant.
            group = "records" if self._answers else COMMANDS
            self.run_worker(
                lambda: self.post_message(self.Records(typed, search(typed)[:MOST_RECORDS])),
                thread=True,
                exclusive=True,
                group=group,
                exit_on_error=False,
            )

    def on_palette_records(self, event: Records) -> None:
        if event.typed == self.query_one(TextField).value:
            self._fill(event.typed, event.found)

    def on_key(self, event: events.Key) -> None:
        move_in_list(self.query_one(Offers), event.key)

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        index = self.query_one(Offers).highlighted
        if index is not None:
            self.dismiss(self._answers[index])

    def _fill(self, typed: str, records: Sequence[Found], *, is_all: bool = True) -> None:
        commands = [
            command for command in self._commands if matches(command, typed, self._place.title_of(command))
        ]
        named = [one for one in self._folders if typed.strip() and has_words(fold(one.text), typed)]
        records = [*named, *records]
        recent = [] if typed.strip() else self._recent
        self._answers = [(found.command, found.argument) for found in recent]
        self._answers += [(command.id, "") for command in commands]
        self._answers += [(found.command, found.argument) for found in records]
        options = self.query_one(Offers)
        options.set_options(
            [
                *(Option(_record_line(found)) for found in recent),
                *(Option(self._line(command)) for command in commands),
                *(Option(_record_line(found)) for found in records),
            ]
        )
        options.highlighted = 0 if self._answers else None
        note = self.query_one(".dialog-note", Static)
        note.display = is_all and not self._answers
        note.update(Content(_("Nothing found.") if note.display else ""))

    def _line(self, command: Command) -> Content:
        keys = ", ".join(strokes.show(chord) for chord in self.shell.keymap.chords(command))
        refusal = self._place.refusal(command)
        line = Content.assemble(f"{self._place.title_of(command):<28} ", (keys, "bold"))
        return Content.assemble(line, f"  ({refusal})").stylize("dim") if refusal else line


def _record_line(found: Found) -> Content:
    return Content(f"{kind_text(found.kind)}: {clean(found.text)}")


def recently_visited(store: Store, actor: Actor) -> list[Found]:
    """The cards that the person opened last."""
    from crm_tui.services.record import visits

    with store.read() as connection:
        return visits.recent(connection, actor.user_id, MOST_RECENT)


def _is_foreign(command: Command, place: Place) -> bool:
    """Whether the menu of the place has no use for a command."""
    return command.scope == registry.EVERYWHERE and command.id not in place.ALSO_IN_MENU


def known_folders(store: Store) -> list[Found]:
    """The folders that letters can be in, of all accounts."""
    with store.read() as connection:
        rows = folders.rows(connection, counted=False)
    return [
        Found("folder", f"{folder_title(one)} · {clean(one.account)}", "everywhere.show_folder", str(one.id))
        for one in rows
        if one.selectable
    ]


def matches(command: Command, typed: str, title: str = "") -> bool:
    """Whether every word typed is in a title or the name, as typed or as the same keys type in Latin."""
    return has_words(fold(f"{title} {_(command.title)} {command.id}"), typed)


def has_words(name: str, typed: str) -> bool:
    """Whether every word typed is in a folded name, as typed or as the same keys type in Latin."""
    return any(
        all(word in name for word in fold(words).split())
        for words in (typed, *(layouts.translate_text(typed, layout) for layout in ("ru", "uk", "kk")))
    )
