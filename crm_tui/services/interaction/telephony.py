"""The telephone says that a call is on, has ended, or was missed (ELP-01, ELP-02, C77-37; story B5).

The port is a verb and the command line over it: whatever knows of the call, a line in the dial plan of an exchange or
the hook of a softphone, runs ``crm call NUMBER``. The program that is open hears of it by the change feed as of any
other write, and tells its user who that is; nothing listens on a network.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean
from crm_tui.services.interaction.whose import Whose
from crm_tui.services.party import phone_lookup
from crm_tui.services.party.phone_lookup import Caller
from crm_tui.services.task import notifications
from crm_tui.store.tables import Contact, Customer, Interaction, Lead, Notification, User, table_of
from crm_tui.store.work import Work

ON, ENDED, MISSED = "call_on", "call_ended", "call_missed"
UNKNOWN = "_unknown"
"""Behind a code: nobody has the number. Facts of such a notification are the ``number`` and ``who``."""
_NAMED = 3
_LONGEST = timedelta(days=1)
_WITHIN = re.compile(r"<([^<>]*)>")
_SCHEME = re.compile(r"^(?:tel|sips?):", re.IGNORECASE)
_NOT_OF_A_NUMBER = re.compile(r"[^\d+()\-. /]")


def number_of(given: str) -> str:
    """The number in what a telephone gives: ``+7 701…``, ``"Olga" <8701…>``, ``tel:+7-701…`` (RFC 3966),
    ``sip:+7701…@host;user=phone``. Raises Invalid (``call_no_number``) for a caller that hides it."""
    within = _WITHIN.search(given)
    text = _SCHEME.sub("", (within[1] if within else given).strip())
    number = _NOT_OF_A_NUMBER.sub("", re.split("[@;]", text)[0]).strip()
    if sum(sign.isdecimal() for sign in number) < phone_lookup.FEWEST:
        raise Invalid("call_no_number", value=clean(given))
    return number


def call_on(work: Work, user_id: int, given: str) -> list[Caller]:
    """Tell the user that somebody calls; answers who has the number, the likeliest first. Raises Invalid."""
    return _tell(work, user_id, ON, number_of(given))


def call_ended(work: Work, user_id: int, given: str) -> list[Caller]:
    """Tell the user that the talk is over and wants to be written down; that it is on is told no more. Raises
    Invalid."""
    number = number_of(given)
    _is_over(work, user_id, number)
    return _tell(work, user_id, ENDED, number)


def call_missed(work: Work, user_id: int, given: str) -> list[Caller]:
    """Nobody took the call: it is noted, and whoever the caller belongs to is told to call back; the user, where they
    belong to nobody, or to several. That it is on is told no more. Raises Invalid."""
    number = number_of(given)
    _is_over(work, user_id, number)
    callers = phone_lookup.found(work.connection, number)
    owners = {owner_of(work.connection, one) for one in callers} - {""}
    owner = work.find(User, login=owners.pop()) if len(owners) == 1 else None
    told = user_id if owner is None else owner.key
    whose = _whose(work, callers[0]) if len(callers) == 1 else Whose()
    work.add(
        Interaction(
            kind="call",
            direction="in",
            status="missed",
            subject=number,
            phone=number,
            starts_at=work.now,
            owner_id=told,
            created_at=work.now,
            changed_at=work.now,
            **whose.columns,
        )
    )
    return _tell(work, told, MISSED, number)


def rang_at(connection: Connection, given: str, now: datetime) -> int | None:
    """The user who was told last, within a day, that this number calls; None for nobody. Raises Invalid."""
    told = table_of(Notification)
    asked = (
        select(told.c.user_id)
        .where(
            told.c.code.in_((ON, ON + UNKNOWN)),
            told.c.at > now - _LONGEST,
            func.json_extract(told.c.facts, "$.number") == number_of(given),
        )
        .order_by(told.c.id.desc())
    )
    found: int | None = connection.scalar(asked.limit(1))
    return found


def _whose(work: Work, caller: Caller) -> Whose:
    if caller.kind == "contact":
        return Whose(contact_id=caller.id, customer_id=work.get(Contact, caller.id).customer_id)
    return Whose(customer_id=caller.id) if caller.kind == "customer" else Whose(lead_id=caller.id)


def _is_over(work: Work, user_id: int, number: str) -> None:
    begun = [
        one.key
        for one in work.all(Notification, user_id=user_id, read_at=None)
        if one.code in (ON, ON + UNKNOWN) and one.facts.get("number") == number
    ]
    notifications.seen(work, begun)
    notifications.mark_read(work, begun)


def owner_of(connection: Connection, caller: Caller) -> str:
    """Login of whose customer or lead the caller is, to whom an exchange may put the call through; empty for none. A
    contact person without an owner is their customer's."""
    customer, contact, lead, user = (table_of(one) for one in (Customer, Contact, Lead, User))
    table = {"customer": customer, "contact": contact, "lead": lead}[caller.kind]
    asked = select(user.c.login)
    owner_id: ColumnElement[Any] = table.c.owner_id
    if caller.kind == "contact":
        owner_id = func.coalesce(contact.c.owner_id, customer.c.owner_id)
        asked = asked.select_from(contact.outerjoin(customer, customer.c.id == contact.c.customer_id))
    found = connection.scalar(asked.where(table.c.id == caller.id, user.c.id == owner_id, user.c.active))
    return str(found or "")


def _tell(work: Work, user_id: int, code: str, number: str) -> list[Caller]:
    callers = phone_lookup.found(work.connection, number)
    names = (f"{one.name} ({one.firm})" if one.firm else one.name for one in callers[:_NAMED])
    who = ", ".join(map(clean, names)) + (" …" if len(callers) > _NAMED else "")
    notifications.notify(
        work,
        user_id,
        code if callers else code + UNKNOWN,
        kind=callers[0].kind if len(callers) == 1 else "",
        subject_id=callers[0].id if len(callers) == 1 else None,
        number=number,
        who=who,
    )
    return callers
