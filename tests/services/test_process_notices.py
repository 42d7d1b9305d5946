"""The rules of a step at work: who is written to, by which template, and what is said when nobody is (RM-10…17)."""

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from typing import Any

import pytest

from crm_tui import config
from crm_tui.config.table import Config, Recommended
from crm_tui.domain.errors import Invalid
from crm_tui.domain.route.route_json import as_json
from crm_tui.domain.route.route_map import (
    EndPoint,
    Flow,
    Route,
    RuleAction,
    StartPoint,
    Step,
    StepEvent,
    StepRule,
)
from crm_tui.screens.interest.timeline_source import TimelineSource
from crm_tui.services import messages
from crm_tui.services.account import accounts
from crm_tui.services.document import documents
from crm_tui.services.interest import interests
from crm_tui.services.party import contact_info, contacts, customers, lead_conversion, leads
from crm_tui.services.privacy import personal_data
from crm_tui.services.process import process_notices
from crm_tui.services.process.process_object import about
from crm_tui.services.record import gaps
from crm_tui.services.writing import automatic_letters, letter_templates
from crm_tui.store.queries import timeline
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Folder,
    Interest,
    MailAccount,
    Notification,
    Outbox,
    Reminder,
    Task,
    User,
)
from crm_tui.store.tables.processes import (
    Process,
    ProcessNotice,
    ProcessToken,
    RouteMap,
    RouteMapVersion,
    TextMessage,
)
from crm_tui.store.undo import undo
from crm_tui.store.work import Work
from crm_tui.widgets.row_source import Order
from tests.services.conftest import Office

LEAD_FILLED = {"field": "lead_id", "op": "filled"}
CONTACT_FILLED = {"field": "contact_id", "op": "filled"}
TO_LEAD = StepRule(StepEvent.ENTERING, RuleAction.EMAIL, LEAD_FILLED, "Welcome", to_client=True)
TO_CONTACT = StepRule(StepEvent.ENTERING, RuleAction.EMAIL, CONTACT_FILLED, "Again", to_client=True)


@dataclass
class Desk:
    """An office that sends, with a lead, a contact person, and a step whose rules act."""

    office: Office
    lead_id: int
    contact_id: int
    customer_id: int

    def interest(self, **fields: Any) -> int:
        with self.office.store.work(self.office.actor, "interest.add") as work:
            return interests.add(work, "20 pumps", owner_id=self.office.user.key, **fields).key

    def enter(
        self,
        interest_id: int,
        *rules: StepRule,
        event: StepEvent = StepEvent.ENTERING,
        entries: int = 1,
        performer: bool = True,
        account: str = "",
    ) -> int:
        """A process that stands at the step "Meeting"; ``on_event`` as the engine calls it. The process."""
        step = Step(id="meeting", name="Meeting", rules=rules, instruction="Ask for the head of supply")
        with self.office.store.work(self.office.actor, "process.start") as work:
            process = _process(work, self.office.user, step, interest_id, account)
            for number in range(1, entries + 1):
                token = work.add(
                    ProcessToken(
                        process_id=process.key, map_id=process.map_id, token=number, point="meeting", kind="step",
                        performer_id=self.office.user.key if performer else None, entered_at=work.now,
                    )
                )  # fmt: skip
                process_notices.on_event(work, process, token, step, event)
            return process.key

    def letters(self) -> list[EmailMessage]:
        with self.office.store.work(self.office.actor, "look") as work:
            rows = work.all(Outbox)
        assert all(row.automatic for row in rows)
        return [email.message_from_bytes(row.raw, policy=email.policy.default) for row in rows]

    def notices(self) -> list[tuple[str, str, str]]:
        with self.office.store.work(self.office.actor, "look") as work:
            return [(one.address, one.reason, one.detail) for one in work.all(ProcessNotice)]

    def rows(self, model: type[Any], **where: Any) -> Sequence[Any]:
        with self.office.store.work(self.office.actor, "look") as work:
            return work.all(model, **where)


