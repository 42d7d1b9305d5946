"""The form of an Interest: everything that is said of it (ELMA-13, L-05)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from crm_tui.domain import money
from crm_tui.domain.errors import Invalid
from crm_tui.domain.money import Money
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field
from crm_tui.screens.forms.form_merge import Stored, VersionedForm, stored_of
from crm_tui.screens.interest import interest_parties
from crm_tui.screens.interest.interest_moves import InterestMoves
from crm_tui.screens.interest.interest_source import amount_typed
from crm_tui.screens.record.own_fields import card_fields, own_values
from crm_tui.screens.task.task_dates import echo_of, typed_due
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests
from crm_tui.services.interest.interests import Changes
from crm_tui.store.queries import interest_card, party_names
from crm_tui.store.queries.interest_card import InterestCard
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(InterestMoves, CrmScreen[Any]):
        pass
else:
    Base = InterestMoves

DAY = "%d.%m.%Y"


class InterestEdit(Base):
    """``interest.edit``."""

    async def command_interest_edit(self, argument: str = "") -> None:
        """All fields of the Interest."""
        card = self.card_of(self.chosen_interests()[0])
        interest_id, shown = card.row.id, self._fields(card)

        def read() -> Stored:
            now = self.card_of(interest_id)
            return stored_of(self._fields(now), now.version)

        await self.app.push_screen_wait(
            VersionedForm(
                _("Interest"),
                shown,
                stored=stored_of(shown, card.version),
                read=read,
                save=lambda filled, version: self._edited(self.card_of(interest_id), filled, version),
                record=("interest", interest_id),
                kept_as=f"interest-{interest_id}",
            )
        )

    def _fields(self, card: InterestCard) -> list[Field]:
        from crm_tui.services.interest import purposes  # their tables are not read at the start
        from crm_tui.services.record import lists  # their tables are not read at the start

        row = card.row
        with self.store.read() as connection:
            owners = [(str(key), name) for key, name in party_names.colleagues(connection)]
            sources = lists.items(connection, "source")
            known_purposes = purposes.items(connection)
            custom = interest_card.custom_of(connection, row.id)
        coming = row.next_contact_at
        fields = [
            Field("name", _("Title"), row.name),
            Field("party", _("Customer or lead"), card.party, note=self._party_text),
            Field(
                "person", _("Contact person"), card.person, note=lambda typed: self._person_text(card, typed)
            ),
            Field("amount", _("Amount"), amount_typed(row.amount_minor, row.currency)),
            Field("probability", _("Probability, %"), _number_text(card.own_probability)),
            Field("close", _("Expected close"), _day_text(row.expected_close), note=self._day_understood),
            Field("next", _("Next contact"), self._wall_text(coming), note=self._next_text),
            Field(
                "owner", _("Owner"), str(card.owner_id or ""), options=_with(owners, str(card.owner_id or ""))
            ),
            Field("source", _("Source"), row.source, options=_with(sources, row.source)),
            Field("purpose", _("Purpose"), card.purpose, options=_with(known_purposes, card.purpose)),
            Field("short_status", _("How it stands"), row.short_status),
            Field("terms", _("Terms"), card.terms, lines=2),
        ]
        with self.store.read() as connection:
            return card_fields(self, connection, "interest", fields, custom)

    async def _edited(self, card: InterestCard, filled: Mapping[str, str], version: int) -> None:
        row = card.row
        amount = amount_of(filled["amount"], row.currency)
        changes: Changes = {
            "name": filled["name"],
            "amount_minor": amount.minor if amount else None,
            "currency": amount.currency if amount else row.currency,
            "probability": number_of(filled["probability"]),
            "expected_close": self._day(filled["close"]),
            "owner_id": int(filled["owner"]) if filled["owner"] else None,
            "source": filled["source"],
            "purpose": filled["purpose"],
            "short_status": filled["short_status"],
            "terms": filled["terms"],
            **self._parties(card, filled),
        }
        planned = None
        if filled["next"].strip() != self._wall_text(row.next_contact_at):
            planned = self._next(filled["next"])
            if planned is None:
                changes["next_contact_at"] = None

        def verb(work: Work) -> None:
            own: Any = own_values(self, work, "interest", row.id, filled)
            interests.change(work, row.id, expected_version=version, **{**changes, **own})
            if planned is not None:
                interactions.plan_contact(work, row.id, planned)

        await self.act("interest.edit", verb)

    def _parties(self, card: InterestCard, filled: Mapping[str, str]) -> Changes:
        """Only what is typed anew is looked up: a name that several have stays whom it stood for."""
        changes: Changes = {}
        customer_id = card.customer_id
        with self.store.read() as connection:
            if not interest_parties.same(filled["party"], card.party):
                who = interest_parties.party(connection, filled["party"])
                customer_id = who.id if who and who.kind == "customer" else None
                changes["customer_id"] = customer_id
                changes["lead_id"] = who.id if who and who.kind == "lead" else None
            if not interest_parties.same(filled["person"], card.person):
                person = interest_parties.person(connection, filled["person"], customer_id)
                changes["contact_id"] = person.id if person else None
        return changes

    def _party_text(self, typed: str) -> str:
        with self.store.read() as connection:
            return interest_parties.said(interest_parties.party(connection, typed))

    def _person_text(self, card: InterestCard, typed: str) -> str:
        if interest_parties.same(typed, card.person):
            return ""
        with self.store.read() as connection:
            return interest_parties.said(interest_parties.person(connection, typed, card.customer_id))

    def _wall_text(self, at: datetime | None) -> str:
        return "" if at is None else f"{to_wall(at, self._zone()):{DAY} %H:%M}"

    def _day(self, typed: str) -> date | None:
        if not typed.strip():
            return None
        at, all_day = typed_due(typed, self._now(), self._zone())
        wall = to_wall(at, self._zone())
        return date.fromordinal(wall.toordinal() - 1) if all_day else wall.date()

    def _day_understood(self, typed: str) -> str:
        self._day(typed)
        return echo_of(typed, self._now(), self._zone())

    def _next(self, typed: str) -> datetime | None:
        """The instant of a typed date with its time; None for nothing. Raises Invalid."""
        if not typed.strip():
            return None
        at, all_day = typed_due(typed, self._now(), self._zone())
        if all_day:
            raise Invalid("time_missing", value=typed)
        return at

    def _next_text(self, typed: str) -> str:
        self._next(typed)
        return echo_of(typed, self._now(), self._zone())


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


def _number_text(number: int | None) -> str:
    return "" if number is None else str(number)


def _day_text(day: date | None) -> str:
    return "" if day is None else f"{day:{DAY}}"


def _with(options: list[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    """The options, nothing among them, and the present value where it is none of them."""
    known = [("", "–"), *options]
    return known if value in [code for code, _name in known] else [*known, (value, value)]
