"""Document linkage structure (MAIL-49): the letters of a thread as a tree, with what was made from each of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import NotFound
from crm_tui.domain.text import clean
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import N_, _
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.letter.mail_folders import ROLE_TITLES
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.wording import due_text, kind_text
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag

if TYPE_CHECKING:
    from crm_tui.screens.letter.mail_acts import LetterActs
    from crm_tui.store.queries.threads import Made, Member

    Base = LetterActs
else:
    Base = object

DEEPEST = 10
"""Levels by which an answer is moved to the right at most."""
SHOWN_TOPICS = frozenset({"letter", "placement", "task", "event", "interest", "letter_link", "*"})
STATUSES = {"open": N_("open"), "done": N_("done"), "cancelled": N_("cancelled")}


class LinkageActs(Base):
    """For a screen with a letter at hand."""

    def command_mail_linkage(self, argument: str = "") -> None:
        """The tree of the thread that the letter at hand belongs to."""
        card = self.card(self.letter_at_hand())
        self.app.push_screen(LinkageScreen(card.row.letter_id))


class LinkageScreen(ListSearch, CrmScreen[None]):
    """The tree of one thread. Enter opens what stands in a line."""

    def __init__(self, letter_id: int) -> None:
        super().__init__()
        self._letter_id = letter_id
        self._targets: dict[int, tuple[str, int | None]] = {}
        self._places: dict[int, int | None] = {}

    def compose_body(self) -> Iterable[Widget]:
        columns = (
            Column("title", _("Document"), flex=5, min_width=30, sortable=False),
            Column("who", _("Who"), flex=2, min_width=12, sortable=False, drop=2),
            Column("kind", _("What"), width=10, sortable=False),
            Column("at", _("When"), width=14, sortable=False),
            Column("where", _("Where"), width=12, sortable=False, drop=1),
        )
        self._list = RecordList(SmallSource(columns, self._read), Order(""))
        yield Static(Content(_("Document linkage structure")), classes="card-title")
        yield self._list
        yield SearchBar(self._list)

    def on_mount(self) -> None:
        self._list.focus()
        here = next((key for key, what in self._targets.items() if what == ("letter", self._letter_id)), None)
        if here is not None:
            self._list.go_to(here)

    def reload(self) -> None:
        self._list.reload()

    def store_changed(self, topics: Topics) -> None:
        if topics.keys() & SHOWN_TOPICS:
            self.reload()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        kind, record_id = self._targets.get(event.id, ("letter", None))
        if kind == "letter" and record_id is not None:
            record_id = self._places.get(record_id)
        if record_id is None:
            self.shell.say(self.shell.explain(NotFound("letter_not_here")), trouble=True)
            return
        self.shell.run_command(f"everywhere.show_{kind}", str(record_id))

    def _read(self) -> Sequence[Row]:
        from crm_tui.store.queries import threads

        by_subject = self.shell.settings.config.mail.threads_by_subject
        with self.store.read() as connection:
            trees, members = threads.thread_of(connection, self._letter_id, by_subject=by_subject)
            made = threads.made_from(connection, list(members))
        self._places = {key: one.place for key, one in members.items()}
        rows: list[Row] = []
        targets: dict[int, tuple[str, int | None]] = {}

        def put(what: tuple[str, int | None], cells: tuple[str, ...], flags: RowFlag = RowFlag.NONE) -> None:
            targets[len(rows) + 1] = what
            rows.append(Row(len(rows) + 1, cells, flags))

        for node, depth in (one for tree in trees for one in tree.walk()):
            if node.letter is None:
                put(("letter", None), (_("a letter that is not here"), "", "", "", ""), RowFlag.DIMMED)
                continue
            member = members[node.letter.key]
            put(("letter", member.letter_id), self._letter(member, depth))
            for thing in made:
                if thing.letter_id == member.letter_id:
                    put((thing.kind, thing.id), self._made(thing, depth + 1))
        self._targets = targets  # whole: the list reads in a thread, and Enter may come meanwhile
        return rows

    def _letter(self, member: "Member", depth: int) -> tuple[str, ...]:
        where = _("deleted") if member.place is None else clean(member.folder)
        if member.role in ROLE_TITLES:
            where = _(ROLE_TITLES[member.role])
        subject = member.subject or _("(no subject)")
        return (_branch(depth) + subject, member.sender, kind_text("letter"), self._when(member.date), where)

    def _made(self, thing: "Made", depth: int) -> tuple[str, ...]:
        status = _(STATUSES.get(thing.status, thing.status)) if thing.status else ""
        title = f"{_branch(depth)}{thing.title}"
        return (title, status, kind_text(thing.kind), self._when(thing.at), "")

    def _when(self, at: datetime) -> str:
        ports = self.shell.ports
        return due_text(at, ports.clock(), zone_of(ports.zone))


def _branch(depth: int) -> str:
    depth = min(depth, DEEPEST)
    return "  " * (depth - 1) + "└ " if depth else ""
