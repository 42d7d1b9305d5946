"""An office in which sales go by a map, and what a story asks of its processes."""

import re
from datetime import datetime

from crm_tui.domain.route import route_text
from crm_tui.services.interest import interests
from crm_tui.services.party import leads
from crm_tui.services.route import route_maps, shipped_maps
from crm_tui.services.writing import letter_templates
from crm_tui.store.tables import Interest, State
from crm_tui.store.tables.processes import Process
from tests.stories.office import Desk, Office

PRESENT = "[◉@]"
"""What marks the present state, on a modern terminal and on a thin one."""


def quick_sale(office: Office) -> None:
    """The shipped map "1.2 Sale (quick)" is in force, and there is a template for proposals."""
    store = office.store()
    shipped_maps.ensure_in(store)
    with store.work(office.actor, "setup") as work:
        found = route_maps.by_code(work.connection, "sale_quick")
        route_maps.enforce(work, found.id)
        letter_templates.add(
            work,
            "Proposal",
            subject="Our proposal: {{ interest.name }}",
            body='Hello {{ contact.first_name | fallback("dear client") }},\n\nour proposal is attached.\n',
        )
    store.close()


def in_force(office: Office, *maps: str) -> None:
    """These maps, as texts, are in force."""
    store = office.store()
    with store.work(office.actor, "setup") as work:
        for text in maps:
            written = route_text.read(text.encode())
            route_maps.enforce(work, route_maps.import_route(work, written).key)
    store.close()


def state_of(desk: Desk) -> str:
    """Code of the state of the one Interest."""
    return desk.row(State, id=desk.row(Interest).state_id).code


def process_of(desk: Desk) -> Process:
    """The one controlling process."""
    return desk.row(Process, controlling=True)


async def stands_in(desk: Desk, state: str) -> str:
    """Wait until the head of the card shows this state as the present one."""
    return str(
        await desk.until(lambda: re.search(f"{PRESENT} {state}", desk.screen), f"the head says {state}")
    )


def at(text: str) -> datetime:
    """An instant as it is written in a test."""
    return datetime.fromisoformat(text)


LEGAL = """
[map]
code = "legal"
number = "6"
name = "Legal approval"
kind = "independent"
object_kind = ""
[point.start]
kind = "start"
next = "approve"
[point.approve]
kind = "step"
name = "Approve the contract"
ask_result = true
next = "done"
[point.done]
kind = "end"
"""
DEAL = """
[map]
code = "deal"
number = "5"
name = "Deal"
start_event = "created"
scenario = "sale"
early_termination = true
termination_state = "lost"
[point.start]
kind = "start"
next = "contract"
[point.contract]
kind = "step"
name = "Draw up the contract"
state = "contract"
next = "both"
[point.both]
kind = "split"
next = [{to = "legal", controls = true}, "reserve"]
[point.legal]
kind = "nested"
name = "Legal approval"
map = "legal"
state = "contract"
next = "agreed"
[point.agreed]
kind = "step"
name = "Contract agreed"
state = "contract"
next = "together"
[point.reserve]
kind = "step"
name = "Warehouse reserve"
instruction = "Put twenty pumps aside"
duration = "1d"
next = "together"
[point.together]
kind = "join"
next = "control"
[point.control]
kind = "step"
name = "Control"
state = "control"
next = "won"
[point.won]
kind = "end"
name = "Sold"
state = "won"
"""
"""Contract agreed, with a nested process, and beside it the warehouse, which controls nothing (story A8)."""


def deal(office: Office, text: str = DEAL) -> int:
    """An Interest that goes by the map, at its first step; answers its id."""
    in_force(office, LEGAL, text)
    store = office.store()
    with store.work(office.actor, "setup") as work:
        lead = leads.add(work, "Olga Kim")
        made = interests.add(work, "Twenty pumps", owner_id=office.actor.user_id, lead_id=lead.key)
    store.close()
    return made.key


async def at_the_interest(desk: Desk) -> None:
    """Its card is open."""
    await desk.press("4")
    await desk.sees("[4 Interests]", "Twenty pumps")
    await desk.press("enter")
    await desk.sees("[Timeline]", "5 Deal: Draw up the contract")
