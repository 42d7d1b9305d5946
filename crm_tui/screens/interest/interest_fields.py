"""The fields of an Interest in its forms: what they hold and mean, what is saved of them (ELMA-13, L-05)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from crm_tui.domain import money
from crm_tui.domain.errors import Invalid
from crm_tui.domain.money import Money
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field
from crm_tui.screens.interest import interest_parties
from crm_tui.screens.interest.interest_source import amount_typed
from crm_tui.screens.task.task_dates import echo_of, typed_due
from crm_tui.services.interest.interests import Changes
from crm_tui.store.queries import party_names
from crm_tui.store.queries.interest_card import InterestCard

if TYPE_CHECKING:
    from crm_tui.screens.acting import Acting

DAY = "%d.%m.%Y"


def interest_fields(screen: "Acting", connection: Connection, card: InterestCard) -> list[Field]:
    """The fields with what they hold now."""
    from crm_tui.services.interest import purposes  # their tables are not read at the start
    from crm_tui.services.record import lists  # their tables are not read at the start

    row = card.row
    owners = [(str(key), name) for key, name in party_names.colleagues(connection)]
    owner = str(card.owner_id or "")
    return [
        Field("name", _("Title"), row.name),
        Field("party", _("Customer or lead"), card.party, note=lambda typed: _party_text(screen, typed)),
        Field(
            "person",
            _("Contact person"),
            card.person,
            note=lambda typed: _person_text(screen, card, typed),
        ),
        Field("amount", _("Amount"), amount_typed(row.amount_minor, row.currency)),
        Field("probability", _("Probability, %"), _number_text(card.own_probability)),
        Field(
            "close",
            _("Expected close"),
            _day_text(row.expected_close),
            note=lambda typed: _day_understood(screen, typed),
        ),
        Field(
            "next",
            _("Next contact"),
            wall_text(screen, row.next_contact_at),
            note=lambda typed: next_contact_text(screen, typed),
        ),
        Field("owner", _("Owner"), owner, options=_with(owners, owner)),
        Field(
            "source", _("Source"), row.source, options=_with(lists.items(connection, "source"), row.source)
        ),
        Field("purpose", _("Purpose"), card.purpose, options=_with(purposes.items(connection), card.purpose)),
        Field("short_status", _("How it stands"), row.short_status),
        Field("terms", _("Terms"), card.terms, lines=2),
    ]


def interest_changes(
    screen: "Acting", card: InterestCard, filled: Mapping[str, str]
) -> tuple[Changes, datetime | None]:
    """What `interests.change` is given, and the next contact where another is to be planned. Raises Invalid."""
    row = card.row
    amount = amount_of(filled["amount"], row.currency)
    changes: Changes = {
        "name": filled["name"],
        "amount_minor": amount.minor if amount else None,
        "currency": amount.currency if amount else row.currency,
        "probability": number_of(filled["probability"]),
        "expected_close": _day(screen, filled["close"]),
        "owner_id": int(filled["owner"]) if filled["owner"] else None,
        "source": filled["source"],
        "purpose": filled["purpose"],
        "short_status": filled["short_status"],
        "terms": filled["terms"],
        **_parties(screen, card, filled),
    }
    planned = None
    if filled["next"].strip() != wall_text(screen, row.next_contact_at):
        planned = next_contact(screen, filled["next"])
        if planned is None:
            changes["next_contact_at"] = None
    return changes, planned


def wall_text(screen: "Acting", at: datetime | None) -> str:
    """An instant by the person's clock, as it stands in a field; empty for none."""
    return "" if at is None else f"{to_wall(at, screen._zone()):{DAY} %H:%M}"


def amount_of(typed: str, currency: str) -> Money | None:
    """The typed amount; None for nothing. Raises Invalid."""
    if not typed.strip():
        return None
    found = money.parse(typed, currency)
    if found is None:
        raise Invalid("not_an_amount", value=typed)
    return found


def number_of(typed: str) -> int | None:
    """The typed whole number, a per cent sign may follow; None for nothing. Raises Invalid."""
    digits = typed.strip().rstrip("%").strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit()):
        raise Invalid("not_a_number", value=typed)
    return int(digits)


def _parties(screen: "Acting", card: InterestCard, filled: Mapping[str, str]) -> Changes:
    """Only what is typed anew is looked up: a name that several have stays whom it stood for."""
    changes: Changes = {}
    customer_id = card.customer_id
    with screen.store.read() as connection:
        if not interest_parties.same(filled["party"], card.party):
            who = interest_parties.party(connection, filled["party"])
            customer_id = who.id if who and who.kind == "customer" else None
            changes["customer_id"] = customer_id
            changes["lead_id"] = who.id if who and who.kind == "lead" else None
        if not interest_parties.same(filled["person"], card.person):
            person = interest_parties.person(connection, filled["person"], customer_id)
            changes["contact_id"] = person.id if person else None
    return changes


def _party_text(screen: "Acting", typed: str) -> str:
    with screen.store.read() as connection:
        return interest_parties.said(interest_parties.party(connection, typed))


def _person_text(screen: "Acting", card: InterestCard, typed: str) -> str:
    if interest_parties.same(typed, card.person):
        return ""
    with screen.store.read() as connection:
        return interest_parties.said(interest_parties.person(connection, typed, card.customer_id))


def _day(screen: "Acting", typed: str) -> date | None:
    if not typed.strip():
        return None
    at, all_day = typed_due(typed, screen._now(), screen._zone())
    wall = to_wall(at, screen._zone())
    return date.fromordinal(wall.toordinal() - 1) if all_day else wall.date()


def _day_understood(screen: "Acting", typed: str) -> str:
    _day(screen, typed)
    return echo_of(typed, screen._now(), screen._zone())


def next_contact(screen: "Acting", typed: str) -> datetime | None:
    """The instant of a typed date with its time; None for nothing. Raises Invalid."""
    if not typed.strip():
        return None
    at, all_day = typed_due(typed, screen._now(), screen._zone())
    if all_day:
        raise Invalid("time_missing", value=typed)
    return at


def next_contact_text(screen: "Acting", typed: str) -> str:
    """The same in words. Raises Invalid."""
    next_contact(screen, typed)
    return echo_of(typed, screen._now(), screen._zone())


def _number_text(number: int | None) -> str:
    return "" if number is None else str(number)


def _day_text(day: date | None) -> str:
    return "" if day is None else f"{day:{DAY}}"


def _with(options: list[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    """The options, nothing among them, and the present value where it is none of them."""
    known = [("", "–"), *options]
    return known if value in [code for code, _name in known] else [*known, (value, value)]
