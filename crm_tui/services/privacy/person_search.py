"""Finding all that is of one person: the records that are theirs, and what hangs on those (C-13, L-13).

A person is a contact person, a lead, or a customer that is a person, with those that were merged into it and the
lead or customer that it also was.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, false, func, or_, select, type_coerce

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.services.privacy.person import ERASED, KINDS, Person, own_interests
from crm_tui.services.record import merging
from crm_tui.store.erasing import among
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Correspondent,
    Customer,
    Draft,
    Event,
    Interaction,
    Interest,
    JournalRow,
    Lead,
    Letter,
    LetterLink,
    MailAccount,
    Outbox,
    Task,
    found,
    table_of,
)

MONEY_PAPERS = ("invoice", "contract", "act")
"""Kinds of documents that the law has us keep, whatever sum they name."""


def find(connection: Connection, kind: str, record_id: int, *, keep: bool = True) -> Person:
    """Everything that is of the person. ``keep``: papers and Interests with money stay, with the name replaced.

    Raises NotFound, Refused for a customer that is a firm.
    """
    if kind not in KINDS:
        raise NotFound("no_such_record", kind=kind, id=record_id)
    person = Person(kind, record_id, _parties(connection, kind, record_id))
    _known_as(connection, person)
    _letters(connection, person)
    _interests(connection, person, keep=keep)
    _what_was(connection, person)
    _papers(connection, person, keep=keep)
    _outgoing(connection, person)
    _processes(connection, person)
    return person


def _parties(connection: Connection, kind: str, record_id: int) -> dict[str, set[int]]:
    customer, contact, lead = (table_of(model) for model in (Customer, Contact, Lead))
    root = merging.present(connection, kind, record_id)
    table = found(kind)
    row = connection.execute(select(table).where(table.c.id == root)).one_or_none()
    if row is None:
        raise NotFound("no_such_record", kind=kind, id=record_id)
    if kind == "customer" and not row.is_person:
        raise Refused("erase_firm", name=row.name)
    parties: dict[str, set[int]] = {each: set() for each in KINDS}
    parties[kind].add(root)
    while True:
        before = {each: set(ids) for each, ids in parties.items()}
        for each in KINDS:
            one = found(each)
            parties[each] |= _ids(connection, one, among(one.c.merged_into_id, parties[each]))
        became = or_(
            among(lead.c.contact_id, parties["contact"]), among(lead.c.customer_id, parties["customer"])
        )
        parties["lead"] |= _ids(connection, lead, became)
        whose = select(lead.c.contact_id, lead.c.customer_id).where(among(lead.c.id, parties["lead"]))
        for contact_id, customer_id in connection.execute(whose):
            parties["contact"] |= _ids(connection, contact, contact.c.id == contact_id)
            parties["customer"] |= _ids(
                connection, customer, and_(customer.c.id == customer_id, customer.c.is_person)
            )
        if before == parties:
            return parties


def _known_as(connection: Connection, person: Person) -> None:
    info, row = table_of(ContactInfo), table_of(JournalRow)
    names = {
        name.strip()
        for kind in KINDS
        for name in connection.scalars(
            select(found(kind).c.name).where(among(found(kind).c.id, person.parties[kind]))
        )
    }
    mine: set[tuple[str, str, str]] = set()
    for kind in KINDS:
        whose = person.is_party(kind, info.c.owner_kind, info.c.owner_id)
        mine |= {
            tuple(one)
            for one in connection.execute(select(info.c.kind, info.c.value, info.c.normal).where(whose))
        }
        for image in (row.c.before, row.c.after):
            told = [func.json_extract(image, f"$.{name}") for name in ("kind", "value", "normal")]
            owner = [func.json_extract(image, f"$.{name}") for name in ("owner_kind", "owner_id")]
            past = select(*told).where(row.c.table_name == "contact_info", person.is_party(kind, *owner))
            mine |= {(one[0], one[1], one[2]) for one in connection.execute(past)}
            # The name of then is theirs as well.
            then = select(func.json_extract(image, "$.name")).where(
                row.c.table_name == kind, among(row.c.row_id, person.parties[kind])
            )
            names |= {name.strip() for name in connection.scalars(then) if name}
    others = _others(connection, person, {normal for _kind, _value, normal in mine})
    # An image that was scrubbed before says nothing: an empty address would be everybody's.
    own = [(kind, value, normal) for kind, value, normal in mine if normal and normal not in others]
    table = found(person.kind)
    person.title = connection.execute(select(table.c.name).where(table.c.id == person.id)).scalar_one()
    person.names = tuple(sorted(names - {"", ERASED}))
    person.addresses = tuple(sorted({normal.casefold() for kind, _value, normal in own if kind == "email"}))
    numbers = {
        said for kind, value, normal in own if kind != "email" for said in (value, normal) if len(said) > 3
    }
    person.numbers = tuple(sorted(numbers))
    person.shared = tuple(sorted(value for _kind, value, normal in mine if normal in others))
    person.rows["contact_info"] = set()
    for kind in KINDS:
        person.rows["contact_info"] |= _ids(
            connection, info, person.is_party(kind, info.c.owner_kind, info.c.owner_id)
        )
        person.rows[kind] = set(person.parties[kind])
    correspondent = table_of(Correspondent)
    person.rows["correspondent"] = _ids(
        connection, correspondent, correspondent.c.address.in_(person.addresses)
    )


def _others(connection: Connection, person: Person, normals: Collection[str]) -> set[str]:
    """Those of the addresses and numbers that records of others have."""
    info = table_of(ContactInfo)
    mine = or_(false(), *(person.is_party(kind, info.c.owner_kind, info.c.owner_id) for kind in KINDS))
    return set(connection.scalars(select(info.c.normal).where(info.c.normal.in_(normals), ~mine)))


def _letters(connection: Connection, person: Person) -> None:
    letter, link = table_of(Letter), table_of(LetterLink)
    ours = {address.casefold() for address in connection.scalars(select(table_of(MailAccount).c.address))}
    linked = [person.is_party(kind, link.c.kind, link.c.record_id) for kind in ("customer", "lead")]
    ids = set(connection.scalars(select(link.c.letter_id).where(or_(false(), *linked))))
    ids |= _ids(connection, letter, letter.c.sender_address.in_(person.addresses))
    boxes = func.lower(type_coerce(letter.c.recipients, String))
    if person.addresses:
        asked = select(letter.c.id, letter.c.recipients).where(
            or_(false(), *(boxes.contains(address, autoescape=True) for address in person.addresses))
        )
        ids |= {
            row.id for row in connection.execute(asked) if _addresses(row.recipients) & set(person.addresses)
        }
    person.rows["letter"] = ids
    leading = select(letter.c.thread_key).where(~among(letter.c.id, ids))
    alone = select(letter.c.message_id).where(among(letter.c.id, ids), letter.c.message_id.not_in(leading))
    person.threads = tuple(connection.scalars(alone))
    query = select(letter.c.sender_address, letter.c.recipients).where(among(letter.c.id, ids))
    known = ours | set(person.addresses)
    person.with_others = sum(
        bool(({row.sender_address} | _addresses(row.recipients)) - known - {""})
        for row in connection.execute(query)
    )


def _addresses(recipients: Any) -> set[str]:
    return {str(box[1]).casefold() for boxes in (recipients or {}).values() for box in boxes if len(box) > 1}


def _interests(connection: Connection, person: Person, *, keep: bool) -> None:
    interest, takes_part = table_of(Interest), found("interest_contact")
    by_lead = and_(interest.c.customer_id.is_(None), among(interest.c.lead_id, person.parties["lead"]))
    own = _ids(connection, interest, or_(among(interest.c.customer_id, person.parties["customer"]), by_lead))
    named = or_(
        among(interest.c.contact_id, person.parties["contact"]),
        among(interest.c.lead_id, person.parties["lead"]),
        interest.c.id.in_(
            select(takes_part.c.interest_id).where(among(takes_part.c.contact_id, person.parties["contact"]))
        ),
    )
    firms = _ids(connection, interest, named) - own
    person.rows["interest"] = own | firms
    person.kept["interest"] = set(firms)
    if keep:
        receipt = found("receipt")
        paid = interest.c.id.in_(select(receipt.c.interest_id))
        money = _ids(
            connection,
            interest,
            and_(among(interest.c.id, own), or_(interest.c.amount_minor.is_not(None), paid)),
        )
        person.kept["interest"] |= money


def _what_was(connection: Connection, person: Person) -> None:
    interaction, task, event = (table_of(model) for model in (Interaction, Task, Event))
    takes_part, own = found("interaction_contact"), own_interests(person)
    clause = or_(
        among(interaction.c.contact_id, person.parties["contact"]),
        among(interaction.c.lead_id, person.parties["lead"]),
        among(interaction.c.customer_id, person.parties["customer"]),
        among(interaction.c.interest_id, own),
        among(interaction.c.letter_id, person.of("letter")),
        interaction.c.phone.in_(person.numbers),
        interaction.c.id.in_(
            select(takes_part.c.interaction_id).where(
                among(takes_part.c.contact_id, person.parties["contact"])
            )
        ),
    )
    person.rows["interaction"] = _ids(connection, interaction, clause)
    about = or_(
        among(task.c.letter_id, person.of("letter")),
        among(task.c.contact_id, person.parties["contact"]),
        among(task.c.lead_id, person.parties["lead"]),
    )
    for table, more in ((task, about),
                        (event, among(event.c.interaction_id, person.of("interaction")))):  # fmt: skip
        whose = or_(
            among(table.c.customer_id, person.parties["customer"]), among(table.c.interest_id, own), more
        )
        named = person.mentioned(table.c.__getitem__, "title" if table is task else "summary")
        person.rows[table.name] = _ids(connection, table, whose)
        # A task of a firm's that names the person stays, without the name.
        person.kept[table.name] = _ids(connection, table, named) - person.rows[table.name]
        person.rows[table.name] |= person.kept[table.name]


def _papers(connection: Connection, person: Person, *, keep: bool) -> None:
    document, file, version = (found(name) for name in ("document", "card_file", "file_version"))
    clause = or_(
        among(document.c.customer_id, person.parties["customer"]),
        among(document.c.contact_id, person.parties["contact"]),
        among(document.c.interest_id, own_interests(person)),
        among(document.c.letter_id, person.of("letter")),
    )
    person.rows["document"] = _ids(connection, document, clause)
    money = or_(document.c.amount_minor.is_not(None), document.c.kind.in_(MONEY_PAPERS))
    person.kept["document"] = (
        _ids(connection, document, and_(among(document.c.id, person.of("document")), money))
        if keep
        else set()
    )
    owners: Iterable[tuple[str, set[int]]] = (
        *person.parties.items(),
        ("interest", own_interests(person)),
        ("interaction", person.of("interaction")),
        ("document", person.of("document") - person.kept["document"]),
    )
    whose = [and_(file.c.owner_kind == kind, among(file.c.owner_id, ids)) for kind, ids in owners]
    person.rows["card_file"] = _ids(connection, file, or_(false(), *whose))
    mine = among(version.c.file_id, person.of("card_file"))
    person.rows["file_version"] = _ids(connection, version, mine)
    contents = set(connection.scalars(select(version.c.content_id).where(mine)))
    elsewhere = select(version.c.content_id).where(among(version.c.content_id, contents), ~mine)
    person.rows["file_content"] = contents - set(connection.scalars(elsewhere))
    # A firm that only this person acts through is the person as the law knows them.
    acts, entity = found("customer_entity"), found("legal_entity")
    through = set(
        connection.scalars(
            select(acts.c.entity_id).where(among(acts.c.customer_id, person.parties["customer"]))
        )
    )
    shared = set(
        connection.scalars(
            select(acts.c.entity_id).where(
                among(acts.c.entity_id, through), ~among(acts.c.customer_id, person.parties["customer"])
            )
        )
    )
    person.rows["legal_entity"] = _ids(connection, entity, among(entity.c.id, through - shared))
    on_paper = set(
        connection.scalars(select(document.c.entity_id).where(among(document.c.id, person.kept["document"])))
    )
    person.kept["legal_entity"] = person.of("legal_entity") & on_paper


def _outgoing(connection: Connection, person: Person) -> None:
    draft, outbox = table_of(Draft), table_of(Outbox)
    letters = person.of("letter")
    answers = or_(among(draft.c.reply_to_letter_id, letters), among(draft.c.forward_letter_id, letters))
    person.rows["draft"] = _ids(
        connection, draft, or_(answers, among(draft.c.interest_id, own_interests(person)))
    )
    person.rows["outbox"] = _ids(connection, outbox, among(outbox.c.letter_id, letters))
    for table, columns in ((draft, ("fields",)), (outbox, ("recipients", "results", "draft"))):
        said = [table.c[name] for name in columns]
        for row in connection.execute(select(table.c.id, *said)):
            if _says(row[1:], person.addresses):
                person.rows[table.name].add(row.id)


def _processes(connection: Connection, person: Person) -> None:
    process = found("process")
    owners = {**person.parties, "document": person.of("document")}
    on_cards = [
        and_(process.c.object_kind == kind, among(process.c.object_id, ids)) for kind, ids in owners.items()
    ]
    mine = or_(among(process.c.interest_id, person.of("interest")), *on_cards)
    person.rows["process"] = _ids(connection, process, mine)
    on_kept = and_(process.c.object_kind == "document", among(process.c.object_id, person.kept["document"]))
    kept = or_(among(process.c.interest_id, person.kept["interest"]), on_kept)
    person.kept["process"] = _ids(connection, process, kept)


def _says(values: Iterable[Any], addresses: Collection[str]) -> bool:
    text = " ".join(str(value) for value in values).casefold()
    return any(re.search(rf"(?<![\w.+-]){re.escape(address)}(?![\w-])", text) for address in addresses)


def _ids(connection: Connection, table: Any, clause: ColumnElement[bool]) -> set[int]:
    return set(connection.scalars(select(table.c.id).where(clause)))
