"""Assurance row 5: two sessions edit one record. The second save asks field by field, overwriting nothing unseen."""

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.form_merge import VersionedForm
from crm_tui.screens.interest.interests import InterestsScreen
from crm_tui.services import users
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import customers
from crm_tui.services.ports import Ports
from crm_tui.services.session import StoredSession
from crm_tui.store.engine import Store
from crm_tui.store.tables import Customer, Interest
from crm_tui.store.work import Actor
from tests.screens.keyboard import screen_text, settle, type_text
from tests.stores import new_store


@pytest.fixture
def ports(tmp_path: Path) -> Ports:
    store = new_store(tmp_path / "store")
    user = users.current(store)
    actor = users.actor_of(user)
    with store.work(actor, "setup") as work:
        scenarios.ensure_shipped(work)
        customers.add(work, "NewCo", city="Almaty", notes="old", owner_id=user.key)
        interests.add(work, "Pumps", owner_id=user.key, customer_id=1)
    return Ports(store, actor, session=StoredSession(store, user.key))


async def typed(pilot: Pilot[int], field: str, text: str) -> None:
    pilot.app.screen.query_one(f"#field-{field}").focus()
    await pilot.press("end", "ctrl+u")
    await type_text(pilot, text)


def other(store: Store, **values: Any) -> None:
    """The session of a colleague saves the same customer."""
    with store.work(Actor("Petrov"), "customer.edit") as work:
        customers.change(work, 1, **values)


async def test_the_second_save_asks_field_by_field(ports: Ports) -> None:
    app = CrmApp(ports)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("g", "c", "e"):
            await pilot.press(key)
            await settle(pilot)
        form = app.screen
        assert isinstance(form, VersionedForm)
        await typed(pilot, "name", "NewCo LLP")
        await typed(pilot, "region", "South")
        assert form.session_state().keys() >= {"region", "#version", "#read"}
        other(ports.store, name="Newco Trade", city="Astana")
        await pilot.press("ctrl+s")
        await settle(pilot)
        dialog = app.screen
        assert isinstance(dialog, FormDialog)
        assert dialog is not form
        text = screen_text(app)
        assert "Petrov changed this" in text
        assert "mine: NewCo LLP" in text, "both changed it: mine is offered, the other is one key away"
        assert "stored: Astana" in text, "only the other changed it: theirs is kept"
        assert "mine: South" not in text, "nobody else touched it"
        assert stored(ports).name == "Newco Trade", "nothing is written before the answer"
        # Esc: back to the form with all that was typed, nothing saved.
        await pilot.press("escape")
        await settle(pilot)
        again = app.screen
        assert isinstance(again, VersionedForm)
        assert again.values()["name"] == "NewCo LLP"
        await pilot.press("ctrl+s")
        await settle(pilot)
        other(ports.store, notes="new")  # and it changes once more while the question is open
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert app.screen is not form
        assert "stored: new" in screen_text(app), "the change since then is asked about too"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert not isinstance(app.screen, FormDialog)
    kept = stored(ports)
    assert (kept.name, kept.city, kept.region, kept.notes) == ("NewCo LLP", "Astana", "South", "new")


async def test_a_form_kept_over_a_lost_line_is_saved_against_what_it_was_opened_on(ports: Ports) -> None:
    version = stored(ports).version
    kept = {"name": "NewCo", "region": "South", "#version": version, "#read": {"name": "NewCo", "region": ""}}
    assert ports.session is not None
    ports.session.save("customer-1", kept)  # as the screen keeps it within two seconds
    other(ports.store, name="Newco Trade")
    again = CrmApp(ports)
    async with again.run_test(size=(80, 24)) as pilot:
        for key in ("g", "c", "e"):
            await pilot.press(key)
            await settle(pilot)
        form = again.screen
        assert isinstance(form, VersionedForm)
        assert form.values()["region"] == "South"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "stored: Newco Trade" in screen_text(again)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert (stored(ports).name, stored(ports).region) == ("Newco Trade", "South")


async def test_a_deal_too(ports: Ports) -> None:
    app = CrmApp(ports)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("4", "e"):
            await pilot.press(key)
            await settle(pilot)
        assert isinstance(app.screen, VersionedForm)
        await typed(pilot, "name", "20 pumps")
        with ports.store.work(Actor("Petrov"), "interest.edit") as work:
            interests.change(work, 1, name="30 pumps")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "stored: 30 pumps" in screen_text(app)
        await pilot.press("right", "ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, InterestsScreen)
    with ports.store.facts("look") as work:
        assert work.get(Interest, 1).name == "30 pumps"


def stored(ports: Ports) -> Customer:
    with ports.store.facts("look") as work:
        return work.get(Customer, 1)
