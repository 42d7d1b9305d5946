"""What the verbs of customers, contact persons and leads share: names, clean fields, the trash."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.services.party import contact_info
from crm_tui.services.party.contact_info import Info
from crm_tui.services.process import process_hold, trigger_events
from crm_tui.store.queries import party_cards
from crm_tui.store.tables import Contact, Customer, Interest, Lead
from crm_tui.store.work import Work

Party = Customer | Contact | Lead

_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})(?:[./](?P<year>\d{4}))?\.?", re.ASCII)
_ISO_DAY = re.compile(r"(?:(?P<year>\d{4})|-)-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII)


def one_name(name: str, kind: str) -> str:
    """The name in one line. Raises Invalid for an empty one."""
    name = " ".join(clean(name).split())
    if not name:
        raise Invalid("name_missing", kind=kind)
    return name


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of columns with every text made fit to show; notes and addresses may have several lines."""
    return {
        name: clean(value, multiline=name in ("notes", "address")).strip()
        if isinstance(value, str)
        else value
        for name, value in values.items()
    }


def change(
    work: Work,
    party: Party,
    values: Mapping[str, Any],
    *,
    infos: Sequence[Info] | None,
    expected_version: int | None,
) -> bool:
    """Write the values, and the addresses and numbers when there are ``infos``; True when something differs.

    The version grows also when only an address did, so that a form notices. Raises Conflict, Invalid, Refused for
    who is in the trash.
    """
    if party.trashed_at is not None:
        raise Refused("in_the_trash", name=party.name)
    kind = str(type(party).__tablename__)
    informed = infos is not None and contact_info.set_all(work, kind, party.key, infos)
    if not informed and all(getattr(party, name) == value for name, value in values.items()):
        return False
    work.change(party, expected_version=expected_version, **values, changed_at=work.now)
    trigger_events.happened(work, kind, [party.key], "changed")
    return True


def trash(work: Work, party: Party) -> None:
    """Put the record into the trash. Raises Refused when it is there, or has been merged into another; while
    Interests of a customer or lead are open, for they would go on without one."""
    if party.trashed_at is not None:
        raise Refused("in_the_trash", name=party.name)
    kind = str(type(party).__tablename__)
    going_on = [] if kind == "contact" else party_cards.open_interests(work.connection, kind, party.key)
    if going_on:
        raise Refused("open_interests_stay", name=party.name, interest=work.get(Interest, going_on[0]).name)
    process_hold.end_of_card(work, kind, party.key)
    work.change(party, trashed_at=work.now, changed_at=work.now)


def restore(work: Work, party: Party) -> None:
    """Take the record out of the trash. Raises Refused when it is not there, or was merged into another."""
    if party.trashed_at is None:
        raise Refused("not_in_the_trash", name=party.name)
    if party.merged_into_id is not None:
        raise Refused("was_merged", name=party.name)
    work.change(party, trashed_at=None, changed_at=work.now)


def birthday(text: str) -> str:
    """A typed day of birth as it is stored: ISO 8601, ``--MM-DD`` where the year is not known (RFC 6350, 4.3.1).

    ``24.03.1980``, ``1980-03-24``, ``24.03`` and ``--03-24`` are understood. Raises Invalid for anything else.
    """
    typed = clean(text).strip()
    if not typed:
        return ""
    match = _DAY_FIRST.fullmatch(typed) or _ISO_DAY.fullmatch(typed)
    if match is not None:
        year = match["year"]
        try:
            day = date(
                int(year or 2000), int(match["month"]), int(match["day"])
            )  # 2000 has a 29th of February
        except ValueError:
            pass
        else:
            return day.isoformat() if year else f"--{day:%m-%d}"
    raise Invalid("not_a_birthday", value=typed)
