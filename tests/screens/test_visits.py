"""The palette goes straight to cards, and to those opened last, by keyboard alone (L-01)."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.document.document_card import DocumentScreen
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.screens.party.contacts import ContactScreen
from crm_tui.screens.party.customer_card import CustomerScreen
from crm_tui.screens.shell.palette import Palette
from crm_tui.services.document import documents
from crm_tui.services.ports import Ports
from crm_tui.services.record.record_search import StoredRecords
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.test_customers import keys
from tests.screens.test_list_filter import base
from tests.screens.test_mail import on_layout

__all__ = ["base"]


@pytest.mark.parametrize("layout", ["latin", "ru"])
async def test_l_01_the_palette_goes_to_cards_and_back_to_those_opened_last(
    app: CrmApp, base: Ports, layout: str
) -> None:
    base.search_records = StoredRecords(base.store, base.zone)
    with base.store.work(base.actor, "setup") as work:
        documents.add(work, "invoice", title="Pumps for Zenit", number="77-A")
    async with app.run_test(size=(80, 24)) as pilot:
        for words, card in (
            ("zenit foo", CustomerScreen),
            ("ольга", ContactScreen),
            ("20 насосов", InterestScreen),
            ("77-a", DocumentScreen),
        ):
            await pilot.press("ctrl+p")
            await settle(pilot)
            await type_text(pilot, words)
            await settle(pilot)
            await keys(pilot, "enter")
            assert isinstance(app.screen, card), words
        await pilot.press("ctrl+p")
        await settle(pilot)
        assert isinstance(app.screen, Palette)
        lines = [line for line in screen_text(app).splitlines() if ": " in line]
        shown = [
            word
            for line in lines
            for word in ("Pumps for", "20 насосов", "Ольга", "Zenit Foods")
            if word in line
        ]
        assert shown[:4] == ["Pumps for", "20 насосов", "Ольга", "Zenit Foods"]
        await keys(pilot, "escape", on_layout("g", layout), on_layout("r", layout))
        assert isinstance(app.screen, Choice)
        await type_text(pilot, "Zenit Foods\n")
        await settle(pilot)
        assert isinstance(app.screen, CustomerScreen)
