"""What is said of a customer, contact person or lead in a few lines: at the head of the card and in the preview."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from sqlalchemy import Connection

from crm_tui.domain.text import clean
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import _, ngettext
from crm_tui.screens.party.customer_source import is_neglected, sums_text
from crm_tui.screens.party.lead_source import STATUSES
from crm_tui.screens.wording import KINDS, list_date
from crm_tui.services.record import lists
from crm_tui.store.engine import Store
from crm_tui.store.queries import party_cards, party_timeline
from crm_tui.store.queries.party_cards import Numbers, PartyCard
from crm_tui.widgets import glyphs

BARS = "▁▂▃▄▅▆▇█"
PREVIEWED = 6
"""So many of the last things that were are shown in the preview."""


def head_lines(connection: Connection, card: PartyCard, now: datetime, zone: tzinfo) -> list[str]:
    """The facts under the name: who, where, how to reach; for a customer its figures too."""
    facts = {"customer": _customer, "contact": _contact, "lead": _lead}[card.kind]
    lines = [_joined(facts(connection, card))]
    reach = [value for _kind, value in card.infos]
    if reach:
        lines.append(_joined(reach))
    if card.values["trashed_at"] is not None:
        lines.append(
            "! " + _("In the trash since {date}.").format(date=_day(card.values["trashed_at"], now, zone))
        )
    if card.kind == "customer":
        figures = party_cards.numbers(connection, card.id, now, to_wall(now, zone).date())
        lines += number_lines(figures, card.values["touch_days"], now, zone)
    notes = str(card.values["notes"]).strip()
    if notes:
        lines.append(" ".join(clean(notes, multiline=True).split()))
    return [line for line in lines if line]


def preview_lines(store: Store, card: PartyCard, now: datetime, zone: tzinfo) -> list[str]:
    """The card in short, with the last things that were."""
    with store.read() as connection:
        lines = [str(card.values["name"]), *head_lines(connection, card, now, zone)]
        people = party_cards.people(connection, card.id) if card.kind == "customer" else []
        entries = party_timeline.of_party(connection, card.kind, card.id, PREVIEWED)
        statuses = lists.names(connection, "customer_status")
    if people:
        lines.append(_("Contact persons: {names}").format(names=", ".join(one.name for one in people[:5])))
    for entry in entries:
        title = _(entry.title) if entry.kind == "state" else entry.title
        if entry.kind == "status":
            title = statuses.get(entry.title, entry.title)
        lines.append(f"{list_date(entry.at, now, zone):>8}  {_(KINDS.get(entry.kind, entry.kind))}: {title}")
    return lines


def number_lines(figures: Numbers, touch_days: int | None, now: datetime, zone: tzinfo) -> Iterator[str]:
    """CORP-02 in two lines: money, and how often we are in touch."""
    money = [
        _("won {sum}").format(sum=sums_text(figures.won)) if figures.won else "",
        _("open {sum}").format(sum=sums_text(figures.open)) if figures.open else "",
        _("! owes {sum}").format(sum=sums_text(figures.owed)) if figures.owed else "",
    ]
    if figures.open_interests:
        count = figures.open_interests
        money.append(ngettext("{n} open Interest", "{n} open Interests", count).format(n=count))
    yield _joined(money)
    touch = []
    if figures.touches:
        touch.append(ngettext("{n} touch", "{n} touches", figures.touches).format(n=figures.touches))
    if figures.last_touch is not None:
        touch.append(_("last {date}").format(date=_day(figures.last_touch, now, zone)))
    if touch_days is not None:
        touch.append(ngettext("every {n} day", "every {n} days", touch_days).format(n=touch_days))
        if is_neglected(figures.last_touch, touch_days, now):
            touch.append(_("! neglected"))
    if any(figures.months):
        touch.append(_("12 months: {bar}").format(bar=bar_text(figures.months)))
    yield _joined(touch)


def bar_text(counts: Sequence[int]) -> str:
    """A bar a count, the largest full; figures where the terminal has no bars."""
    if glyphs.current().name != "unicode":
        return " ".join(str(count) for count in counts)
    most = max(counts)
    return "".join(
        BARS[(count * (len(BARS) - 1) + most - 1) // most] if most else BARS[0] for count in counts
    )


def _customer(connection: Connection, card: PartyCard) -> Iterator[str]:
    of = card.values
    yield lists.name_of(connection, "customer_kind", of["kind"])
    yield lists.name_of(connection, "customer_status", of["status"])
    yield _("a person") if of["is_person"] else ""
    yield from (str(of[name]) for name in ("city", "region", "country", "address", "activity"))
    yield _("tax number {number}").format(number=of["tax_number"]) if of["tax_number"] else ""
    yield _("owner {name}").format(name=card.owner) if card.owner else ""


def _contact(connection: Connection, card: PartyCard) -> Iterator[str]:
    of = card.values
    yield _("key person") if of["is_key"] else ""
    yield of["role"]
    yield party_cards.name_of(connection, "customer", of["customer_id"])
    yield lists.name_of(connection, "influence", of["influence"])
    yield _("born {date}").format(date=of["birthday"]) if of["birthday"] else ""
    yield of["address"]
    yield _("owner {name}").format(name=card.owner) if card.owner else ""


def _lead(connection: Connection, card: PartyCard) -> Iterator[str]:
    of = card.values
    yield _("lead: {status}").format(status=_(STATUSES.get(of["status"], of["status"])))
    yield lists.name_of(connection, "lost_reason", of["close_reason"])
    yield from (of["company"], of["role"], of["city"])
    yield lists.name_of(connection, "source", of["source"])
    customer = party_cards.name_of(connection, "customer", of["customer_id"])
    yield _("became {customer}").format(customer=customer) if customer else ""
    yield _("owner {name}").format(name=card.owner) if card.owner else ""


def _joined(parts: Iterator[str] | Sequence[str]) -> str:
    return " · ".join(clean(part) for part in parts if part)


def _day(at: datetime, now: datetime, zone: tzinfo) -> str:
    return list_date(at, now, zone)
