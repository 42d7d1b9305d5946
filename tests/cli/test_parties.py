"""``crm customer``, ``contact`` and ``lead``: the verbs of the screens, for scripts."""

from crm_tui.store.engine import Store
from crm_tui.store.tables import Contact, Lead
from tests.cli.conftest import Crm

LINE = "Olga Kim, NewCo LLP, olga@newco.example, +7 701 555 12 34"


def test_customers_are_added_listed_and_shown(crm: Crm, store: Store) -> None:
    made = crm("customer", "add", LINE, "--json")
    assert made.code == 0
    assert (made.json["name"], made.json["kind"], made.json["open_sum"]) == ("NewCo LLP", "customer", [])
    assert [row["name"] for row in crm("customer", "ls", "newco", "--kind", "customer", "--json").json] == [
        "NewCo LLP"
    ]
    assert crm("customer", "ls", "--kind", "nonsense").code != 0
    shown = crm("customer", "show", "1", "--json").json
    assert (shown["name"], shown["timeline"]) == ("NewCo LLP", [])
    assert "NewCo LLP" in crm("customer", "show", "1").out
    assert crm("customer", "show", "9").code == 3
    people = crm("contact", "ls", "--json").json
    assert [(row["name"], row["phone"]) for row in people] == [("Olga Kim", "+7 701 555 12 34")]


def test_a_lead_is_added_and_made_a_customer(crm: Crm, store: Store) -> None:
    assert crm("lead", "add", LINE).code == 0
    assert crm("lead", "add", "+7 701").code != 0
    made = crm("lead", "convert", "1", "--json")
    assert made.json["customer"] == "NewCo LLP"
    assert crm("lead", "ls", "--json").json == []
    assert [row["status"] for row in crm("lead", "ls", "--all", "--json").json] == ["converted"]
    assert crm("lead", "convert", "1").code != 0
    with store.facts("look") as work:
        assert work.get(Lead, 1).contact_id == work.get(Contact, made.json["contact_id"]).id
