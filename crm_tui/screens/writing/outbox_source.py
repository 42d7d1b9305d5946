"""The rows of the outbox: letters to be sent, and below them what was done with letters and waits for a server."""

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from crm_tui.domain.clock import Clock
from crm_tui.domain.text import clean, fold
from crm_tui.i18n import N_, _, ngettext
from crm_tui.screens.letter.mail_folders import ROLE_TITLES
from crm_tui.screens.wording import due_text, list_date
from crm_tui.services.writing.outbox import WITH_THE_JOB
from crm_tui.store.engine import Store
from crm_tui.store.queries import outbox
from crm_tui.store.queries.outbox import KINDS, PendingAct, WaitingLetter
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag, is_heading, section_of, with_headings

LETTER_SIGNS = {"queued": "+", "sending": ">", "deferred": "~", "failed": "!", "uncertain": "?"}
"""What a state is known by beside its words, on any terminal."""
ACT_WORDS = {
    "delete": N_("delete for good"),
    "move": N_("move to “{folder}”"),
    "read": N_("mark as read"),
    "unread": N_("mark as unread"),
    "important": N_("mark as important"),
    "unimportant": N_("mark as not important"),
    "put": N_("put into “{folder}”"),
    "folder_create": N_("make the folder “{folder}”"),
    "folder_rename": N_("rename the folder to “{folder}”"),
    "folder_delete": N_("delete the folder “{folder}”"),
    "folder_subscribe": N_("subscription of “{folder}”"),
}
_WIDTH = 16
"""Ids of rows are those of records times this, plus the kind: 0 for a letter to be sent, then ``KINDS``."""


def state_text(letter: WaitingLetter, now: datetime, zone: tzinfo) -> str:
    """The state of a letter in words, with its sign; a time where it has one."""
    sign = LETTER_SIGNS[letter.status]
    if letter.status == "sending":
        words = _("being sent")
    elif letter.status == "failed":
        words = _("not sent")
    elif letter.status == "uncertain":
        words = _("sent or not?")
    elif letter.next_try_at == WITH_THE_JOB:
        words = _("with the next run")
    elif letter.status == "deferred":
        words = _("again {date}").format(date=due_text(letter.next_try_at, now, zone))
    elif letter.next_try_at > now:
        words = _("goes {date}").format(date=due_text(letter.next_try_at, now, zone))
    else:
        words = _("queued")
    return f"{sign} {words}"


def act_text(act: PendingAct) -> str:
    """What was done, in words."""
    if act.kind == "delete" and act.role == "drafts":
        return _("take the draft away")
    title = ROLE_TITLES.get(act.role)
    return _(ACT_WORDS[act.kind]).format(folder=_(title) if title else clean(act.folder))


def row_of_letter(outbox_id: int) -> int:
    """The id of the row of a letter to be sent."""
    return outbox_id * _WIDTH


class OutboxSource:
    """Letters first, the next to go on top; then the acts in the order they were done."""

    def __init__(self, store: Store, clock: Clock, zone: tzinfo) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self.letters: dict[int, WaitingLetter] = {}
        self.acts: dict[int, PendingAct] = {}
        self.columns = (
            Column("state", _("State"), width=27, sortable=False),
            Column("subject", _("Subject"), flex=3, min_width=20, sortable=False),
            Column("to", _("To"), flex=2, min_width=14, sortable=False, drop=1),
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows, headings among them."""
        wanted = list(self.ids(order, needle)[:limit])
        rows = self.rows(wanted)
        return [rows[key] for key in wanted]

    def ids(self, _order: Order, needle: str) -> "array[int]":
        """Everything that waits and has all the words."""
        with self._store.read() as connection:
            letters, acts = outbox.waiting_letters(connection), outbox.pending_acts(connection)
        words = fold(needle).split()
        self.letters = {
            row_of_letter(one.id): one
            for one in letters
            if _has(words, one.subject, *one.recipients, one.account)
        }
        self.acts = {
            one.id * _WIDTH + 1 + KINDS.index(one.kind): one
            for one in acts
            if _has(words, one.subject, act_text(one))
        }
        return with_headings([*((key, 0) for key in self.letters), *((key, 1) for key in self.acts)])

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        return {key: self._row(key) for key in ids if is_heading(key) or self._known(key)}

    def _row(self, key: int) -> Row:
        if is_heading(key):
            return Row(key, (self._heading(section_of(key)), "", ""))
        now = self._clock()
        letter = self.letters.get(key)
        if letter is None:
            act = self.acts[key]
            flags = RowFlag.OVERDUE if act.error else RowFlag.NONE
            when = list_date(act.at, now, self._zone) if act.at is not None else ""
            return Row(key, (f"{when} {act_text(act)}".lstrip(), clean(act.subject), ""), flags)
        return Row(
            key,
            (
                state_text(letter, now, self._zone),
                clean(letter.subject) or _("no subject"),
                clean(", ".join(letter.recipients)),
            ),
        )

    def _heading(self, section: int) -> str:
        if section == 0:
            count = len(self.letters)
            return ngettext("{n} letter to send", "{n} letters to send", count).format(n=count)
        count = len(self.acts)
        return ngettext(
            "{n} mailbox act that a server waits for", "{n} mailbox acts that servers wait for", count
        ).format(n=count)

    def _known(self, key: int) -> bool:
        return key in self.letters or key in self.acts


def _has(words: Sequence[str], *texts: str) -> bool:
    folded = fold(" ".join(texts))
    return all(word in folded for word in words)