def _process(work: Work, user: User, step: Step, interest_id: int, account: str) -> Process:
    points = (StartPoint(id="start"), step, EndPoint(id="end"))
    route = Route("1.2", "Sale", points=points, flows=(Flow("start", "meeting"), Flow("meeting", "end")))
    route = replace(route, account=account)
    code = f"sale{interest_id}"
    known = work.find(RouteMap, code=code) or work.add(
        RouteMap(code=code, number="1.2", name="Sale", kind="independent", changed_at=work.now)
    )
    number = len(work.all(RouteMapVersion, map_id=known.key)) + 1
    version = work.add(RouteMapVersion(map_id=known.key, number=number, route=as_json(route), at=work.now))
    return work.add(
        Process(
            map_id=known.key, version_id=version.key, object_kind="interest", object_id=interest_id,
            interest_id=interest_id, started_by=user.key, started_at=work.now,
        )
    )  # fmt: skip


def _timeline(office: Office, interest_id: int) -> list[tuple[str, ...]]:
    """What, title and details of the rows of an Interest's card."""
    source = TimelineSource(office.store, interest_id, office.clock, "Asia/Almaty")
    return [tuple(map(str, row.cells[1:])) for row in source.first(Order(""), "", 100)]


@pytest.fixture
def desk(office: Office) -> Desk:
    with office.store.work(office.actor, "setup") as work:
        accounts.update(work, office.account.key, smtp_host="127.0.0.1", sender_name="Sales")
        work.change(work.get(User, office.user.key), email="aliya@office.example")
        lead = leads.add(work, "Olga Kim", infos=[("email", "olga@newco.example"), ("phone", "+77011234567")])
        customer = customers.add(work, "Newco", kind="customer")
        person = contacts.add(
            work, "Boris Berg", customer_id=customer.key, infos=[("email", "boris@private.example")],
            mailing="berg@newco.example",
        )  # fmt: skip
        letter_templates.add(
            work,
            "Welcome",
            subject="Welcome, {{ contact.first_name }}",
            body="About {{ interest.name }}: {{ process.step }}",
        )
        letter_templates.add(work, "Again", subject="Thank you again", body="Dear {{ contact.name }},")
    return Desk(office, lead.key, person.key, customer.key)


def test_rm_10_a_rule_is_event_action_condition_target_and_whom(desk: Desk) -> None:
    interest_id = desk.interest(lead_id=desk.lead_id, source="site")
    late = replace(TO_LEAD, event=StepEvent.OVERDUE)
    rules = (
        TO_LEAD,
        late,
        StepRule(StepEvent.ENTERING, RuleAction.TASK, None, "Ring about {{ interest.name }}"),
        StepRule(StepEvent.ENTERING, RuleAction.REMINDER, None, "Prepare for {{ process.step }}"),
        StepRule(StepEvent.ENTERING, RuleAction.SET_FIELD, None, "short_status=in talks"),
        StepRule(
            StepEvent.ENTERING,
            RuleAction.SET_FIELD,
            {"field": "source", "op": "equals", "value": "call"},
            "purpose=x",
        ),
    )
    desk.enter(interest_id, *rules)
    assert [letter["Subject"] for letter in desk.letters()] == ["Welcome, Olga"]
    assert [task.title for task in desk.rows(Task)] == ["Ring about 20 pumps"]
    assert [one.text for one in desk.rows(Reminder, subject_kind="interest")] == ["Prepare for Meeting"]
    interest = desk.rows(Interest)[0]
    assert (interest.short_status, interest.purpose) == ("in talks", "")


