"""Telling of what has come: lines over the foot, a lasting count in the top line, a call through the terminal.

Nothing takes the focus. While text is typed only a message at the foot and the count tell (story B2).
"""

from collections.abc import Mapping, Sequence, Set
from functools import partial
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any

from textual.content import Content

from crm_tui.domain.errors import StoreBusy
from crm_tui.i18n import _, ngettext
from crm_tui.screens.base import CrmScreen, takes_text
from crm_tui.screens.late import is_left
from crm_tui.services import messages
from crm_tui.services.task import notifications
from crm_tui.services.task.notifications import Unseen
from crm_tui.widgets.news_strip import NewsStrip

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.config import Loaded
    from crm_tui.services.ports import Ports
    from crm_tui.store.queries.notifications import NotificationRow

    Base = App[int]
else:
    Base = object

TOPICS = frozenset({"notification", "*"})
LETTERS = ("new_letter", "new_letters")
LINES = 4
"""Lines of news at once; the rest is counted and stands in the list of notifications."""
SHOW = {
    "letter": "everywhere.show_letter",
    "task": "everywhere.show_task",
    "event": "everywhere.show_event",
    "interest": "everywhere.show_interest",
    "outbox": "everywhere.outbox",
    "customer": "everywhere.show_customer",
    "contact": "everywhere.show_contact",
    "lead": "everywhere.show_lead",
    "document": "everywhere.show_document",
}
"""What a notification is about → the command that goes there."""
CALLS = {
    "call_on": "everywhere.phone",
    "call_on_unknown": "everywhere.phone",
    "call_ended": "everywhere.note_call",
    "call_ended_unknown": "everywhere.note_call",
    "call_missed": "everywhere.phone",
    "call_missed_unknown": "everywhere.phone",
}
"""Of a call (``interaction.telephony``) the number is looked up anew: who has it may have been noted meanwhile."""


