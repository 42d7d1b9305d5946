"""``crm briefing``: what to know before a talk, on one page."""

from crm_tui.services.party import contacts, customers
from crm_tui.store.engine import Store
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm


def test_l_26_the_briefing_on_the_command_line(crm: Crm, store: Store) -> None:
    with store.work(Actor("test"), "setup") as work:
        firm = customers.add(work, "Newco", city="Almaty")
        contacts.add(work, "Olga Kim", customer_id=firm.key, role="buyer")
    told = crm("briefing", "customer", firm.key)
    assert told.code == 0
    assert told.out.startswith("NEWCO (CUSTOMER)\n")
    assert "PEOPLE\nOlga Kim · buyer\n" in told.out
    parts = crm("briefing", "customer", firm.key, "--json").json["parts"]
    assert parts[0] == {"title": "Newco (Customer)", "lines": parts[0]["lines"]}
    assert {"title": "People", "lines": ["Olga Kim · buyer"]} in parts
    assert crm("briefing", "customer", 404).code == 3
