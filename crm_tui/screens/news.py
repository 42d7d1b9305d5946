"""Telling of new letters: a line at the foot and a lasting word in the top line; nothing pops up."""

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

from crm_tui.domain.errors import StoreBusy
from crm_tui.i18n import _, ngettext
from crm_tui.services import messages, notifications
from crm_tui.services.notifications import Unseen

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object

TOPICS = frozenset({"notification", "*"})


class News(Base):
    """For the app: ``tell_news`` when the store has changed."""

    _new_letters = 0
    _newest: int | None = None
    """The place of the newest letter told of; None when only their number was told."""

    if TYPE_CHECKING:
        ports: Ports
        message: str

        def say(self, text: str, *, trouble: bool = False) -> None: ...
        def set_status(self, name: str, text: str) -> None: ...
        def run_command(self, id: str, argument: str = "") -> bool: ...

    def tell_news(self, topics: Mapping[str, Set[int]]) -> None:
        """Tell what was notified of and not told yet, and note that it is told."""
        if topics.keys() & TOPICS:
            self.run_worker(self._take_news, thread=True, group="news", exit_on_error=False)

    def _take_news(self) -> None:
        """In a thread. Two at once tell nothing twice: whoever marks it first tells it."""
        user_id = self.ports.actor.user_id or 0
        with self.ports.store.read() as connection:
            if not notifications.any_unseen(connection, user_id):
                return
        try:
            with self.ports.store.facts("notification.seen") as work:
                news = notifications.take_unseen(work, user_id)
        except StoreBusy:  # told with the next change
            return
        if news:
            self.call_from_thread(self._tell, news)

    def _tell(self, news: list[Unseen]) -> None:
        letters = [one for one in news if one.code in ("new_letter", "new_letters")]
        for one in letters:
            self._new_letters += int(one.facts.get("count", 1))
            self._newest = one.subject_id
        self._show_count()
        last = news[-1]
        text = messages.of_notification(last.code, last.facts)
        if len(letters) > 1 and last in letters:
            text = messages.of_notification("new_letters", {"count": self._new_letters})
        if last in letters:
            text = f"Ctrl+N · {text}"  # the key first: a long subject is cut
        if not self.message:  # what a person just did is not talked over; the top line has the number
            self.say(text, trouble=last not in letters)

    def command_everywhere_newest_letter(self, argument: str = "") -> None:
        """The newest letter told of; the inbox when there were too many to name."""
        if not self._new_letters:
            self.say(_("No new letter."))
            return
        newest, self._new_letters, self._newest = self._newest, 0, None
        self._show_count()
        if newest is None:
            self.run_command("everywhere.mail")
        else:
            self.run_command("everywhere.show_letter", str(newest))

    def news_seen(self) -> None:
        """The list of letters is looked at: what was told of it is told enough."""
        self._new_letters, self._newest = 0, None
        self._show_count()

    def _show_count(self) -> None:
        count = self._new_letters
        self.set_status(
            "news",
            ngettext("{n} new letter: Ctrl+N", "{n} new letters: Ctrl+N", count).format(n=count)
            if count
            else "",
        )