class News(Base):
    """For the app: ``tell_news`` when the store has changed."""

    _told: tuple[Unseen, ...] = ()
    """Told and not looked at, the newest last."""

    if TYPE_CHECKING:
        ports: Ports
        settings: Loaded
        message: str

        def say(self, text: str, *, trouble: bool = False) -> None: ...
        def set_status(self, name: str, text: str) -> None: ...
        def run_command(self, id: str, argument: str = "") -> bool: ...

        is_passing_by: bool

        def call_away(self, text: str) -> None: ...

    def tell_news(self, topics: Mapping[str, Set[int]]) -> None:
        """Tell what was notified of and not told yet, and note that it is told."""
        if topics.keys() & TOPICS:
            self.run_worker(self._take_news, thread=True, group="news", exit_on_error=False)

    def _take_news(self) -> None:
        """In a thread. Two at once tell nothing twice: whoever marks it first tells it."""
        if is_left(self):  # nobody would be told
            return
        user_id = self.ports.actor.user_id or 0
        with self.ports.store.read() as connection:
            if not notifications.any_unseen(connection, user_id):
                return
        try:
            with self.ports.store.facts("notification.seen") as work:
                notifications.forget_old(work)
                news = notifications.take_unseen(work, user_id)
        except StoreBusy:  # told with the next change
            return
        if news:
            self.call_later(self._tell, news)

    def _tell(self, news: Sequence[Unseen]) -> None:
        wanted = self.settings.config.notify
        told = to_tell(news, wanted.few_letters if wanted.new_letters else None)
        if not told:
            return
        over = {one.facts.get("number") for one in told if one.code in CALLS}
        # What is told of a call takes the place of what was told of it before.
        self._told = (
            *(one for one in self._told if one.code not in CALLS or one.facts.get("number") not in over),
            *told,
        )
        self._show_news()
        text = sentence(told[-1])
        if takes_text(self.focused) and not self.message:  # what a person just did is not talked over
            self.say(text, trouble=told[-1].code not in LETTERS)
        self.call_away(text)

    def command_everywhere_newest_letter(self, argument: str = "") -> None:
        """Go to the newest of what was told; with the next press to the one before it."""
        if not self._told:
            self.say(_("No new letter."))
            return
        *rest, newest = self._told
        self._told = tuple(rest)
        self._show_news()
        self.open_news(newest)

    def open_news(self, one: "Unseen | NotificationRow") -> None:
        """Go to what a notification is about, and note that it was looked at."""
        code, kind, subject_id, notification_id = one.code, one.subject_kind, one.subject_id, one.id
        read = partial(self._read, None if code == "new_letters" else notification_id)
        self.run_worker(read, thread=True, group="news", exit_on_error=False)
        if code in CALLS:
            self.run_command(CALLS[code], str(one.facts.get("number", "")))
        elif kind in SHOW and subject_id is not None:
            self.run_command(SHOW[kind], str(subject_id))
        elif code == "new_letters":
            self.run_command("everywhere.mail")
        else:
            self.run_command("everywhere.notifications")

    def _read(self, notification_id: int | None) -> None:
        """Note that one notification was looked at, or, without an id, all those of letters."""
        with self.ports.store.facts("notification.read") as work:
            if notification_id is not None:
                notifications.mark_read(work, [notification_id])
            else:
                notifications.letters_read(work, self.ports.actor.user_id or 0)

    def news_seen(self) -> None:
        """The list of letters is looked at: what was told of them is told enough."""
        if self.is_passing_by:
            return
        self._told = tuple(one for one in self._told if one.code not in LETTERS)
        self._show_news()

    def put_news_away(self) -> bool:
        """Take the lines off the screen in view, the count stays; False when none are shown."""
        shown = [strip for strip in self._in_view().query(NewsStrip) if strip.display]
        for strip in shown:
            strip.show(())
        return bool(shown)

    def _show_news(self) -> None:
        letters = sum(int(one.facts.get("count", 1)) for one in self._told if one.code in LETTERS)
        others = sum(1 for one in self._told if one.code not in LETTERS)
        parts = []
        if letters:
            parts.append(ngettext("{n} new letter", "{n} new letters", letters).format(n=letters))
        if others:
            parts.append(ngettext("{n} notice", "{n} notices", others).format(n=others))
        self.set_status("news", _("{news}: Ctrl+N").format(news=", ".join(parts)) if parts else "")
        lines = news_lines(self._told)
        for screen in chain.from_iterable(self._screen_stacks.values()):
            for strip in screen.query(NewsStrip):
                if strip.display:  # also on a screen that is not in view: it comes back
                    strip.show(lines)
        if lines and not takes_text(self.focused):
            self._strip().show(lines)

    def _in_view(self) -> CrmScreen[Any]:
        """The screen in view, not a dialog over it."""
        return next(one for one in reversed(self.screen_stack) if isinstance(one, CrmScreen))

    def _strip(self) -> NewsStrip:
        """The strip of the screen in view; made when first needed."""
        screen = self._in_view()
        for strip in screen.query(NewsStrip):
            return strip
        strip = NewsStrip()
        screen.mount(strip)
        return strip


def to_tell(news: Sequence[Unseen], few: int | None) -> tuple[Unseen, ...]:
    """Of each batch up to ``few`` letters one by one, more as their number (MAIL-42, MAIL-43).

    Without ``few`` letters are not told at all (MAIL-41).
    """
    told: list[Unseen] = []
    for (_at, is_letter), group in groupby(news, key=lambda one: (one.at, one.code == "new_letter")):
        batch = list(group)
        if few is None:
            told += [one for one in batch if one.code not in LETTERS]
        elif is_letter and len(batch) > few:
            last = batch[-1]
            told.append(Unseen(last.id, "new_letters", {"count": len(batch)}, "", None, last.at))
        else:
            told += batch
    return tuple(told)


def sentence(one: Unseen) -> str:
    """What a notification says."""
    return messages.of_notification(one.code, one.facts)


def news_lines(told: Sequence[Unseen]) -> list[Content]:
    """The newest first, with the key that goes there; what has no room is counted."""
    shown = list(reversed(told))[:LINES]
    key = "Ctrl+N"
    lines = [
        Content.assemble(
            (f" {key}  " if not place else " " * (len(key) + 3), "bold"),
            sentence(one) if one.code in LETTERS else f"! {sentence(one)}",
        )
        for place, one in enumerate(shown)
    ]
    more = len(told) - len(shown)
    if more:
        count = ngettext("… and {n} more: g n", "… and {n} more: g n", more).format(n=more)
        lines.append(Content(" " * (len(key) + 3) + count))
    return lines
