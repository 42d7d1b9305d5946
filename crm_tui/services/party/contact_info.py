"""Addresses, numbers and links of customers, contact persons and leads: as typed, and as they are compared."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from crm_tui.domain.errors import Invalid
from crm_tui.domain.identity import address, handle, phone
from crm_tui.domain.text import clean
from crm_tui.store.tables import ContactInfo, table_of
from crm_tui.store.work import Work

REGION = "KZ"
"""Country that a number without a code is dialled from, until the store's own setting says otherwise."""

NUMBERS = ("phone", "mobile")
KINDS = ("email", *NUMBERS, "web", "messenger")

Info = tuple[str, str]
"""Kind and value as typed."""


def of(connection: Connection, owner_kind: str, owner_id: int) -> list[Info]:
    """Kind and value of all that is noted with a ``customer``, ``contact`` or ``lead``, in the order it was noted."""
    info = table_of(ContactInfo)
    query = (
        select(info.c.kind, info.c.value)
        .where(info.c.owner_kind == owner_kind, info.c.owner_id == owner_id)
        .order_by(info.c.id)
    )
    return [(row.kind, row.value) for row in connection.execute(query)]


def typed(kind: str, text: str) -> list[Info]:
    """What a field holds that takes several values: separated by commas, semicolons or line ends."""
    parts = clean(text, multiline=True).replace(";", "\n").replace(",", "\n").splitlines()
    return [(kind, part.strip()) for part in parts if part.strip()]


def understood(kind: str, value: str, region: str = REGION) -> tuple[str, str, str]:
    """Kind, value and the form it is compared in: E.164 for a number, which tells by itself whether it is a mobile
    one; case-folded for an address. A link to a person's page is kept as its handle (``t.me/olga``), one that holds a
    number as that number (L-25). Raises Invalid for what is not an address or not a number in use."""
    value = " ".join(clean(value).split())
    if kind not in KINDS:
        raise Invalid("no_such_contact_kind", kind=clean(kind))
    if kind == "email":
        if not address.is_valid(value):
            raise Invalid("not_an_address", value=value)
        return kind, value, address.normal(value)
    found = handle.of(value)
    if found is not None:
        value = found.value
        kind = kind if kind == "messenger" and found.kind == "web" else found.kind
    if kind in NUMBERS:
        number = phone.e164(value, region)
        if number is None:
            raise Invalid("not_a_phone", value=value)
        return ("mobile" if phone.is_mobile(number) else "phone"), value, number
    return kind, value, value.casefold().removeprefix("https://").removeprefix("http://").rstrip("/")


def add(
    work: Work, owner_kind: str, owner_id: int, kind: str, value: str, region: str = REGION
) -> ContactInfo | None:
    """Note one address, number or link; None when it is noted already. Raises Invalid."""
    kind, value, normal = understood(kind, value, region)
    if work.find(ContactInfo, owner_kind=owner_kind, owner_id=owner_id, normal=normal) is not None:
        return None
    return work.add(
        ContactInfo(owner_kind=owner_kind, owner_id=owner_id, kind=kind, value=value, normal=normal)
    )


def add_email(work: Work, owner_kind: str, owner_id: int, value: str) -> ContactInfo | None:
    """Note an e-mail address; None when it is noted already. Raises Invalid for what is not an address."""
    return add(work, owner_kind, owner_id, "email", value)


def add_phone(
    work: Work, owner_kind: str, owner_id: int, value: str, region: str = REGION
) -> ContactInfo | None:
    """Note a phone number; None when it is noted already. Raises Invalid for what is not a number in use."""
    return add(work, owner_kind, owner_id, "phone", value, region)


def set_all(work: Work, owner_kind: str, owner_id: int, values: Iterable[Info], region: str = REGION) -> bool:
    """These are all the addresses, numbers and links from now on; True when something differs.

    What stays keeps its row; also a number out of use that an import brought (``add_as_typed``). Raises Invalid as
    ``understood``, with nothing changed.
    """
    known = {row.normal: row for row in work.all(ContactInfo, owner_kind=owner_kind, owner_id=owner_id)}
    as_typed = {(row.kind, row.value): row.normal for row in known.values()}
    wanted: dict[str, tuple[str, str]] = {}
    for kind, value in values:
        if (kind, value) in as_typed:
            wanted.setdefault(as_typed[kind, value], (kind, value))
        elif value.strip():
            kind, value, normal = understood(kind, value, region)
            wanted.setdefault(normal, (kind, value))
    gone = [row.key for normal, row in known.items() if normal not in wanted]
    work.remove_many(ContactInfo, gone)
    changed = bool(gone)
    for normal, (kind, value) in wanted.items():
        if normal in known:
            changed |= work.change(known[normal], kind=kind, value=value)
        else:
            work.add(
                ContactInfo(owner_kind=owner_kind, owner_id=owner_id, kind=kind, value=value, normal=normal)
            )
            changed = True
    return changed


def mailing(connection: Connection, owner_kind: str, owner_id: int) -> str:
    """The e-mail for mailing: the one that automatic letters go to (RM-15). Empty where none is marked as such."""
    info = table_of(ContactInfo)
    query = (
        select(info.c.value)
        .where(info.c.owner_kind == owner_kind, info.c.owner_id == owner_id)
        .where(info.c.kind == "email", info.c.for_mailing)
        .order_by(info.c.id)
    )
    return connection.execute(query.limit(1)).scalar() or ""


def set_mailing(work: Work, owner_kind: str, owner_id: int, value: str) -> bool:
    """Automatic letters go to this e-mail, which is noted when it was not; empty: none go. True when that differs.

    Raises Invalid for what is no address.
    """
    wanted = understood("email", value)[2] if value.strip() else ""
    changed = bool(wanted) and add_email(work, owner_kind, owner_id, value) is not None
    for row in work.all(ContactInfo, owner_kind=owner_kind, owner_id=owner_id, kind="email"):
        changed |= work.change(row, for_mailing=row.normal == wanted)
    return changed


def add_as_typed(work: Work, owner_kind: str, owner_id: int, number: str) -> ContactInfo | None:
    """Note a number that is none in use, as another program kept it (a short one, one without its code): compared by
    its digits. None when it is noted already."""
    number = " ".join(clean(number).split())
    normal = "".join(c for c in number if c.isdecimal() or c == "+")
    if work.find(ContactInfo, owner_kind=owner_kind, owner_id=owner_id, normal=normal) is not None:
        return None
    return work.add(
        ContactInfo(owner_kind=owner_kind, owner_id=owner_id, kind="phone", value=number, normal=normal)
    )


def of_kinds(infos: Sequence[Info], *kinds: str) -> str:
    """The values of these kinds as one field shows them."""
    return ", ".join(value for kind, value in infos if kind in kinds)
