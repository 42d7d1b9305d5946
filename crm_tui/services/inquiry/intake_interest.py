"""An inquiry becomes an Interest or goes into one: who asks, what for, whose work it is (KZ-01…05)."""

from dataclasses import dataclass, replace

from crm_tui.domain.errors import Refused
from crm_tui.domain.event.working_time import add_working_time
from crm_tui.domain.identity import address
from crm_tui.i18n import _
from crm_tui.services.inquiry.askers import Candidate
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contact_info, contacts, leads
from crm_tui.services.process import process_hold
from crm_tui.store.tables import Contact, ContactInfo, Customer, Interest, Scenario, Task
from crm_tui.store.work import Work


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the intake wizard gathered. With ``interest_id`` the inquiry joins that Interest and nothing is made."""

    purpose: str = ""
    """Its rule says who becomes the owner; without one it is whoever accepts."""
    scenario: str = "sale"
    interest_id: int | None = None
    interest_name: str = ""
    who: Candidate | None = None
    """None makes a new lead of ``name``, ``company``, ``phone`` and ``email``."""
    name: str = ""
    company: str = ""
    phone: str = ""
    email: str = ""
    """Of a letter the sender's, whatever stands here."""
    source: str = "mail"
    """A code of the list ``source``."""
    first_task: str = ""
    """Title of the first task; empty for the scenario's own."""

    def with_email(self, email: str, source: str) -> "Acceptance":
        """The same from this address, and by another way than a letter."""
        return replace(self, email=email, source=source)


def interest_for(
    work: Work, choice: Acceptance, user_id: int, letter_id: int | None = None
) -> tuple[Interest, int | None, int | None]:
    """The Interest that an inquiry goes into, with the ids of its lead and of its first task where it is a new one.

    Its owner is found by the rule of the purpose (KZ-01). Raises Invalid for an empty name, an address or number that
    is none.
    """
    if choice.interest_id is not None:
        _note_address(work, choice)
        return work.get(Interest, choice.interest_id), None, None
    lead_id, customer_id, contact_id = _party(work, choice, user_id)
    owner_id = user_id
    if choice.purpose:
        from crm_tui.services.interest import purposes  # its table is not read at the start

        rule = purposes.by_code(work.connection, choice.purpose).owner_rule
        owner_id = purposes.owner_for(work, rule, me=user_id, customer_id=customer_id, lead_id=lead_id)
    interest = interests.add(
        work,
        choice.interest_name or choice.name,
        scenario=choice.scenario,
        owner_id=owner_id,
        lead_id=lead_id,
        customer_id=customer_id,
        contact_id=contact_id,
        source=choice.source,
        purpose=choice.purpose,
    )
    return interest, lead_id, _first_task(work, interest, choice, letter_id)


def person(work: Work) -> int:
    """The user at the keys. Raises Refused where a program acts."""
    if work.actor.user_id is None:
        raise Refused("needs_a_person")
    return work.actor.user_id


def _party(work: Work, choice: Acceptance, user_id: int) -> tuple[int | None, int | None, int | None]:
    """Ids of the lead, customer and contact person that the Interest is for."""
    who = choice.who
    if who is not None:
        contact_id = _note_address(work, choice)
        if who.kind == "customer":
            return None, who.id, contact_id
        if who.kind == "contact":
            return None, work.get(Contact, who.id).customer_id, who.id
        return who.id, None, None
    lead = leads.add(
        work,
        choice.name or choice.email or choice.phone,
        company=choice.company,
        source=choice.source,
        purpose=choice.purpose,
        owner_id=user_id,
    )
    if address.is_valid(choice.email):
        contact_info.add_email(work, "lead", lead.key, choice.email)
    if choice.phone.strip():
        contact_info.add_phone(work, "lead", lead.key, choice.phone)
    return lead.key, None, None


def _note_address(work: Work, choice: Acceptance) -> int | None:
    """Somebody known asks from an address that is new: it is noted, so that the next time they are recognised.

    Of a firm it is a new contact person's, whose id is answered. An address of the same domain alone may be a
    colleague's: then nothing is noted with a person.
    """
    who = choice.who
    if who is None or not address.is_valid(choice.email):
        return None
    normal = address.normal(choice.email)
    known = work.all(ContactInfo, kind="email", normal=normal)
    of_people = [info.owner_id for info in known if info.owner_kind == "contact"]
    if who.kind == "customer" and not work.get(Customer, who.id).is_person:
        theirs = [key for key in of_people if work.get(Contact, key).customer_id == who.id]
        if known:
            return theirs[0] if theirs else None
        added = contacts.add(
            work, choice.name or choice.email, customer_id=who.id, infos=[("email", choice.email)]
        )
        return added.key
    if not known and who.reason != "domain":
        contact_info.add_email(work, who.kind, who.id, choice.email)
    return None


def _first_task(work: Work, interest: Interest, choice: Acceptance, letter_id: int | None) -> int:
    """The task of the process that began with the Interest; the scenario's own where none did."""
    of_process = process_hold.first_task(work.connection, interest.key)
    if of_process is not None:
        work.change(work.get(Task, of_process), letter_id=letter_id)
        return of_process
    scenario = work.get(Scenario, interest.scenario_id)
    title = choice.first_task or _(scenarios.FIRST_TASKS.get(scenario.code, interest.name))
    from crm_tui.services.event import work_calendars  # its tables are not read at the start

    mine = work_calendars.clockwork(work.connection, person(work))
    due_at = add_working_time(work.now, interests.FIRST_TASK_WORK, mine.zone, mine.calendar)
    return interests.first_task(work, interest, title=title, due_at=due_at, letter_id=letter_id)
