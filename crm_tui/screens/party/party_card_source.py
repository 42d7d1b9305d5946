"""The rows of the card of a customer, contact person or lead: what stands around it, what is to do, all that was."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from crm_tui.domain.clock import Clock
from crm_tui.domain.identity import tax_number
from crm_tui.domain.text import fold
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import N_, _
from crm_tui.screens.interest.interest_source import amount_text
from crm_tui.screens.interest.timeline_source import STATUSES
from crm_tui.screens.wording import KINDS, due_text
from crm_tui.services.party.contact_info import NUMBERS
from crm_tui.services.record import lists
from crm_tui.store.engine import Store
from crm_tui.store.queries import interests, party_cards, party_timeline
from crm_tui.store.queries.party_cards import Related
from crm_tui.store.queries.timeline import Entry
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag, heading_id, is_heading, section_of

PEOPLE, ENTITIES, RELATIONS, INTERESTS, PROCESSES, TO_DO, HISTORY = range(7)
HEADINGS = (
    N_("Contact persons"),
    N_("Legal entities"),
    N_("Relations"),
    N_("Open Interests"),
    N_("Processes"),
    N_("To do"),
    N_("History"),
)
ORDER: tuple[str, ...] = (
    *(
        "contact",
        "entity",
        "relation",
        "interest",
        "task",
        "event",
        "letter",
        "outgoing",
        "state",
        "document",
    ),
    *("status", "call", "meeting", "conference", "message", "post", "process"),
)
"""Kinds of things; the place of a kind is part of the id of its row, so only ever append to it."""
KIND_BITS = 5
BACKWARD = {"holding": N_("Owned by"), "referral": N_("Recommended by"), "partner": N_("Partner of")}
"""What a relation is called from its other side."""
PLANNED = ("planned", "open")
MOST_PROCESSES = 5
"""Of the processes on the card itself, those that run first; g P lists all."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a row stands for; ``other_id`` is the record it leads to where that is another."""

    section: int
    kind: str
    record_id: int
    cells: tuple[str, str, str, str]
    flags: RowFlag = RowFlag.NONE
    other_id: int | None = None

    @property
    def row_id(self) -> int:
        """The same at every reading."""
        return (self.record_id << KIND_BITS) | ORDER.index(self.kind)


