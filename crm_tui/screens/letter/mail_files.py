"""The files of a letter: looked at here, opened elsewhere, saved, piped (MAIL-24, MAIL-25, MAIL-26)."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.forms.prompt import Choice, Confirm, Prompt
from crm_tui.screens.letter.file_types import type_label
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.shell.outside import ask_outside
from crm_tui.screens.wording import size_text
from crm_tui.services.letter import attachments
from crm_tui.store.queries.letters import AttachmentRow
from crm_tui.widgets.letter_view import LetterView, paragraphs
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

if TYPE_CHECKING:
    from crm_tui.screens.letter.mail_acts import LetterActs

    ActsBase = LetterActs
else:
    ActsBase = object

ALL_FILES = "all"


class FileActs(ActsBase):
    """For a screen with a letter at hand."""

    def command_mail_files(self, argument: str = "") -> None:
        """The list of the letter's files."""
        card = self.card(self.letter_at_hand())
        if not card.attachments:
            raise NotFound("no_attachments", letter=card.row.letter_id)
        self.app.push_screen(FilesScreen(card.row.letter_id, card.row.subject, card.attachments))

    async def command_mail_save_attachments(self, argument: str = "") -> None:
        """All files of the letter, or one of them, into a folder that is asked for (MAIL-25, MAIL-26)."""
        card = self.card(self.letter_at_hand())
        files = [one for one in card.attachments if not one.inline] or list(card.attachments)
        if not files:
            raise NotFound("no_attachments", letter=card.row.letter_id)
        parts = [one.part for one in files]
        if len(files) > 1 and not argument:
            every = [(ALL_FILES, _("all {n}").format(n=len(files)))]
            which = await self.app.push_screen_wait(
                Choice(_("Which files?"), [*every, *((one.part, shown_name(one)) for one in files)])
            )
            if which is None:
                return
            parts = parts if which == ALL_FILES else [which]
        folder = await asked_folder(self, argument)
        if folder is not None:
            saved = await asyncio.to_thread(attachments.save, self.store, card.row.letter_id, folder, parts)
            say_saved(self, folder, saved)

    async def command_mail_pipe(self, argument: str = "") -> None:
        """The whole letter into a program."""
        card = self.card(self.letter_at_hand())
        whole = await asyncio.to_thread(attachments.raw, self.store, card.row.letter_id)
        await piped(self, whole, argument)

    async def command_mail_save_letter(self, argument: str = "") -> None:
        """The letter as it was sent, into a file of its own."""
        card = self.card(self.letter_at_hand())
        folder = await asked_folder(self, argument)
        if folder is not None:
            path = await asyncio.to_thread(attachments.save_letter, self.store, card.row.letter_id, folder)
            self.shell.say(_("Saved: {path}").format(path=clean(str(path))))

    async def command_mail_source(self, argument: str = "") -> None:
        """The letter as it was sent, to read."""
        card = self.card(self.letter_at_hand())
        whole = await asyncio.to_thread(attachments.raw, self.store, card.row.letter_id)
        self.app.push_screen(TextScreen(_("As it was sent"), _decoded(whole)))


class FileStrip(Static):
    """The files of the letter that is open, each with its kind, at the foot of the window; a click lists them."""

    def show(self, files: Sequence[AttachmentRow]) -> None:
        """Name these files; none, and the strip is gone."""
        self.display = bool(files)
        named = (
            f"[{type_label(one.content_type, one.name)}] {shown_name(one)} ({size_text(one.size)})"
            for one in files
        )
        self.update(Content(_("Files (A): {names}").format(names="  ".join(named))))

    def on_click(self) -> None:
        screen = self.screen
        if isinstance(screen, CrmScreen):
            screen.shell.run_command("mail.files")


