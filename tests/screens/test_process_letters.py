"""What a process writes to the client, as a manager sees it on the Interest's card (RM-10…17)."""

from crm_tui.app import CrmApp
from crm_tui.domain.route.route_map import (
    ActionPoint,
    EndPoint,
    Flow,
    ProcessKind,
    Route,
    RuleAction,
    StartPoint,
    Step,
    StepEvent,
    StepRule,
)
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.prompt import Choice
from crm_tui.services.account import accounts
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contacts
from crm_tui.services.ports import Ports
from crm_tui.services.process import processes
from crm_tui.services.route import route_maps
from crm_tui.services.writing import letter_templates
from crm_tui.store.tables import ContactInfo, Interest, Outbox
from crm_tui.store.tables.processes import ProcessToken
from tests.screens.keyboard import screen_text, type_text
from tests.waiting import settled

CONTACT_FILLED = {"field": "contact_id", "op": "filled"}
LEAD_FILLED = {"field": "lead_id", "op": "filled"}


def greeting(ports: Ports) -> int:
    """An Interest with a contact person, and a map in force that writes to whomever it has, on entering its step."""
    rules = (
        StepRule(StepEvent.ENTERING, RuleAction.EMAIL, CONTACT_FILLED, "Again", to_client=True),
        StepRule(StepEvent.ENTERING, RuleAction.EMAIL, LEAD_FILLED, "Welcome", to_client=True),
        StepRule(StepEvent.ENTERING, RuleAction.SMS, None, "Welcome", to_client=True),
        StepRule(StepEvent.COMPLETING, RuleAction.EMAIL, CONTACT_FILLED, "Role", to_client=True),
        StepRule(StepEvent.COMPLETING, RuleAction.SET_FIELD, None, "short_status=greeted"),
    )
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        accounts.add(work, "office", "us@office.example", imap_host="127.0.0.1", smtp_host="127.0.0.1")
        for name in ("Welcome", "Again"):
            letter_templates.add(
                work, name, subject=f"{name}, {{{{ contact.first_name }}}}", body="Good day!"
            )
        letter_templates.add(work, "Role", subject="Good day", body="Dear {{ contact.role }},")
        route = Route(
            "9", "Greeting", ProcessKind.INDEPENDENT, "interest",
            points=(
                StartPoint(id="start"),
                ActionPoint(id="offer", action="create_document", settings={"kind": "proposal", "title": "Offer"}),
                Step(id="greet", name="Greet", rules=rules),
                EndPoint(id="end"),
            ),
            flows=(Flow("start", "offer"), Flow("offer", "greet"), Flow("greet", "end")),
        )  # fmt: skip
        made = route_maps.add(work, "Greeting")
        route_maps.save_draft(work, made.key, route)
        route_maps.enforce(work, made.key)
        person = contacts.add(work, "Boris Berg", infos=[("email", "boris@private.example")])
        return interests.add(work, "20 pumps", contact_id=person.key, owner_id=ports.actor.user_id).key


async def test_rm_10_rm_11_rm_12_rm_13_rm_14_rm_15_rm_16_rm_17_elp_04_corp_25_kzt_09_c_14_the_card_says_what_was_sent(
    app: CrmApp, ports: Ports
) -> None:
    interest_id = greeting(ports)
    async with app.run_test(size=(120, 40)) as pilot:
        await type_text(pilot, f":show_interest {interest_id}\n")
        await settled(pilot, lambda: "20 pumps" in screen_text(app))
        await pilot.press("g", "x")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("1")
        await settled(pilot, lambda: "not sent: no e-mail for mailing" in screen_text(app))
        assert "not sent: no mobile phone" in screen_text(app)
        assert "Offer" in screen_text(app)  # what the map made by itself
        assert "◉ Meeting" in screen_text(app)  # the Interest stands in its state, whatever is sent beside it
        with ports.store.work(ports.actor, "look") as work:
            assert work.all(Outbox) == []
        # The manager notes the e-mail for mailing, in the form of the contact person.
        await type_text(pilot, ":show_contact 1\n")
        await settled(
            pilot, lambda: "Boris Berg" in screen_text(app) and "Contact person" in screen_text(app)
        )
        await pilot.press("e")
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await pilot.press(*["down"] * 8)
        await type_text(pilot, "berg")
        await settled(pilot, lambda: "berg is not an e-mail address." in screen_text(app))
        await type_text(pilot, "@newco.example")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: not isinstance(app.screen, FormDialog))
        await type_text(pilot, f":show_interest {interest_id}\n")
        await settled(pilot, lambda: "no e-mail for mailing" in screen_text(app))
        await pilot.press("g", "x")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("1")
        await settled(pilot, lambda: "automatic · step Greet" in screen_text(app))
        assert "Again, Boris" in screen_text(app)
        with ports.store.work(ports.actor, "process.complete") as work:
            (letter,) = work.all(Outbox)
            assert letter.recipients == ["berg@newco.example"]
            marked = [one.value for one in work.all(ContactInfo) if one.for_mailing]
            assert marked == ["berg@newco.example"]
            step = work.all(ProcessToken)[-1]
            processes.complete(work, step.process_id, step.token)
            assert work.get(Interest, interest_id).short_status == "greeted"
        await settled(
            pilot, lambda: "needs attention, not sent: no value for contact.role" in screen_text(app)
        )
