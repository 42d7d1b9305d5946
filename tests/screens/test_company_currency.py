"""The currency of the company, by keyboard alone (ELMA-13)."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.errors import Refused
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.services.interest import currency_change, interests, products, scenarios
from crm_tui.services.party import customers
from crm_tui.services.ports import Ports
from crm_tui.services.record import custom_fields
from crm_tui.store.tables import Interest
from crm_tui.store.work import Actor
from tests.screens.keyboard import screen_text, type_text
from tests.screens.test_mail import on_layout
from tests.waiting import settled


@pytest.mark.parametrize(("layout", "size"), [("latin", (80, 24)), ("ru", (120, 40))])
async def test_elma_13_new_interests_take_the_currency_of_the_company(
    app: CrmApp, ports: Ports, layout: str, size: tuple[int, int]
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        before = interests.add(work, "Pumps", owner_id=ports.actor.user_id, amount_minor=100_00).key
    async with app.run_test(size=size) as pilot:
        await pilot.press("4")
        await settled(pilot, lambda: "Pumps" in screen_text(app))
        await pilot.press("colon")
        await type_text(pilot, "currency\n")
        await settled(pilot, lambda: isinstance(app.screen, Choice) and "company: KZT" in screen_text(app))
        await type_text(pilot, "RUB\n")
        await settled(pilot, lambda: "Currency of the company: RUB" in screen_text(app))
        await pilot.press(on_layout("n", layout))
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await type_text(pilot, "Valves")
        await pilot.press("tab", "tab", "tab", "tab")
        await type_text(pilot, "2500")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, InterestScreen) and "₽2,500" in screen_text(app))
        await pilot.press("escape", on_layout("v", layout))
        await settled(pilot, lambda: "₽2,500" in screen_text(app) and "₸100" in screen_text(app))
    with ports.store.facts("look") as work:
        assert {one.name: one.currency for one in work.all(Interest)} == {"Pumps": "KZT", "Valves": "RUB"}
        assert work.get(Interest, before).version == 1
        assert products.add(work, "Pump").currency == "RUB"


def test_elma_13_the_currency_stays_while_own_fields_hold_amounts_and_is_the_administrators(
    ports: Ports,
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        custom_fields.add(work, "customer", "Turnover", "money")
        currency_change.change(work, "eur")
        customers.add(work, "Newco", custom={"turnover": 12_00})
    with ports.store.work(ports.actor, "change") as work:
        (field,) = custom_fields.of_kind(work.connection, "customer")
        assert custom_fields.shown_of(field, 12_00) == "12 €"
        currency_change.change(work, "EUR")
        with pytest.raises(Refused, match="currency_of_fields") as refused:
            currency_change.change(work, "USD")
        assert refused.value.facts == {"field": "Turnover"}
    with (
        ports.store.work(Actor("somebody", 77), "change") as work,
        pytest.raises(Refused, match="needs_an_administrator"),
    ):
        currency_change.change(work, "USD")
