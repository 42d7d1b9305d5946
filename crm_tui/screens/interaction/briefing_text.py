"""What to know before a talk, on one page (L-26, story O8): for screen, program, printer, command line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import Connection

from crm_tui.domain.document_words import KINDS
from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.money import Money, shown
from crm_tui.domain.text import clean
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import _, language
from crm_tui.parsing import quotes
from crm_tui.screens.interest.interest_source import amount_text
from crm_tui.screens.party.party_text import head_lines
from crm_tui.screens.wording import due_text, full_date, kind_text
from crm_tui.services.interest import participants
from crm_tui.services.record import lists
from crm_tui.store.queries import briefing as queries
from crm_tui.store.queries import (
    interactions,
    interest_card,
    interests,
    papers,
    party_cards,
    party_timeline,
    timeline,
)
from crm_tui.store.queries.timeline import Entry

TOUCHES = 5
QUOTED_LINES = 3
QUOTED_CHARACTERS = 240
BIRTHDAY_DAYS = 14
MOST_INTERESTS = 6
_LOOKED_THROUGH = 60
"""Things of the timeline among which the last touches are looked for."""
_TALKS = frozenset({"call", "meeting", "conference", "message"})
_UNPAID = {"invoice": ("sent", "agreed"), "act": ("sent",)}
_AWAITED = {"proposal": ("sent",), "contract": ("sent", "agreed")}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page."""

    text: str
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class _About:
    """Whom and what the page is about."""

    kind: str
    """``customer``, ``contact``, ``lead`` or ``interest``."""
    id: int
    customer_id: int | None = None
    contact_id: int | None = None
    lead_id: int | None = None
    first: tuple[str, ...] = field(default=())
    """What stands on top: the meeting that is to come."""


def page(connection: Connection, kind: str, record_id: int, now: datetime, zone: tzinfo) -> list[Line]:
    """The briefing on a ``customer``, ``contact``, ``lead``, ``interest``, ``interaction`` or ``event``.

    Raises NotFound, and Refused for what is about nobody.
    """
    about = _about(connection, kind, record_id, now, zone)
    open_ids = _interests(connection, about)
    sections = (
        (_("People"), _people(connection, about)),
        (_("State and next step"), _states(connection, open_ids, now, zone)),
        (_("Promised and unpaid"), _promised(connection, about, open_ids, now, zone)),
        (_("Last touches"), _touches(connection, about, now, zone)),
        (_("Birthdays"), _birthdays(connection, about, to_wall(now, zone).date())),
    )
    lines = list(_head(connection, about, now, zone))
    for title, found in sections:
        told = list(found)
        if told:
            lines += [Line(""), Line(title, is_title=True), *(Line(text) for text in told)]
    return lines


def text_of(lines: Sequence[Line]) -> str:
    """The page as plain text."""
    return "\n".join(line.text.upper() if line.is_title else line.text for line in lines) + "\n"


def _about(connection: Connection, kind: str, record_id: int, now: datetime, zone: tzinfo) -> _About:
    if kind == "interaction":
        card = interactions.card(connection, record_id)
        when = due_text(card.row.starts_at, now, zone)
        first = (f"{kind_text(card.row.kind)}: {card.row.subject} · {when}",)
        return _meeting(
            connection, first, card.interest_id, card.customer_id, card.contact_id, card.lead_id, now, zone
        )
    if kind == "event":
        event = queries.of_event(connection, record_id)
        if event is None:
            raise NotFound("no_such_record", kind="event", id=record_id)
        title, at, interest_id, customer_id = event
        first = (f"{title} · {due_text(at, now, zone)}",)
        return _meeting(connection, first, interest_id, customer_id, None, None, now, zone)
    if kind == "interest":
        card_of = interest_card.card(connection, record_id)
        return _About(kind, record_id, card_of.customer_id, card_of.contact_id, card_of.lead_id)
    if kind not in ("customer", "contact", "lead"):
        raise Refused("no_record_here")
    party = party_cards.card(connection, kind, record_id)
    if party is None:
        raise NotFound("no_such_record", kind=kind, id=record_id)
    if kind == "customer":
        return _About(kind, party.id, customer_id=party.id)
    if kind == "contact":
        return _About(kind, party.id, party.values["customer_id"], party.id)
    return _About(kind, party.id, party.values["customer_id"], None, party.id)


def _meeting(
    connection: Connection,
    first: tuple[str, ...],
    interest_id: int | None,
    customer_id: int | None,
    contact_id: int | None,
    lead_id: int | None,
    now: datetime,
    zone: tzinfo,
) -> _About:
    named = (
        ("interest", interest_id),
        ("contact", contact_id),
        ("customer", customer_id),
        ("lead", lead_id),
    )
    for kind, key in named:
        if key is not None:
            about = _about(connection, kind, key, now, zone)
            return _About(kind, about.id, about.customer_id, about.contact_id, about.lead_id, first)
    raise Refused("no_record_here")


def _head(connection: Connection, about: _About, now: datetime, zone: tzinfo) -> Iterator[Line]:
    for text in about.first:
        yield Line(clean(text), is_title=True)
        yield Line("")
    parties = (("customer", about.customer_id), ("contact", about.contact_id), ("lead", about.lead_id))
    shown_parties = [(kind, key) for kind, key in parties if key is not None]
    if about.kind == "interest":
        card = interest_card.card(connection, about.id)
        yield Line(f"{clean(card.row.name)} ({kind_text('interest')})", is_title=True)
    else:
        # The record itself first, then whose it is.
        shown_parties.sort(key=lambda one: one[0] != about.kind)
    for kind, key in shown_parties:
        party = party_cards.card(connection, kind, key)
        if party is not None:
            yield Line(f"{clean(str(party.values['name']))} ({kind_text(kind)})", is_title=True)
            for text in head_lines(connection, party, now, zone):
                yield Line(text)


