"""The demo company's customers, contact persons, leads and users in the store."""

import getpass
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crm_tui.demo.people import Firm, Human
from crm_tui.demo.talks import HISTORY, Company
from crm_tui.domain.identity import address, phone
from crm_tui.domain.text import fold
from crm_tui.services import users
from crm_tui.store.tables import Contact, ContactInfo, Customer, Lead, User
from crm_tui.store.tables.cards import Relation
from crm_tui.store.work import Work

REGION = "KZ"
KINDS = ("customer", "customer", "partner", "customer", "supplier", "customer", "potential")
STATUSES = ("active", "vip", "active", "sleeping", "active", "new")
TOUCH_DAYS = (None, 30, None, 90, None)
RELATED = ((0, 1, "holding"), (1, 2, "holding"), (3, 4, "referral"), (5, 6, "partner"))
"""Which customer is related to which, by their order."""


@dataclass
class Records:
    """Ids of what was put into the store; a firm is named by its place in ``company.firms``."""

    user: User
    customers: dict[int, int] = field(default_factory=dict)
    contacts: dict[tuple[int, int], int] = field(default_factory=dict)
    leads: dict[tuple[int, int], int] = field(default_factory=dict)


def fill(work: Work, company: Company) -> Records:
    """Users, customers with their contact persons, and leads."""
    records = Records(_users(work, company))
    rng = random.Random(f"{company.seed} records")
    for place, firm in enumerate(company.firms):
        since = company.now - HISTORY - timedelta(days=rng.randrange(900))
        if firm.known == "customer":
            _customer(work, records, place, firm, since)
        elif firm.known == "lead":
            source = rng.choice(company.texts.sources)
            for number, human in enumerate(firm.people):
                records.leads[place, number] = _lead(work, records, human, source)
    _relations(work, list(records.customers.values()))
    return records


def _users(work: Work, company: Company) -> User:
    """The demo's user under the login of this machine's, and the colleagues."""
    people = company.colleagues
    me = users.ensure(
        work, getpass.getuser(), name=people[0].name, zone=company.texts.zone, language=company.language
    )
    work.change(
        me, name=people[0].name, email=people[0].address, zone=company.texts.zone, language=company.language
    )
    for human in people[1:]:
        login = human.address.partition("@")[0]
        other = users.ensure(work, login, name=human.name, zone=company.texts.zone, language=company.language)
        work.change(other, email=human.address)
    return me


def _customer(work: Work, records: Records, place: int, firm: Firm, since: datetime) -> None:
    since = since.astimezone(UTC)
    owner = records.user.key
    customer = work.add(
        Customer(
            name=firm.name,
            name_fold=fold(firm.name),
            city=firm.city,
            owner_id=owner,
            kind=KINDS[place % len(KINDS)],
            status=STATUSES[place % len(STATUSES)],
            touch_days=TOUCH_DAYS[place % len(TOUCH_DAYS)],
            created_at=since,
            changed_at=since,
        )
    )
    records.customers[place] = customer.key
    _info(work, "customer", customer.key, "web", f"https://{firm.host}.example")
    for number, human in enumerate(firm.people):
        contact = work.add(
            Contact(
                customer_id=customer.key,
                name=human.name,
                name_fold=fold(human.name),
                role=human.role,
                owner_id=owner,
                is_key=number == 0,
                influence="uses" if number else "decides",
                created_at=since,
                changed_at=since,
            )
        )
        records.contacts[place, number] = contact.key
        _reach(work, "contact", contact.key, human)


def _relations(work: Work, customers: list[int]) -> None:
    for one, other, kind in RELATED:
        work.add(Relation(from_id=customers[one], to_id=customers[other], kind=kind))


def _lead(work: Work, records: Records, human: Human, source: str) -> int:
    lead = work.add(
        Lead(
            name=human.name,
            name_fold=fold(f"{human.name} {human.company}"),
            company=human.company,
            source=source,
            owner_id=records.user.key,
            created_at=work.now,
            changed_at=work.now,
        )
    )
    _reach(work, "lead", lead.key, human)
    return lead.key


def _reach(work: Work, kind: str, key: int, human: Human) -> None:
    _info(work, kind, key, "email", human.address, for_mailing=True)
    _info(work, kind, key, "mobile", human.phone)


def _info(
    work: Work, owner_kind: str, owner_id: int, kind: str, value: str, *, for_mailing: bool = False
) -> None:
    if kind == "mobile":
        normal = phone.e164(value, REGION) or "+" + "".join(filter(str.isdigit, value))
    else:
        normal = address.normal(value) if kind == "email" else value.casefold()
    work.add(
        ContactInfo(
            owner_kind=owner_kind,
            owner_id=owner_id,
            kind=kind,
            value=value,
            normal=normal,
            for_mailing=for_mailing,
        )
    )
