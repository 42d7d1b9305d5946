"""Triggers and the processes of cards by keyboard alone (IDX-31, BP-02, BP-03, ELP-05, ELP-06, C-30)."""

from collections.abc import Callable

from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.domain.route.route_map import EndPoint, Flow, Outcome, ProcessKind, Route, StartPoint, Step
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.lists.condition_editor import ConditionEditor, LeafForm
from crm_tui.screens.process.card_processes import CardProcessesScreen
from crm_tui.screens.process.process_way import WayScreen
from crm_tui.screens.process.trigger_card import TriggerCard
from crm_tui.screens.process.triggers import TriggersScreen
from crm_tui.services.document import documents
from crm_tui.services.interaction import interactions
from crm_tui.services.interaction.whose import Whose
from crm_tui.services.party import customers, leads
from crm_tui.services.ports import Ports
from crm_tui.services.process import process_stopping, processes
from crm_tui.services.route import route_maps, shipped_maps
from crm_tui.services.writing import letter_templates
from crm_tui.store.tables import Reminder, Task
from crm_tui.store.tables.processes import Process, ProcessToken, Trigger
from tests.screens.keyboard import screen_text, type_text
from tests.waiting import settled


def cyrillic(keys: str) -> str:
    """What these keys send on a Russian layout."""
    return keys.translate(str.maketrans("gntwxP", "птецчЗ"))


def shipment(ports: Ports, object_kind: str = "", code: str = "shipment") -> int:
    """A map in force of one step with two outcomes, for any card."""
    with ports.store.work(ports.actor, "setup") as work:
        route = Route(
            "3.1", "Shipment", ProcessKind.INDEPENDENT, object_kind,
            points=(
                StartPoint(id="start"),
                Step(id="pack", name="Pack it", outcomes=(Outcome("sent", "Sent"), Outcome("back", "Refused"))),
                EndPoint(id="done", name="Delivered"), EndPoint(id="no", name="Came back", successful=False),
            ),
            flows=(Flow("start", "pack"), Flow("pack", "done", "sent"), Flow("pack", "no", "back")),
        )  # fmt: skip
        made = route_maps.add(work, "Shipment")
        route_maps.save_draft(work, made.key, route)
        route_maps.enforce(work, made.key)
        return made.key


def customer(ports: Ports, name: str, city: str = "") -> int:
    with ports.store.work(ports.actor, "customer.add") as work:
        return customers.add(work, name, city=city, owner_id=ports.actor.user_id).key


async def card_of(app: CrmApp, pilot: Pilot[int], customer_id: int, name: str) -> None:
    await type_text(pilot, f":show_customer {customer_id}\n")
    await settled(pilot, lambda: name in screen_text(app))


async def begin_trigger(
    app: CrmApp, pilot: Pilot[int], name: str, about: str, layout: Callable[[str], str] = str
) -> None:
    """A new trigger of this name, about these records."""
    await pilot.press(*layout("gw"))
    await settled(pilot, lambda: "No triggers yet" in screen_text(app))
    await pilot.press(layout("n"))
    await settled(pilot, lambda: isinstance(app.screen, TriggerCard))
    await pilot.press("enter")
    await settled(pilot, lambda: isinstance(app.screen, Prompt))
    await type_text(pilot, f"{name}\n")
    await settled(pilot, lambda: name in screen_text(app))
    await pilot.press("down", "enter")
    await settled(pilot, lambda: isinstance(app.screen, Choice))
    await type_text(pilot, f"{about}\n")