def _people(connection: Connection, about: _About) -> Iterator[str]:
    influences = lists.names(connection, "influence")
    known = set()
    if about.kind == "interest":
        for one in participants.of_interest(connection, about.id):
            known.add(one.contact_id)
            yield _person(one.name, one.role, one.is_key, influences.get(one.influence, ""))
    if about.customer_id is not None:
        for person in party_cards.people(connection, about.customer_id):
            if person.id not in known:
                reach = [value for _kind, value in person.infos]
                yield _person(
                    person.name, person.role, person.is_key, influences.get(person.influence, ""), *reach
                )


def _person(name: str, role: str, is_key: bool, *more: str) -> str:
    parts = (name, role, _("key person") if is_key else "", *more)
    return " · ".join(clean(part) for part in parts if part)


def _interests(connection: Connection, about: _About) -> list[int]:
    if about.kind == "interest":
        return [about.id]
    parties = (("contact", about.contact_id), ("customer", about.customer_id), ("lead", about.lead_id))
    found = [
        one
        for kind, key in parties
        if key is not None
        for one in party_cards.open_interests(connection, kind, key)
    ]
    return list(dict.fromkeys(found))[:MOST_INTERESTS]


def _states(
    connection: Connection, interest_ids: Sequence[int], now: datetime, zone: tzinfo
) -> Iterator[str]:
    rows = interests.rows(connection, interest_ids)
    for row in (rows[key] for key in interest_ids if key in rows):
        coming = due_text(row.next_at, now, zone) if row.next_at else _("! nothing planned")
        parts = (
            row.name,
            _(row.state),
            amount_text(row.amount_minor, row.currency),
            row.short_status,
            _("next: {date}").format(date=coming),
        )
        yield " · ".join(clean(part) for part in parts if part)


def _promised(
    connection: Connection, about: _About, interest_ids: Sequence[int], now: datetime, zone: tzinfo
) -> Iterator[str]:
    today = to_wall(now, zone).date()
    for one in queries.promises(connection, interest_ids, about.customer_id, about.lead_id):
        if one.kind == "receipt" and one.on is not None:
            late = _("! late") if one.on < today else ""
            amount = shown(Money(one.amount_minor or 0, one.currency), language())
            parts = (_("Money to come"), amount, f"{one.on:%d.%m.%Y}", one.title, late)
        else:
            late = _("! late") if one.at is not None and one.at < now else ""
            parts = (
                kind_text(one.kind),
                due_text(one.at, now, zone, all_day=one.all_day),
                one.title,
                late,
                "",
            )
        yield " · ".join(clean(part) for part in parts if part)
    seen: dict[int, papers.DocumentRow] = {}
    cards = [("interest", key) for key in interest_ids]
    if about.customer_id is not None:
        cards.append(("customer", about.customer_id))
    for kind, key in cards:
        seen |= {row.id: row for row in papers.of_card(connection, kind, key)}
    for row in seen.values():
        said = ""
        if row.status in _UNPAID.get(row.kind, ()):
            said = _("not paid")
        elif row.status in _AWAITED.get(row.kind, ()):
            said = _("waits for an answer")
        if said:
            title = f"{_(KINDS[row.kind])} {row.number}".strip()
            yield " · ".join(
                clean(part) for part in (title, amount_text(row.amount_minor, row.currency), said) if part
            )


def _touches(connection: Connection, about: _About, now: datetime, zone: tzinfo) -> Iterator[str]:
    if about.kind == "interest":
        entries = timeline.of_interest(connection, about.id)
    else:
        entries = party_timeline.of_party(connection, about.kind, about.id, _LOOKED_THROUGH)
    touches = [one for one in entries if _is_touch(one, now)][:TOUCHES]
    texts = queries.letter_texts(connection, [one.id for one in touches if one.kind == "letter"])
    for one in touches:
        yield f"{full_date(one.at, zone)[:-9]} {kind_text(one.kind)}: {clean(one.title)}"
        said = texts.get(one.id, "") if one.kind == "letter" else one.detail
        yield from (f"  > {line}" for line in _quoted(said))


def _is_touch(entry: Entry, now: datetime) -> bool:
    return entry.at <= now and (entry.kind == "letter" or (entry.kind in _TALKS and entry.status == "held"))


def _quoted(text: str) -> list[str]:
    own = "\n".join(block.text for block in quotes.split(text).blocks if block.kind == "own")
    lines = [clean(line).strip() for line in own.splitlines()]
    return [line[:QUOTED_CHARACTERS] for line in lines if line][:QUOTED_LINES]


def _birthdays(connection: Connection, about: _About, today: date) -> Iterator[str]:
    known = queries.birthdays(connection, about.customer_id, about.contact_id)
    if about.customer_id is not None:
        party = party_cards.card(connection, "customer", about.customer_id)
        if party is not None and party.values["birthday"]:
            known.insert(0, (str(party.values["name"]), str(party.values["birthday"])))
    for name, birthday in known:
        for step in range(BIRTHDAY_DAYS + 1):
            day = today + timedelta(days=step)
            if f"{day:%m-%d}" == birthday[-5:]:
                yield f"{day:%d.%m} {clean(name)}"