def test_rm_10_what_a_rule_cannot_do_is_told_and_hinders_nothing(desk: Desk) -> None:
    interest_id = desk.interest(lead_id=desk.lead_id)
    state = desk.rows(Interest)[0].state_id
    desk.enter(
        interest_id,
        StepRule(StepEvent.ENTERING, RuleAction.SET_FIELD, None, "state_id=3"),
        StepRule(StepEvent.ENTERING, RuleAction.SET_FIELD, None, "probability=much"),
        StepRule(StepEvent.ENTERING, RuleAction.TASK, {"field": "gone", "op": "filled"}, "Never"),
        TO_LEAD,
    )
    assert desk.rows(Interest)[0].state_id == state
    assert [one[1:] for one in desk.notices()] == [
        ("not_done", "state_id is no field that a rule may set."),
        ("not_done", "much is not a whole number."),
        ("not_done", messages.of_error(Invalid("condition_field", field="gone"))),
        ("", ""),
    ]
    assert [one.code for one in desk.rows(Notification)] == ["process_notice_held"] * 3


def test_rm_11_once_for_each_entry_of_the_step_in_the_same_commit(desk: Desk) -> None:
    interest_id = desk.interest(lead_id=desk.lead_id)
    desk.enter(interest_id, TO_LEAD, TO_LEAD, entries=2)
    keys = [row.dedupe_key for row in desk.rows(Outbox)]
    assert keys == [f"process:1:{number}:meeting:entering:olga@newco.example" for number in (1, 2)]
    undo(desk.office.store, desk.office.actor)
    assert desk.rows(Outbox) == []
    assert desk.rows(ProcessNotice) == []


def test_rm_12_to_the_client_or_to_the_performer(desk: Desk) -> None:
    interest_id = desk.interest(lead_id=desk.lead_id)
    desk.enter(interest_id, TO_LEAD, replace(TO_LEAD, to_client=False))
    to_lead, to_performer = desk.letters()
    assert (to_lead["To"], to_performer["To"]) == (
        "Olga Kim <olga@newco.example>",
        "Aliya <aliya@office.example>",
    )
    assert to_lead["From"] == "Sales <sales@office.example>"
    assert to_lead["Auto-Submitted"] == "auto-generated"
    assert to_lead.get_content().strip() == "About 20 pumps: Meeting"


def test_rm_13_a_lead_gets_the_template_for_leads(desk: Desk) -> None:
    desk.enter(desk.interest(lead_id=desk.lead_id), TO_LEAD, TO_CONTACT)
    desk.enter(desk.interest(contact_id=desk.contact_id), TO_LEAD)
    assert [letter["Subject"] for letter in desk.letters()] == ["Welcome, Olga"]


def test_rm_14_a_contact_person_gets_the_other_template(desk: Desk) -> None:
    desk.enter(desk.interest(contact_id=desk.contact_id), TO_LEAD, TO_CONTACT)
    (letter,) = desk.letters()
    assert (letter["Subject"], letter["To"]) == ("Thank you again", "Boris Berg <berg@newco.example>")
    assert letter.get_content().startswith("Dear Boris Berg,")


def test_rm_14_both_filled_one_notification_an_address(desk: Desk) -> None:
    both = desk.interest(lead_id=desk.lead_id, contact_id=desk.contact_id)
    desk.enter(both, TO_LEAD, TO_CONTACT)
    assert [letter["To"].addresses[0].addr_spec for letter in desk.letters()] == [
        "olga@newco.example",
        "berg@newco.example",
    ]
    with desk.office.store.work(desk.office.actor, "contact.change") as work:
        contacts.change(work, desk.contact_id, mailing="olga@newco.example")
    desk.enter(both, TO_LEAD, TO_CONTACT)
    assert [letter["Subject"] for letter in desk.letters()][2:] == ["Welcome, Olga"]


def test_rm_14_who_was_a_lead_goes_on_being_written_to_by_the_other_template(desk: Desk) -> None:
    interest_id = desk.interest(lead_id=desk.lead_id)
    desk.enter(interest_id, TO_LEAD, TO_CONTACT)
    with desk.office.store.work(desk.office.actor, "lead.convert") as work:
        lead_conversion.convert(work, desk.lead_id)
    desk.enter(interest_id, TO_LEAD, TO_CONTACT)
    assert [(one["Subject"], one["To"].addresses[0].addr_spec) for one in desk.letters()] == [
        ("Welcome, Olga", "olga@newco.example"),
        ("Thank you again", "olga@newco.example"),
    ]


