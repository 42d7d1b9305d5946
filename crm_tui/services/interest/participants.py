"""Who takes part in an Interest beside the contact person that it carries, and when a key person must (IDX-06)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, or_, select

from crm_tui.domain.errors import Refused
from crm_tui.domain.money import Money
from crm_tui.domain.text import clean
from crm_tui.services import users
from crm_tui.store.tables import Contact, Interest, Setting, table_of
from crm_tui.store.tables.deals import InterestContact
from crm_tui.store.work import Work

contact, interest, setting = table_of(Contact), table_of(Interest), table_of(Setting)
taking_part = table_of(InterestContact)

_KEY_PERSON_FROM = "interest.key_person_from"


@dataclass(frozen=True, slots=True)
class Participant:
    """A contact person in an Interest."""

    contact_id: int
    name: str
    role: str
    """In this Interest, or else with the customer."""
    is_key: bool
    influence: str
    id: int | None
    """Of the row that says so; None for the contact person that the Interest carries itself."""
    version: int | None = None
    """Of that row."""


def of_interest(connection: Connection, interest_id: int) -> list[Participant]:
    """The contact person of the Interest, then the others by name."""
    columns = (contact.c.id, contact.c.name, contact.c.role, contact.c.is_key, contact.c.influence)
    of_row = (taking_part.c.id, taking_part.c.version)
    own = (
        select(*columns)
        .join(interest, interest.c.contact_id == contact.c.id)
        .where(interest.c.id == interest_id)
    )
    others = (
        select(*columns, *of_row, taking_part.c.role.label("role_here"))
        .join(taking_part, taking_part.c.contact_id == contact.c.id)
        .where(taking_part.c.interest_id == interest_id)
        .order_by(contact.c.name_fold, contact.c.id)
    )
    found = {row.id: Participant(*row, None) for row in connection.execute(own)}
    for key, name, role, is_key, influence, row_id, version, role_here in connection.execute(others):
        one = Participant(key, name, role_here or role, is_key, influence, row_id, version)
        found.setdefault(key, one)
    return list(found.values())


def add(work: Work, interest_id: int, contact_id: int, role: str = "") -> InterestContact:
    """A contact person takes part. Raises Refused when that is known."""
    carries = work.get(Interest, interest_id).contact_id
    if carries == contact_id or work.find(InterestContact, interest_id=interest_id, contact_id=contact_id):
        raise Refused("takes_part_already", name=work.get(Contact, contact_id).name)
    return work.add(InterestContact(interest_id=interest_id, contact_id=contact_id, role=clean(role).strip()))


def change(work: Work, participant_id: int, role: str, *, expected_version: int | None = None) -> None:
    """Another role in the Interest. Raises Conflict when it changed since ``expected_version`` was read."""
    row = work.get(InterestContact, participant_id)
    work.change(row, expected_version=expected_version, role=clean(role).strip())


def remove(work: Work, participant_id: int) -> None:
    """The contact person takes no part any more."""
    work.remove(work.get(InterestContact, participant_id))


def key_person_from(connection: Connection) -> Money | None:
    """The amount from which on an Interest moves on only with a key person in it; None: that is not asked."""
    query = select(setting.c.value).where(setting.c.name == _KEY_PERSON_FROM, setting.c.user_id.is_(None))
    value = connection.execute(query).scalar_one_or_none()
    return Money(int(value["minor"]), str(value["currency"])) if value else None


def set_key_person_from(work: Work, amount: Money | None) -> None:
    """Ask for a key person from this amount on, for everybody at this store; None: do not ask."""
    users.need_administrator(work.connection, work.actor)
    value = None if amount is None else {"minor": amount.minor, "currency": amount.currency}
    known = work.find(Setting, name=_KEY_PERSON_FROM, user_id=None)
    if known is None:
        work.add(Setting(name=_KEY_PERSON_FROM, value=value))
    else:
        work.change(known, value=value)


def without_key_person(connection: Connection, interest_ids: Sequence[int]) -> list[int]:
    """Those of the Interests whose amount asks for a key person, and who have none.

    Amounts of another currency are not compared: the store keeps no rates of exchange.
    """
    least = key_person_from(connection)
    if least is None:
        return []
    among = exists().where(
        taking_part.c.interest_id == interest.c.id, taking_part.c.contact_id == contact.c.id
    )
    key_person = exists().where(
        contact.c.is_key,
        contact.c.trashed_at.is_(None),
        or_(contact.c.id == interest.c.contact_id, among),
    )
    query = select(interest.c.id).where(
        interest.c.id.in_(interest_ids),
        interest.c.amount_minor >= least.minor,
        interest.c.currency == least.currency,
        ~key_person,
    )
    return list(connection.scalars(query))
