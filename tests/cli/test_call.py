"""``crm call``."""

from datetime import timedelta

import pytest

from crm_tui.services import users
from crm_tui.services.party import contacts, customers, leads
from crm_tui.store.engine import Store
from crm_tui.store.tables import Interaction, Notification
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


def test_elp_02_a_missed_call_is_noted_and_its_owner_is_told_to_call_back(crm: Crm, store: Store) -> None:
    with store.work(users.actor_of(users.current(store)), "prepare") as work:
        olga = users.ensure(work, "olga", name="Olga").key
        firm = customers.add(work, "Kaspi", owner_id=olga).key
        person = contacts.add(work, "Ivan Li", customer_id=firm, infos=[("phone", "+7 701 555 12 34")]).key
    me = users.current(store).key
    crm("call", "87015551234")
    assert crm("call", "87015551234", "--missed", "--json").json["callers"][0]["owner"] == "olga"
    assert crm("call", "+7 999 000 00 00", "--missed").code == 0
    with store.facts("look") as work:
        noted = work.all(Interaction)
        told = [(one.user_id, one.code, bool(one.read_at)) for one in work.all(Notification)]
    assert [(one.kind, one.direction, one.status) for one in noted] == [("call", "in", "missed")] * 2
    assert [(one.contact_id, one.customer_id, one.owner_id, one.phone) for one in noted] == [
        (person, firm, olga, "87015551234"),
        (None, None, me, "+7 999 000 00 00"),
    ]
    assert told == [
        (me, "call_on", True),
        (olga, "call_missed", False),
        (me, "call_missed_unknown", False),
    ], "that it was on is over"
    assert crm("call", "5551234", "--missed", "--ended").code == 2


@pytest.mark.parametrize("over", ["--ended", "--missed"])
def test_elp_02_that_a_call_is_over_is_told_where_it_rang(crm: Crm, store: Store, over: str) -> None:
    with store.work(users.actor_of(users.current(store)), "prepare") as work:
        olga = users.ensure(work, "olga", name="Olga").key
    me = users.current(store).key
    crm("call", "+7 701 555 12 34", "--user", "olga")
    crm("call", "+7 999 000 00 00")
    assert crm("call", "tel:+7 701 555 12 34", over).code == 0
    with store.facts("yesterday") as work:
        told = work.all(Notification)
        for one in told:
            work.change(one, at=one.at - timedelta(days=2))
    assert [(one.user_id, bool(one.read_at)) for one in told] == [(olga, True), (me, False), (olga, False)]
    crm("call", "+7 701 555 12 34", over)
    with store.facts("look") as work:
        assert work.all(Notification)[-1].user_id == me, "a call of another day"


def test_elp_02_no_number_and_no_user_are_wrong_usage(crm: Crm) -> None:
    hidden = crm("call", "anonymous")
    assert (hidden.code, "hides it" in hidden.err) == (2, True)
    assert crm("call", "5551234", "--user", "nobody").code == 2
