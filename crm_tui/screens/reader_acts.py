"""What can be done while reading a letter: its files, its links, its quoted text, its headers."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.domain.errors import CrmError, NotFound, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.mail_linkage import LinkageActs
from crm_tui.screens.prompt import Choice, Prompt
from crm_tui.services import attachments
from crm_tui.store.queries import letters
from crm_tui.store.queries.letters import LetterCard

if TYPE_CHECKING:
    from crm_tui.parsing.html_writer import Link
    from crm_tui.parsing.letter import Letter
    from crm_tui.screens.mail_acts import LetterActs

    class Base(LinkageActs, LetterActs):
        """What the acts need of their screen."""

else:
    Base = LinkageActs

OPENABLE = ("http://", "https://", "mailto:")
"""Beginnings of the only addresses that are ever handed to another program."""
MOST_HEADERS = 64 * 1024
ALL_FILES = "all"


class ReaderActs(Base):
    """For a screen that shows a letter."""

    quotes_folded = True
    all_headers = False

    def show_again(self) -> None:
        """Draw the letter anew: what is folded or shown of it changed."""
        raise NotImplementedError

    def command_mail_toggle_quotes(self, argument: str = "") -> None:
        self.quotes_folded = not self.quotes_folded
        self.show_again()

    def command_mail_headers(self, argument: str = "") -> None:
        self.all_headers = not self.all_headers
        self.show_again()

    async def command_mail_save_attachments(self, argument: str = "") -> None:
        """All files of the letter, or one of them, into a folder that is asked for (MAIL-25, MAIL-26)."""
        card = self.card(self.letter_at_hand())
        files = [one for one in card.attachments if not one.inline] or list(card.attachments)
        if not files:
            raise NotFound("no_attachments", letter=card.row.letter_id)
        parts: list[str] | None = [one.part for one in files]
        if len(files) > 1 and not argument:
            which = await self.app.push_screen_wait(
                Choice(
                    _("Which files?"),
                    [
                        (ALL_FILES, _("all {n}").format(n=len(files))),
                        *((one.part, clean(one.name) or _("without a name")) for one in files),
                    ],
                )
            )
            if which is None:
                return
            parts = parts if which == ALL_FILES else [which]
        where = argument or await self.app.push_screen_wait(
            Prompt(_("Save into the folder"), str(downloads_folder()))
        )
        if not where:
            return
        folder = Path(where).expanduser()
        saved = await asyncio.to_thread(attachments.save, self.store, card.row.letter_id, folder, parts)
        names = ", ".join(clean(path.name) for path in saved)
        self.shell.say(
            ngettext("Saved in {folder}: {names}", "{n} files saved in {folder}: {names}", len(saved)).format(
                n=len(saved), folder=folder, names=names
            )
        )

    async def command_mail_link(self, argument: str = "") -> None:
        """Where a link really leads; it is copied or opened only after that was seen."""
        parsed = await self.parsed(self.card(self.letter_at_hand()))
        links = {} if parsed is None else {str(one.number): one for one in parsed.links}
        if not links:
            raise NotFound("no_links")
        number: str | None = argument.strip("[] ")
        if not number:
            number = await self.app.push_screen_wait(
                Choice(_("Link"), [(key, _shown(one)) for key, one in links.items()])
            )
        if number is None:
            return
        if number not in links:
            raise NotFound("no_such_link", number=clean(number))
        await self._lead_to(links[number])

    async def _lead_to(self, link: "Link") -> None:
        if not link.url.lower().startswith(OPENABLE):
            raise Refused("link_refused", url=link.url)
        choices = [("copy", _("copy the address"))]
        if has_browser():
            choices.append(("open", _("open it in the browser")))
        what = await self.app.push_screen_wait(
            Choice(
                _("It leads to {host}").format(host=link.host or "?"),
                choices,
                note=link.url,
            )
        )
        if what == "copy":
            self.app.copy_to_clipboard(link.url)
            self.shell.say(_("Copied: {url}").format(url=link.url))
        elif what == "open":
            self.app.open_url(link.url)

    async def parsed(self, card: LetterCard) -> "Letter | None":
        """The letter taken apart anew from its bytes, for what the store does not keep; None when it cannot be."""
        return await asyncio.to_thread(self._parsed, card.row.letter_id)

    def _parsed(self, letter_id: int) -> "Letter | None":
        from crm_tui.parsing.pool import ParserPool

        with self.store.read() as connection:
            raw = letters.raw(connection, letter_id)
        if raw is None:
            return None
        try:
            with ParserPool() as pool:
                return pool.parse(raw)
        except CrmError:
            return None

    def raw_headers(self, card: LetterCard) -> str:
        """All headers as they were sent, fit to show; a hint when they are not here."""
        with self.store.read() as connection:
            raw = letters.raw(connection, card.row.letter_id)
        if raw is None:
            return _("The headers are not here yet: get mail first.")
        head = raw[:MOST_HEADERS].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        return clean(head.decode("utf-8", "replace"), multiline=True)


def downloads_folder() -> Path:
    """Where files are saved unless another folder is typed."""
    return Path.home() / "Downloads"


def has_browser() -> bool:
    """Whether a browser has a window of its own here: one in the terminal would draw over us."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _shown(link: "Link") -> str:
    return f"{link.host or '?'} — {link.url}"