def test_rm_15_without_an_address_nothing_is_sent_and_that_is_said(desk: Desk) -> None:
    with desk.office.store.work(desk.office.actor, "change") as work:
        contacts.change(work, desk.contact_id, mailing="")
        assert ("email", "boris@private.example") in contact_info.of(
            work.connection, "contact", desk.contact_id
        )
        mute = leads.add(work, "Nobody")
    to_anybody = replace(TO_LEAD, condition=None)
    desk.enter(desk.interest(contact_id=desk.contact_id), TO_CONTACT)
    desk.enter(desk.interest(lead_id=mute.key), TO_LEAD)
    desk.enter(desk.interest(), to_anybody)
    desk.enter(desk.interest(), replace(to_anybody, to_client=False), performer=False)
    assert desk.letters() == []
    assert [one[1] for one in desk.notices()] == ["no_mailing_email", "no_email", "no_client", "no_performer"]
    assert ("Notice", "not sent: no e-mail for mailing", "Again · step Meeting") in _timeline(desk.office, 1)


def test_rm_15_the_client_of_a_customer_and_of_a_document(desk: Desk) -> None:
    """A key person who can be reached; whom the Interest of a document is for."""
    with desk.office.store.work(desk.office.actor, "setup") as work:
        contacts.add(work, "Key, unreached", customer_id=desk.customer_id, is_key=True)
        contacts.add(
            work, "Key Person", customer_id=desk.customer_id, is_key=True, mailing="key@newco.example"
        )
        interest = interests.add(work, "Pumps", lead_id=desk.lead_id)
        paper = documents.add(work, "proposal", interest_id=interest.key)
        of_customer = about(work.connection, "customer", desk.customer_id)
        of_paper = about(work.connection, "document", paper.key)
        reached = [automatic_letters.client(work.connection, one).address for one in (of_customer, of_paper)]
        whom = automatic_letters.client(work.connection, of_customer)
        known = automatic_letters.values(work.connection, of_customer, whom)
    assert reached == ["key@newco.example", "olga@newco.example"]
    assert (known["contact"]["name"], known["customer"]["name"]) == ("Key Person", "Newco")


def test_rm_15_who_has_no_e_mail_for_mailing_is_a_gap_that_settings_ask_for(desk: Desk) -> None:
    with desk.office.store.work(desk.office.actor, "contact.add") as work:
        contacts.add(work, "Anna Ann", infos=[("email", "anna@newco.example")])
    asked = Config(recommended=Recommended(contact="email mailing"))
    with desk.office.store.read() as connection:
        found = gaps.of_kind(connection, asked, "contact")
    assert [(one.name, one.found.gaps) for one in found] == [("Anna Ann", ("mailing",))]


def _senders(desk: Desk) -> list[str]:
    return [letter["From"].addresses[0].addr_spec for letter in desk.letters()]


def _account(desk: Desk, address: str, **values: Any) -> int:
    with desk.office.store.work(desk.office.actor, "account.add") as work:
        made = accounts.add(work, address, address, imap_host="127.0.0.1", smtp_host="127.0.0.1")
        work.change(made, **values)
        return made.key


def _colleague(desk: Desk) -> int:
    with desk.office.store.facts("setup") as work:
        return work.add(User(login="ivan", name="Ivan", zone="UTC")).key


def test_rm_15_the_account_is_the_owners_or_that_the_letters_came_to(desk: Desk) -> None:
    inquiries = _account(desk, "inquiries@office.example", owner_id=_colleague(desk))
    interest_id = desk.interest(lead_id=desk.lead_id)
    desk.enter(interest_id, TO_LEAD)
    assert _senders(desk) == ["sales@office.example"]
    letter = desk.office.letter()
    with desk.office.store.work(desk.office.actor, "link") as work:
        work.change(work.get(Folder, desk.office.folders["inbox"].key), account_id=inquiries)
        interests.link_letter(work, interest_id, letter.letter_id)
    desk.enter(interest_id, TO_LEAD)
    assert _senders(desk)[1:] == ["inquiries@office.example"]