class PartyCardSource:
    """One record; ``fresh`` things are read at once, the whole of a long history in the list's thread."""

    def __init__(self, store: Store, kind: str, record_id: int, clock: Clock, zone: str) -> None:
        self._store = store
        self._kind = kind
        self._record_id = record_id
        self._clock = clock
        self._zone = zone_of(zone)
        self._things: dict[int, Thing] = {}
        self.columns = (
            Column("at", _("When"), width=14, sortable=False),
            Column("kind", _("What"), width=14, sortable=False),
            Column("title", _("Title"), flex=3, min_width=20, sortable=False),
            Column("detail", _("Details"), flex=3, min_width=14, sortable=False, drop=1),
        )

    def thing(self, row_id: int) -> Thing | None:
        """What the row stands for."""
        return self._things.get(row_id)

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows, headings among them."""
        wanted = self._vector(needle, limit)[:limit]
        rows = self.rows(wanted)
        return [rows[key] for key in wanted]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids with a heading before each section."""
        return self._vector(needle, None)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        things = self._things
        return {
            key: Row(key, (_(HEADINGS[section_of(key)]), "", "", ""))
            if is_heading(key)
            else Row(key, things[key].cells, things[key].flags)
            for key in ids
            if is_heading(key) or key in things
        }

    def _vector(self, needle: str, most: int | None) -> "array[int]":
        with self._store.read() as connection:
            things = list(self._read(connection, most))
        self._things = {thing.row_id: thing for thing in things}
        words = fold(needle).split()
        vector: array[int] = array("q")
        last = -1
        for thing in things:
            if words:
                text = fold(" ".join(thing.cells))
                if not all(word in text for word in words):
                    continue
            if thing.section != last:
                last = thing.section
                vector.append(heading_id(last))
            vector.append(thing.row_id)
        return vector

    def _read(self, connection: Connection, most: int | None) -> Iterator[Thing]:
        now = self._clock()
        if self._kind == "customer":
            yield from self._people(connection)
            yield from self._entities(connection)
            yield from self._relations(connection)
        yield from self._interests(connection, now)
        yield from self._processes(connection, now)
        entries = party_timeline.of_party(connection, self._kind, self._record_id, most)
        statuses = lists.names(connection, "customer_status")
        things = [self._entry(entry, now, statuses) for entry in entries]
        yield from reversed([thing for thing in things if thing.section == TO_DO])
        yield from (thing for thing in things if thing.section == HISTORY)

    def _people(self, connection: Connection) -> Iterator[Thing]:
        influences = lists.names(connection, "influence")
        for person in party_cards.people(connection, self._record_id):
            reach = [value for kind, value in person.infos if kind == "email"][:1]
            reach += [value for kind, value in person.infos if kind in NUMBERS][:1]
            influence = influences.get(person.influence, person.influence)
            detail = " · ".join(part for part in (person.role, influence, *reach) if part)
            what = _("Key person") if person.is_key else _("Contact")
            flags = RowFlag.PRIORITY if person.is_key else RowFlag.NONE
            yield Thing(PEOPLE, "contact", person.id, ("", what, person.name, detail), flags)

    def _entities(self, connection: Connection) -> Iterator[Thing]:
        for entity in party_cards.entities(connection, self._record_id, in_trash_too=True):
            kind = tax_number.kind_of(entity.country, entity.tax_number)
            what = " ".join(part for part in (entity.country, kind.name if kind else "") if part)
            lies = _("in the trash") if entity.in_trash else ""
            flags = RowFlag.DIMMED if entity.in_trash else RowFlag.NONE
            yield Thing(ENTITIES, "entity", entity.id, (lies, what, entity.name, entity.tax_number), flags)

    def _relations(self, connection: Connection) -> Iterator[Thing]:
        kinds = lists.names(connection, "relation_kind")
        for one in party_cards.relations(connection, self._record_id):
            tree = "  " * (one.depth - 1) + ("└ " if one.depth > 1 else "")
            cells = ("", relation_text(one, kinds), f"{tree}{one.name}", one.notes)
            yield Thing(RELATIONS, "relation", one.relation_id, cells, other_id=one.customer_id)

    def _interests(self, connection: Connection, now: datetime) -> Iterator[Thing]:
        keys = party_cards.open_interests(connection, self._kind, self._record_id)
        rows = interests.rows(connection, keys)
        for row in (rows[key] for key in keys if key in rows):
            late = row.next_contact_at is not None and row.next_contact_at < now
            amount = amount_text(row.amount_minor, row.currency)
            detail = " · ".join(part for part in (amount, row.owner or "") if part)
            at = due_text(row.next_contact_at, now, self._zone)
            flags = RowFlag.OVERDUE if late else RowFlag.NONE
            yield Thing(INTERESTS, "interest", row.id, (at, _(row.state), row.name, detail), flags)

    def _processes(self, connection: Connection, now: datetime) -> Iterator[Thing]:
        if not party_cards.has_processes(connection, self._kind, self._record_id):
            return
        from crm_tui.screens.process.process_words import status_text, where_text
        from crm_tui.services.process import (
            card_processes,  # much to read for the few cards that have processes
        )

        for line in card_processes.of_card(connection, self._kind, self._record_id)[:MOST_PROCESSES]:
            at = due_text(line.started_at, now, self._zone)
            flags = RowFlag.NONE if line.ended is None else RowFlag.DIMMED
            cells = (at, status_text(line), line.title, where_text(line))
            yield Thing(PROCESSES, "process", line.id, cells, flags)

    def _entry(self, entry: Entry, now: datetime, statuses: Mapping[str, str]) -> Thing:
        section = TO_DO if entry.status in PLANNED and entry.kind != "status" else HISTORY
        title, detail = entry.title, entry.detail
        if entry.kind == "state":
            title = _(entry.title)
            detail = " · ".join(part for part in (entry.status, entry.detail) if part)
        elif entry.kind == "status":
            title = statuses.get(entry.title, entry.title) or "—"
            before = statuses.get(entry.detail, entry.detail)
            detail = " · ".join(
                part
                for part in (_("before: {status}").format(status=before) if before else "", entry.status)
                if part
            )
        else:
            status = _(STATUSES[entry.status]) if entry.status in STATUSES else ""
            detail = " · ".join(part for part in (status, *entry.detail.strip().splitlines()[:1]) if part)
        late = section == TO_DO and entry.at < now
        cells = (due_text(entry.at, now, self._zone), _(KINDS.get(entry.kind, entry.kind)), title, detail)
        return Thing(section, entry.kind, entry.id, cells, RowFlag.OVERDUE if late else RowFlag.NONE)


def relation_text(one: Related, kinds: Mapping[str, str]) -> str:
    """What a relation is called, as the card's customer sees it."""
    if one.forward:
        return kinds.get(one.kind, one.kind)
    return _(BACKWARD[one.kind]) if one.kind in BACKWARD else kinds.get(one.kind, one.kind)
