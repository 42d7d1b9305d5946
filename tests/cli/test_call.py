"""``crm call``."""

from crm_tui.services import users
from crm_tui.services.party import contacts, customers, leads
from crm_tui.store.engine import Store
from crm_tui.store.tables import Notification
from tests.cli.conftest import Crm


def test_elp_02_who_calls_is_printed_and_told_to_whose_telephone_it_is(crm: Crm, store: Store) -> None:
    with store.work(users.actor_of(users.current(store)), "prepare") as work:
        other = users.ensure(work, "olga", name="Olga").key
        firm = customers.add(work, "Kaspi", owner_id=other).key
        contacts.add(work, "Ivan Li", customer_id=firm, infos=[("phone", "+7 701 555 12 34")])
        leads.add(work, "Bo Ray", company="Newco", infos=[("phone", "+7 701 555 12 34")])
    done = crm("call", "555-12-34", "--user", "olga", "--json")
    assert done.code == 0
    assert [(one["kind"], one["name"], one["owner"]) for one in done.json["callers"]] == [
        ("contact", "Ivan Li", "olga"),
        ("lead", "Bo Ray", ""),
    ], "a contact person without an owner is their customer's"
    assert crm("call", "+7 999 000 00 00", "--user", "olga", "--ended", "--plain").out == ""
    with store.facts("look") as work:
        told = [(one.user_id, one.code, one.subject_id, one.facts["who"]) for one in work.all(Notification)]
    assert told == [
        (other, "call_on", None, "Ivan Li (Kaspi), Bo Ray (Newco)"),
        (other, "call_ended_unknown", None, ""),
    ]


def test_elp_02_no_number_and_no_user_are_wrong_usage(crm: Crm) -> None:
    hidden = crm("call", "anonymous")
    assert (hidden.code, "hides it" in hidden.err) == (2, True)
    assert crm("call", "5551234", "--user", "nobody").code == 2
