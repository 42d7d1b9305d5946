"""An office in which sales go by a map, and what a story asks of its processes."""

import re
from datetime import datetime

from crm_tui.domain import route_text
from crm_tui.services import letter_templates, route_maps, shipped_maps
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
