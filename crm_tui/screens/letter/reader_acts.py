"""What can be done while reading a letter: its links, its quoted text, its headers, and what has files of its own."""

import asyncio
import os
from typing import TYPE_CHECKING

from crm_tui.domain.errors import CrmError, NotFound, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.letter.letter_contact import ContactActs
from crm_tui.screens.letter.mail_create import CreateActs
from crm_tui.screens.letter.mail_files import FileActs
from crm_tui.screens.letter.mail_linkage import LinkageActs
from crm_tui.screens.letter.mail_recognised import RecognisedActs
from crm_tui.store.queries import letters
from crm_tui.store.queries.letters import LetterCard

if TYPE_CHECKING:
    from crm_tui.parsing.html_writer import Link
    from crm_tui.parsing.letter import Letter
    from crm_tui.screens.letter.mail_acts import LetterActs

    class Base(ContactActs, CreateActs, RecognisedActs, FileActs, LinkageActs, LetterActs):
        """What the acts need of their screen."""

else:

    class Base(ContactActs, CreateActs, RecognisedActs, FileActs, LinkageActs):
        """What can be done with the letter at hand, each in a file of its own."""


OPENABLE = ("http://", "https://", "mailto:")
"""Beginnings of the only addresses that are ever handed to another program."""
MOST_HEADERS = 64 * 1024


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
        await self.follow_link(links[number].url, links[number].host)

    async def follow_link(self, url: str, host: str, note: str = "") -> None:
        """Show where an address leads; it is copied, or opened in a browser, only then. Raises Refused for one that
        is never opened (row 54)."""
        if not url.lower().startswith(OPENABLE):
            raise Refused("link_refused", url=url)
        choices = [("copy", _("copy the address"))]
        if has_browser():
            choices.append(("open", _("open it in the browser")))
        what = await self.app.push_screen_wait(
            Choice(
                _("It leads to {host}").format(host=host or "?"),
                choices,
                note=f"{note} {url}".strip(),
            )
        )
        if what == "copy":
            self.app.copy_to_clipboard(url)
            self.shell.say(_("Copied: {url}").format(url=url))
        elif what == "open":
            self.app.open_url(url)

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


def has_browser() -> bool:
    """Whether a browser has a window of its own here: one in the terminal would draw over us."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _shown(link: "Link") -> str:
    return f"{link.host or '?'} — {link.url}"
