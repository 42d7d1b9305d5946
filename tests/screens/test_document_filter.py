"""Filters and acts on many in the list of documents, and triggers about them, by keyboard alone."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.document.documents import DocumentsScreen
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.lists.condition_editor import ConditionEditor, LeafForm
from crm_tui.screens.process.trigger_card import TriggerCard
from crm_tui.services.document import documents
from crm_tui.services.party import customers
from crm_tui.services.ports import Ports
from crm_tui.services.process import triggers
from crm_tui.services.process.trigger_words import Wanted
from crm_tui.store.tables.papers import Document
from crm_tui.store.tables.processes import Trigger
from tests.screens.keyboard import screen_text, type_text
from tests.screens.test_mail import on_layout
from tests.waiting import settled


@pytest.fixture
def papers(ports: Ports) -> Ports:
    """Two invoices, one of them paid, and a proposal."""
    with ports.store.work(ports.actor, "setup") as work:
        newco = customers.add(work, "Newco").key
        for kind, status, title in (
            ("invoice", "sent", "Насосы"), ("invoice", "paid", "Valves"), ("proposal", "draft", "Pipes"),
        ):  # fmt: skip
            documents.add(work, kind, status=status, title=title, customer_id=newco, amount_minor=500_00)
    return ports


async def test_corp_45_elma_29_documents_are_filtered_and_the_filter_stands_after_a_restart(
    app: CrmApp, papers: Ports
) -> None:
    """On a Cyrillic layout, in the smallest terminal; the acts of marked rows are there, too."""
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(on_layout("g", "ru"), on_layout("D", "ru"))
        await settled(pilot, lambda: "Pipes" in screen_text(app))
        await pilot.press(on_layout("F", "ru"))
        await settled(pilot, lambda: "Invoices not paid" in screen_text(app))
        await pilot.press("/")
        await type_text(pilot, "not paid")
        await settled(pilot, lambda: "Drafts" not in screen_text(app))
        await pilot.press("enter", "enter")
        await settled(pilot, lambda: "Filter: Invoices not paid. Esc: show all" in screen_text(app))
        await settled(pilot, lambda: "Pipes" not in screen_text(app))
        assert "Насосы" in screen_text(app)
        assert "Valves" not in screen_text(app)
        await pilot.press("escape")
        await settled(pilot, lambda: "Pipes" in screen_text(app))
        assert isinstance(app.screen, DocumentsScreen)
        await pilot.press(on_layout("f", "ru"))
        await settled(pilot, lambda: isinstance(app.screen, LeafForm))
        await type_text(pilot, "t")
        await pilot.press("tab", "c", "tab")
        await type_text(pilot, "PIP\n")
        await settled(pilot, lambda: "Filter: Title contains “PIP”" in screen_text(app))
        await settled(pilot, lambda: "Valves" not in screen_text(app))
        await pilot.press(on_layout("b", "ru"))
        await settled(pilot, lambda: isinstance(app.screen, Choice) and "Valid until" in screen_text(app))
        await pilot.press("1")
        await settled(pilot, lambda: isinstance(app.screen, Choice) and "agreed" in screen_text(app))
        await pilot.press("3")
        await settled(pilot, lambda: "1 record changed" in screen_text(app))
        await pilot.press("Q")
    with papers.store.facts("look") as work:
        assert [one.status for one in work.all(Document)] == ["sent", "paid", "agreed"]
    again = CrmApp(papers)
    async with again.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "D")
        await settled(pilot, lambda: "Filter: Title contains “PIP”" in screen_text(again))
        await settled(pilot, lambda: "Valves" not in screen_text(again))
        await pilot.press("o")
        await settled(pilot, lambda: isinstance(again.screen, Choice))
        await type_text(pilot, "in the trash\n")
        await settled(pilot, lambda: "in the trash: D brings back" in screen_text(again))
        await settled(pilot, lambda: "Filter:" not in screen_text(again))


async def test_bp_02_a_trigger_comes_to_be_about_documents_by_keyboard(app: CrmApp, papers: Ports) -> None:
    with papers.store.work(papers.actor, "trigger.add") as work:
        triggers.add(work, Wanted("Paid", "customer", actions=({"do": "task", "target": "Thank them"},)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "w")
        await settled(pilot, lambda: "Paid" in screen_text(app))
        await pilot.press("e")
        await settled(
            pilot, lambda: isinstance(app.screen, TriggerCard) and "of 1 record" in screen_text(app)
        )
        await pilot.press("down", "enter")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await type_text(pilot, "Document\n")
        await settled(pilot, lambda: "of 3 records" in screen_text(app))
        await pilot.press("down", "enter")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        assert "comes into a state" not in screen_text(app)
        await type_text(pilot, "another status\n")
        await settled(pilot, lambda: isinstance(app.screen, TriggerCard))
        await pilot.press("down", "enter")
        await settled(pilot, lambda: isinstance(app.screen, ConditionEditor))
        await pilot.press("n")
        await settled(pilot, lambda: isinstance(app.screen, LeafForm))
        await type_text(pilot, "s")
        await pilot.press("tab", "tab")
        await type_text(pilot, "p\n")
        await settled(pilot, lambda: isinstance(app.screen, ConditionEditor))
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "Would act on 1 of 3 records now." in screen_text(app))
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "The trigger is kept" in screen_text(app))
    with papers.store.facts("look") as work:
        (kept,) = work.all(Trigger)
    assert (kept.object_kind, kept.event) == ("document", "status")
    assert kept.condition == {"all": [{"field": "status", "op": "equals", "value": "paid"}]}
