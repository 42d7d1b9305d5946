"""What is required of a new record and lacks is asked for in a short form, and only then the record is made (IDX-08).

It is tried first: where nothing lacks, it is made at once and nobody is asked. Import, sync and rules do not ask:
what they make stands in the list of gaps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection

from crm_tui.config.card_fields import CUSTOM
from crm_tui.domain.completeness import REQUIRED
from crm_tui.domain.errors import Invalid
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.wording import kind_text
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.acting import Acting
    from crm_tui.services.party.lead_conversion import Converted

Answer = TypeVar("Answer")
Made = Sequence[tuple[str, int]]
"""Kind and id of each record that a verb made; in the same order whenever it is carried out."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A new record in which something lacks."""

    place: int
    """Among those made."""
    kind: str
    fields: tuple[Field, ...]
    """All of its form; hidden but for those that lack."""
    missing: tuple[str, ...]
    """What these are called."""


class _LacksError(Exception):
    """Takes back what was tried."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__()
        self.lacks = tuple(lacks)


async def make_whole(
    screen: "Acting", command: str, verb: Callable[[Work], Answer], made: Callable[[Answer], Made]
) -> Answer:
    """Carry out a verb that makes records, with what is required of them. Nothing is made when the form is given up:
    raises Invalid with what lacks, and whatever the verb raises."""

    def tried(work: Work) -> Answer:
        answer = verb(work)
        if lacks := _lacks(screen, work.connection, made(answer)):
            raise _LacksError(lacks)
        return answer

    try:
        return await screen.act(command, tried)
    except _LacksError as error:
        lacks = error.lacks
    answers: list[Answer] = []

    async def save(filled: Mapping[str, str]) -> None:
        def whole(work: Work) -> Answer:
            answer = verb(work)
            new = made(answer)
            for lack in lacks:
                typed = {field.id: filled[_id_of(lack, field)] for field in lack.fields}
                _CHANGES[lack.kind](screen, work, new[lack.place][1], typed, lack.fields)
            return answer

        answers.append(await screen.act(command, whole))

    names = ", ".join(name for lack in lacks for name in lack.missing)
    fields = [
        replace(field, id=_id_of(lack, field), label=_label(lack, field, alone=len(lacks) == 1))
        for lack in lacks
        for field in lack.fields
    ]
    await screen.app.push_screen_wait(  # type: ignore[attr-defined]
        FormDialog(_("Required, and still empty"), fields, save=save)
    )
    if not answers:
        raise Invalid("fields_missing", fields=names)
    return answers[0]


def converted(made: "Converted", customer_id: int | None) -> Made:
    """What is new of a lead that became a contact person of that customer, or of one that was made with it."""
    person = ("contact", made.contact_id)
    return [("customer", made.customer_id), person] if customer_id is None else [person]


def _lacks(screen: "Acting", connection: Connection, made: Made) -> list[Lack]:
    found = (_lack(screen, connection, place, *one) for place, one in enumerate(made))
    return [lack for lack in found if lack is not None]


def _lack(screen: "Acting", connection: Connection, place: int, kind: str, record_id: int) -> Lack | None:
    from crm_tui.services.record import gaps  # its tables are not read at the start

    config = screen.shell.settings.config
    if REQUIRED not in gaps.needs(connection, config, kind).values():
        return None
    missing = gaps.of_record(connection, config, kind, record_id).missing
    if not missing:
        return None
    from crm_tui.screens.record.own_fields import OWN

    shown = {name.replace(CUSTOM, OWN, 1) for name in missing}
    fields = tuple(
        replace(field, hidden=field.id not in shown) for field in _FIELDS[kind](screen, connection, record_id)
    )
    return Lack(place, kind, fields, tuple(gaps.labels(connection, kind, missing)))


def _id_of(lack: Lack, field: Field) -> str:
    return f"{lack.place}-{field.id}"


def _label(lack: Lack, field: Field, *, alone: bool) -> str:
    if alone:
        return field.label
    return _("{field} ({kind})").format(kind=kind_text(lack.kind), field=field.label)


# The forms of each kind


def _party_fields(kind: str) -> Callable[["Acting", Connection, int], list[Field]]:
    def fields(screen: "Acting", connection: Connection, record_id: int) -> list[Field]:
        from crm_tui.screens.party import party_fields
        from crm_tui.screens.record.own_fields import card_fields
        from crm_tui.store.queries import party_cards

        card = party_cards.card(connection, kind, record_id)
        assert card is not None
        if kind == "customer":
            shown = party_fields.customer_fields(connection, card)
        elif kind == "lead":
            shown = party_fields.lead_fields(connection, card)
        else:
            firm = party_cards.name_of(connection, "customer", card.values["customer_id"])
            shown = party_fields.contact_fields(connection, card, firm)
        return card_fields(screen, connection, kind, shown, card.values["custom"])

    return fields


def _interest_fields(screen: "Acting", connection: Connection, record_id: int) -> list[Field]:
    from crm_tui.screens.interest.interest_fields import interest_fields
    from crm_tui.screens.record.own_fields import card_fields
    from crm_tui.store.queries import interest_card

    fields = interest_fields(screen, connection, interest_card.card(connection, record_id))
    custom = interest_card.custom_of(connection, record_id)
    return card_fields(screen, connection, "interest", fields, custom)


def _change_party(kind: str) -> Callable[..., None]:
    def change(
        screen: "Acting", work: Work, record_id: int, filled: Mapping[str, str], given: Sequence[Field]
    ) -> None:
        from crm_tui.screens.interest import interest_parties
        from crm_tui.screens.party import party_fields
        from crm_tui.screens.record.own_fields import own_values
        from crm_tui.services.record import bulk

        values = {
            "customer": party_fields.customer_values,
            "contact": party_fields.contact_values,
            "lead": party_fields.lead_values,
        }[kind](filled)
        if kind == "contact" and any(
            one.id == "customer" and one.value != filled["customer"] for one in given
        ):
            firm = interest_parties.customer(work.connection, filled["customer"])
            values["customer_id"] = firm.id if firm else None
        own = own_values(screen, work, kind, record_id, filled)
        bulk.CHANGERS[kind](work, record_id, **values, **own)

    return change


def _change_interest(
    screen: "Acting", work: Work, record_id: int, filled: Mapping[str, str], _given: Sequence[Field]
) -> None:
    from crm_tui.screens.interest.interest_fields import interest_changes
    from crm_tui.screens.record.own_fields import own_values
    from crm_tui.services.interaction import interactions
    from crm_tui.services.interest import interests
    from crm_tui.store.queries import interest_card

    changes, planned = interest_changes(screen, interest_card.card(work.connection, record_id), filled)
    own: Any = own_values(screen, work, "interest", record_id, filled)
    interests.change(work, record_id, **{**changes, **own})
    if planned is not None:
        interactions.plan_contact(work, record_id, planned)


_FIELDS: Mapping[str, Callable[["Acting", Connection, int], list[Field]]] = {
    "customer": _party_fields("customer"),
    "contact": _party_fields("contact"),
    "lead": _party_fields("lead"),
    "interest": _interest_fields,
}
_CHANGES: Mapping[str, Callable[..., None]] = {
    "customer": _change_party("customer"),
    "contact": _change_party("contact"),
    "lead": _change_party("lead"),
    "interest": _change_interest,
}