class FilesScreen(ListSearch, Acting, CrmScreen[None]):
    """The files of one letter. Enter shows one here, as far as a terminal can."""

    SCOPES = ("files",)

    def __init__(self, letter_id: int, subject: str, files: Sequence[AttachmentRow]) -> None:
        super().__init__()
        self._letter_id = letter_id
        self._subject = subject
        self._files = {one.id: one for one in files}

    def compose_body(self) -> Iterable[Widget]:
        columns = (
            Column("kind", _("Kind"), width=14, sortable=False),
            Column("name", _("File"), flex=1, min_width=30, sortable=False),
            Column("size", _("Size"), width=7, align="right", sortable=False),
        )
        self._list = RecordList(SmallSource(columns, self._rows), Order(""))
        yield Static(Content(_("Files of: {subject}").format(subject=self._subject)), classes="card-title")
        yield self._list
        yield SearchBar(self._list)

    def on_mount(self) -> None:
        self._list.focus()

    def _rows(self) -> list[Row]:
        return [
            Row(key, (f"[{type_label(one.content_type, one.name)}]", shown_name(one), size_text(one.size)))
            for key, one in self._files.items()
        ]

    def _chosen(self) -> AttachmentRow:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._files[self._list.current_id]

    async def _content(self, file: AttachmentRow) -> bytes:
        return await asyncio.to_thread(attachments.content, self.store, self._letter_id, file.part)

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.run_worker(self._show(self._chosen()), group="command")

    async def _show(self, file: AttachmentRow) -> None:
        await shown_here(self, file.name, file.content_type, await self._content(file))

    async def command_files_open(self, argument: str = "") -> None:
        """In the program for its type; what may be a program itself only after a question."""
        file = self._chosen()
        await opened_outside(self, file.name, file.content_type, await self._content(file))

    async def command_files_keep(self, argument: str = "") -> None:
        """The file is attached to a card (C77-12)."""
        from crm_tui.screens.record.card_choice import chosen_card
        from crm_tui.services.document import card_files

        file = self._chosen()
        content = await self._content(file)
        card = await chosen_card(self, self._letter_id, argument)
        if card is None:
            return
        name, subject = clean(file.name), self._subject
        packed = await asyncio.to_thread(card_files.packed, content)
        await self.act(
            "files.keep",
            lambda work: card_files.attach(work, card.kind, card.id, name, packed, comment=subject),
        )
        self.shell.say(
            _("{name} is attached to {card}.").format(name=shown_name(file), card=clean(card.name))
        )

    async def command_files_save(self, argument: str = "") -> None:
        await self._save([self._chosen().part], argument)

    async def command_files_save_all(self, argument: str = "") -> None:
        await self._save([one.part for one in self._files.values()], argument)

    async def _save(self, parts: list[str], argument: str) -> None:
        folder = await asked_folder(self, argument)
        if folder is not None:
            say_saved(
                self,
                folder,
                await asyncio.to_thread(attachments.save, self.store, self._letter_id, folder, parts),
            )

    async def command_files_pipe(self, argument: str = "") -> None:
        await piped(self, await self._content(self._chosen()), argument)


class TextScreen(CrmScreen[None]):
    """A text to read."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose_body(self) -> Iterable[Widget]:
        yield Static(Content(self._title), classes="card-title")
        self._view = LetterView()
        yield self._view

    def on_mount(self) -> None:
        self._view.show(list(paragraphs(self._text)))
        self._view.focus()


async def shown_here(screen: CrmScreen[Any], name: str, content_type: str, content: bytes) -> None:
    """Show a file as text, as far as a terminal can."""
    from crm_tui.parsing import preview
    from crm_tui.services.letter import openers

    text = await asyncio.to_thread(preview.text_of, content, content_type, name)
    if text is None and content_type == "application/pdf":
        text = await ask_outside(partial(openers.pdf_text, content))
    if text is None:
        text = _("This kind of file cannot be shown here: o opens it in a program, s saves it.")
    screen.app.push_screen(TextScreen(_named(name), text))


async def opened_outside(screen: CrmScreen[Any], name: str, content_type: str, content: bytes) -> None:
    """Open a file in the program for its type; what may be a program itself only after a question."""
    from crm_tui.services.letter import openers

    argv = openers.opener_for(screen.shell.settings.config.mail.openers, content_type)
    danger = openers.why_dangerous(name, content)
    question = _("{name} may be a program ({sign}) and do anything. Open it?")
    if danger and not await screen.app.push_screen_wait(
        Confirm(question.format(name=_named(name), sign=danger))
    ):
        return
    path = await asyncio.to_thread(openers.open_file, name, content, argv)
    screen.shell.say(_("{program} opens {name}.").format(program=clean(argv[0]), name=clean(path.name)))


def shown_name(file: AttachmentRow) -> str:
    """The name that the letter gives to a file, fit to show."""
    return _named(file.name)


def _named(name: str) -> str:
    return clean(name) or _("without a name")


def say_saved(screen: CrmScreen[Any], folder: Path, saved: Sequence[Path]) -> None:
    """Say what was saved and where."""
    names = ", ".join(clean(path.name) for path in saved)
    screen.shell.say(
        ngettext("Saved in {folder}: {names}", "{n} files saved in {folder}: {names}", len(saved)).format(
            n=len(saved), folder=clean(str(folder)), names=names
        )
    )


async def asked_folder(screen: CrmScreen[Any], argument: str) -> Path | None:
    """The folder to save into, typed; None when that is given up."""
    where = argument or await screen.app.push_screen_wait(
        Prompt(_("Save into the folder"), str(downloads_folder()))
    )
    return Path(where).expanduser() if where else None


async def piped(screen: CrmScreen[Any], content: bytes, argument: str) -> None:
    """Ask for a program, let it read the content, and show what it prints."""
    from crm_tui.services.letter import openers

    line = argument or await screen.app.push_screen_wait(
        Prompt(
            _("Pipe into a program"),
            hint=_("A program and its arguments; nothing else of a shell is understood."),
        )
    )
    if line:
        printed = await ask_outside(partial(openers.pipe, content, line))
        screen.app.push_screen(TextScreen(line, printed or _("It printed nothing.")))


def downloads_folder() -> Path:
    """Where files are saved unless another folder is typed."""
    return Path.home() / "Downloads"


def _decoded(whole: bytes) -> str:
    from crm_tui.parsing.preview import text_of

    return text_of(whole, "message/rfc822") or ""