async def test_idx_31_a_trigger_is_made_tried_and_switched_off_by_keyboard(app: CrmApp, ports: Ports) -> None:
    """On a Cyrillic layout, in the smallest terminal."""
    for city in ("Astana", "Almaty", "Almaty"):
        customer(ports, f"From {city}", city)
    async with app.run_test(size=(80, 24)) as pilot:
        await begin_trigger(app, pilot, "New in Almaty", "Customer", cyrillic)
        await settled(pilot, lambda: "of 3 records" in screen_text(app))
        await pilot.press("down", "down", "enter")
        await settled(pilot, lambda: isinstance(app.screen, ConditionEditor))
        await pilot.press(*cyrillic("n"))
        await settled(pilot, lambda: isinstance(app.screen, LeafForm))
        await type_text(pilot, "cc")
        await pilot.press("tab", "tab")
        await type_text(pilot, "ALM\n")
        await settled(pilot, lambda: isinstance(app.screen, ConditionEditor))
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "Would act on 2 of 3 records now." in screen_text(app))
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "Say what the trigger does" in screen_text(app))
        await pilot.press(*cyrillic("n"))
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("1")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await type_text(pilot, "Ring {{ customer.name }}\n")
        await settled(pilot, lambda: "After what time" in screen_text(app))
        await type_text(pilot, "10min\n")
        await settled(pilot, lambda: "Then" in screen_text(app))
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, TriggersScreen))
        await pilot.press(*cyrillic("t"))
        await settled(pilot, lambda: "Would act on 2 of 3 records now." in screen_text(app))
        customer(ports, "Newest", "Almaty")
        await pilot.press(*cyrillic("x"))
        await settled(pilot, lambda: "no " in screen_text(app))
    with ports.store.work(ports.actor, "look") as work:
        assert [one.text for one in work.all(Reminder)] == ["Ring Newest"]
        assert [one.enabled for one in work.all(Trigger)] == [False]


async def test_bp_02_c_16_a_ready_trigger_is_taken_and_rests_until_it_is_switched_on(
    app: CrmApp, ports: Ports
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, ":triggers\n")
        await settled(pilot, lambda: isinstance(app.screen, TriggersScreen))
        await pilot.press("r")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await type_text(pilot, "evening\n")
        await settled(pilot, lambda: "It rests" in screen_text(app))
        with ports.store.read() as connection:
            assert not processes.controlling(connection, 0)
        await pilot.press("x")
        await settled(pilot, lambda: "yes" in screen_text(app))


async def test_elp_05_a_process_of_a_customer_and_its_result_stand_on_the_card(
    app: CrmApp, ports: Ports
) -> None:
    shipment(ports)
    key = customer(ports, "Newco")
    async with app.run_test(size=(80, 24)) as pilot:
        await card_of(app, pilot, key, "Newco")
        await pilot.press(*cyrillic("gP"))
        await settled(pilot, lambda: isinstance(app.screen, CardProcessesScreen))
        await pilot.press("n")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("1")
        await settled(pilot, lambda: "Pack it" in screen_text(app))
        with ports.store.work(ports.actor, "process.complete") as work:
            step = work.all(ProcessToken)[0]
            processes.complete(work, step.process_id, step.token, "back", "Nobody at home", reason="price")
        await settled(pilot, lambda: "no success · Came back" in screen_text(app))
        await pilot.press("escape")
        await settled(pilot, lambda: "Processes" in screen_text(app) and "completed" in screen_text(app))
        await pilot.press("home", "enter")
        await settled(pilot, lambda: isinstance(app.screen, WayScreen))
        await settled(pilot, lambda: "Pack it" in screen_text(app))
        await type_text(pilot, ":show_process 99\n")
        await settled(pilot, lambda: "not there any more" in screen_text(app))


async def test_elp_06_c_30_on_any_card_and_on_marked_records(app: CrmApp, ports: Ports) -> None:
    shipment(ports)
    with ports.store.work(ports.actor, "setup") as work:
        for name in ("Kim", "Lee", "Pak"):
            leads.add(work, name, owner_id=ports.actor.user_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "l")
        await settled(pilot, lambda: "Pak" in screen_text(app))
        await pilot.press("V", "g", "x")
        await settled(pilot, lambda: "Which process for 3 cards" in screen_text(app))
        await pilot.press("1")
        await settled(pilot, lambda: "3 processes started" in screen_text(app))
        await pilot.press("u")
        await settled(pilot, lambda: not _running(ports))