def test_rm_15_no_letter_leaves_from_a_strangers_address(desk: Desk) -> None:
    ivan = _colleague(desk)
    with desk.office.store.work(desk.office.actor, "account.update") as work:
        work.change(work.get(MailAccount, desk.office.account.key), owner_id=ivan)
    interest_id = desk.interest(lead_id=desk.lead_id)
    desk.enter(interest_id, TO_LEAD)
    assert (desk.letters(), desk.notices()[-1][1]) == ([], "no_account")
    said = "not sent: no account of the owner, the map or the inquiry can send"
    assert said in " ".join(sum(_timeline(desk.office, interest_id), ()))
    assert [one.facts["reason"] for one in desk.rows(Notification)] == ["no_account"]
    _account(desk, "info@office.example", owner_id=ivan, shared=True)
    desk.enter(interest_id, TO_LEAD)
    assert _senders(desk) == ["info@office.example"], "the only one of a group is everybody's"
    _account(desk, "help@office.example", owner_id=ivan, shared=True)
    desk.enter(interest_id, TO_LEAD)
    assert desk.notices()[-1][1] == "no_account", "of two none is guessed"


def test_rm_15_a_map_may_name_the_account_and_no_other_stands_in_for_it(desk: Desk) -> None:
    welcome = _account(desk, "welcome@office.example", owner_id=_colleague(desk))
    interest_id = desk.interest(lead_id=desk.lead_id)
    desk.enter(interest_id, TO_LEAD, account="welcome@office.example")
    assert _senders(desk) == ["welcome@office.example"]
    with desk.office.store.work(desk.office.actor, "account.update") as work:
        accounts.update(work, welcome, enabled=False)
    desk.enter(interest_id, TO_LEAD, account="welcome@office.example")
    assert (len(desk.letters()), desk.notices()[-1][1]) == (1, "no_account")


def test_rm_15_nobody_is_written_to_who_lies_in_the_trash(desk: Desk) -> None:
    interest_id = desk.interest(contact_id=desk.contact_id)
    with desk.office.store.facts("trash") as work:
        work.change(work.get(Contact, desk.contact_id), trashed_at=work.now)
    desk.enter(interest_id, TO_CONTACT)
    assert (desk.letters(), desk.notices()[-1][1]) == ([], "client_in_trash")
    assert "whom it is for lies in the trash" in " ".join(sum(_timeline(desk.office, interest_id), ()))


def test_rm_16_sms_by_a_program_to_the_mobile_phone(desk: Desk) -> None:
    rule = StepRule(StepEvent.ENTERING, RuleAction.SMS, None, "Welcome", to_client=True)
    lead, person = desk.interest(lead_id=desk.lead_id), desk.interest(contact_id=desk.contact_id)
    desk.enter(lead, rule)
    config.config_file().write_text('[sms]\ncommand = "send"\n', "utf-8")
    desk.enter(lead, rule, rule)
    desk.enter(person, rule)
    (taken,) = desk.rows(TextMessage)
    assert (taken.number, taken.text, taken.dedupe_key) == (
        "+77011234567", "About 20 pumps: Meeting", "process:2:1:meeting:entering:+77011234567",
    )  # fmt: skip
    assert (taken.status, taken.user_id, taken.object_id) == ("queued", desk.office.user.key, lead)
    assert [one[:2] for one in desk.notices()] == [("", "no_sms"), ("+77011234567", ""), ("", "no_mobile")]