async def test_elp_06_corp_24_kz_12_a_document_is_approved_by_the_shipped_map(
    app: CrmApp, ports: Ports
) -> None:
    shipped_maps.ensure_in(ports.store)
    with ports.store.work(ports.actor, "setup") as work:
        route_maps.enforce(work, route_maps.by_code(work.connection, "document_approval").id)
        paper = documents.add(work, "proposal", title="Paper")
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, f":show_document {paper.key}\n")
        await settled(pilot, lambda: "Paper" in screen_text(app))
        await pilot.press("g", "x")
        await settled(pilot, lambda: "Which process for 1 card" in screen_text(app))
        await pilot.press("1")
        await settled(pilot, lambda: "Document approval · running · Prepare the document" in screen_text(app))
        with ports.store.work(ports.actor, "process.complete") as work:
            key = work.all(Process)[0].key
            processes.complete(work, key, 1)
            processes.complete(work, key, 2, "change", "The price is missing")
            processes.complete(work, key, 3)
            processes.complete(work, key, 4, "approved", "Good")
        await settled(pilot, lambda: "completed · success · Approved · Good" in screen_text(app))


async def test_bp_03_where_no_map_is_in_force_that_is_said(app: CrmApp, ports: Ports) -> None:
    key = shipment(ports)
    with ports.store.work(ports.actor, "setup") as work:
        route_maps.suspend(work, key)
        letter_templates.add(work, "Any")
    made = customer(ports, "Newco")
    async with app.run_test(size=(80, 24)) as pilot:
        await card_of(app, pilot, made, "Newco")
        await pilot.press("g", "x")
        await settled(pilot, lambda: "No map in force can be started here." in screen_text(app))
    assert _running(ports) == []


def _running(ports: Ports) -> list[str]:
    with ports.store.work(ports.actor, "look") as work:
        return [one.object_kind for one in work.all(Process)]


async def test_bp_17_elp_05_a_process_of_a_card_goes_on_after_a_stop_and_is_ended_early(
    app: CrmApp, ports: Ports
) -> None:
    """On a Cyrillic layout: what runs beside the Interest has its own way out."""
    map_id = shipment(ports)
    customer_id = customer(ports, "Iron Hills")
    with ports.store.work(ports.actor, "setup") as work:
        process_id = processes.start(work, map_id, "customer", customer_id).key
        process_stopping.stop(work, process_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await card_of(app, pilot, customer_id, "Iron Hills")
        await pilot.press("g", "P")
        await settled(pilot, lambda: "Stopped" in screen_text(app))
        await pilot.press("E")
        await settled(pilot, lambda: "End early: 3.1 Shipment" in screen_text(app))
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(app.screen, CardProcessesScreen))
        await pilot.press("К")
        await settled(pilot, lambda: "Running" in screen_text(app))
        await pilot.press("К")
        await settled(pilot, lambda: "was not stopped" in screen_text(app))
        with ports.store.work(ports.actor, "setup") as work:
            process_stopping.stop(work, process_id)
        await pilot.press("У")
        await settled(pilot, lambda: "End early: 3.1 Shipment" in screen_text(app))
        await pilot.press("right")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "Ended early" in screen_text(app))
        await pilot.press("E")
        await settled(pilot, lambda: "This process has ended" in screen_text(app))


async def test_bp_02_a_trigger_about_calls_by_keyboard(app: CrmApp, ports: Ports) -> None:
    customer_id = customer(ports, "Newco")
    async with app.run_test(size=(120, 40)) as pilot:
        await begin_trigger(app, pilot, "After a call", "call")
        await settled(pilot, lambda: "Call or meeting" in screen_text(app))
        await settled(pilot, lambda: "Would act on 0 of 0 records now." in screen_text(app))
        await pilot.press("n")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        assert "set a field" not in screen_text(app)
        await pilot.press("2")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await type_text(pilot, "Write to {{ customer.name }}\n")
        await settled(pilot, lambda: "After what time" in screen_text(app))
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, TriggerCard))
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "The trigger is kept" in screen_text(app))
        assert "Call or meeting: was held" in screen_text(app)
    with ports.store.work(ports.actor, "interaction.log") as work:
        interactions.log(work, Whose(customer_id=customer_id), result="They wait")
    with ports.store.work(ports.actor, "look") as work:
        assert [one.title for one in work.all(Task)] == ["Write to Newco"]