def test_rm_17_the_letter_stands_on_the_timeline_of_its_interest(desk: Desk) -> None:
    interest_id = desk.interest(lead_id=desk.lead_id)
    desk.enter(interest_id, TO_LEAD)
    with desk.office.store.read() as connection:
        entry = next(one for one in timeline.of_interest(connection, interest_id) if one.kind == "outgoing")
    assert (entry.title, entry.detail, entry.status) == ("Welcome, Olga", "automatic", "queued")
    assert entry.step == "Meeting"
    lines = _timeline(desk.office, interest_id)
    assert ("Sent letter", "Welcome, Olga", "automatic · step Meeting · waits to be sent") in lines


@pytest.mark.parametrize(
    ("subject", "body", "reason", "detail"),
    [
        ("Hello {{ contact.firstname }}", "", "needs_attention", "contact.firstname"),
        ("Hello", "{{ customer.city }}", "needs_attention", "customer.city"),
        ("Hello", "> {{ interest.purpose }}", "needs_attention", "interest.purpose"),
        ("{{ interest.name }}", "{{ lead.company }}", "needs_attention", "contact.phone"),
        ("Hello", "{{ customer.city | fallback('your town') }}", "", ""),
    ],
)
def test_c_14_a_placeholder_without_a_value_never_leaves(
    desk: Desk, subject: str, body: str, reason: str, detail: str
) -> None:
    """Neither one that has no value, nor a slip of the pen, nor what a stranger wrote into a name."""
    with desk.office.store.work(desk.office.actor, "setup") as work:
        row = letter_templates.add(work, "First")
        work.change(row, subject=subject, body=body)  # as an older program, or another, may have left it
        leads.change(work, desk.lead_id, company="{{ contact.phone }}")
    desk.enter(desk.interest(lead_id=desk.lead_id), replace(TO_LEAD, target="first"))
    assert [one[1:] for one in desk.notices()] == [(reason, detail)]
    assert len(desk.letters()) == (not reason)
    told = desk.rows(Notification)
    assert [one.facts["detail"] for one in told] == ([detail] if reason else [])
    assert all(one.user_id == desk.office.user.key for one in told)
    assert [messages.of_notification(one.code, one.facts) for one in told] == [
        f"20 pumps, Meeting: first: needs attention, not sent: no value for {detail}" for _each in told
    ]


def test_c_14_a_template_that_is_gone_or_broken_is_told(desk: Desk) -> None:
    with desk.office.store.work(desk.office.actor, "setup") as work:
        work.change(letter_templates.add(work, "Broken"), body="{% for x in y %}")
    interest_id = desk.interest(lead_id=desk.lead_id)
    desk.enter(interest_id, replace(TO_LEAD, target="Gone"), replace(TO_LEAD, target="Broken"), TO_LEAD)
    assert desk.notices() == [
        ("", "no_template", "Gone"),
        ("", "template_broken", "Broken"),
        ("olga@newco.example", "", ""),
    ]


def test_c_13_an_address_written_to_is_erased_after_another_took_the_place(desk: Desk) -> None:
    """The Interest is another's by then: the address stands in the notice, and in the journal, alone."""
    with desk.office.store.work(desk.office.actor, "setup") as work:
        firm = customers.add(work, "Newco").key
        info = ("email", "wilhelmina@newco.example")
        left = contacts.add(work, "Wilhelmina Quux", customer_id=firm, infos=[info]).key
        successor = contacts.add(work, "Ivan Petrov", customer_id=firm).key
        work.change(work.all(ContactInfo, owner_kind="contact", owner_id=left)[0], for_mailing=True)
    interest_id = desk.interest(customer_id=firm, contact_id=left)
    desk.enter(interest_id, TO_CONTACT)
    assert desk.notices() == [(info[1], "", "")]
    with desk.office.store.work(desk.office.actor, "setup") as work:
        interests.change(work, interest_id, contact_id=successor)
        work.change(work.all(Outbox)[0], status="sent")
    personal_data.erase(desk.office.store, desk.office.actor, "contact", left)
    with desk.office.store.read() as connection:
        for table in ("process_notice", "journal_row"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert not any(info[1] in repr(row) for row in rows)
