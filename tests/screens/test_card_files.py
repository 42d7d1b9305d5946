"""Files of cards by keyboard alone: attached, versioned, opened, saved, taken out of letters."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.document.card_files import CardFilesScreen, VersionsScreen
from crm_tui.screens.forms.path_prompt import PathPrompt
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.letter.mail_files import FilesScreen, TextScreen
from crm_tui.screens.record.record_here import record_here
from crm_tui.services.document import card_files
from crm_tui.services.document.card_files import FileRow
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.ports import Ports
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox
from tests.waiting import settled


def files_of(ports: Ports, kind: str, record_id: int) -> dict[str, FileRow]:
    """The files of a card by name."""
    with ports.store.read() as connection:
        return {one.name: one for one in card_files.of_card(connection, kind, record_id)}


@pytest.fixture
def customer(ports: Ports) -> int:
    with ports.store.work(ports.actor, "customer.add") as work:
        return customers.add(work, "Newco").key


@pytest.mark.parametrize(
    ("go", "attach", "size"), [("gA", "a", (80, 24)), ("пФ", "ф", (120, 40))], ids=["Latin", "Cyrillic"]
)
async def test_corp_06_a_file_is_attached_gets_a_version_and_goes_back_to_the_first(
    app: CrmApp,
    ports: Ports,
    customer: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    go: str,
    attach: str,
    size: tuple[int, int],
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    plan = tmp_path / "plan.txt"
    plan.write_text("first plan")
    async with app.run_test(size=size) as pilot:
        app.run_command("everywhere.show_customer", str(customer))
        await settled(pilot, lambda: "Newco  (Customer)" in screen_text(app))
        await pilot.press(*go)
        await settled(pilot, lambda: "Nothing is attached here yet" in screen_text(app))
        await pilot.press(attach)
        await settled(pilot, lambda: isinstance(app.screen, PathPrompt))
        await type_text(pilot, "pl")
        await pilot.press("tab")
        await settle(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: "Attached: plan.txt" in screen_text(app))
        plan.write_text("second plan")
        await pilot.press(attach)
        await settled(pilot, lambda: isinstance(app.screen, PathPrompt))
        await type_text(pilot, "plan.txt")
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await type_text(pilot, "After the visit")
        await pilot.press("enter")
        await settled(pilot, lambda: files_of(ports, "customer", customer)["plan.txt"].versions == 2)
        await pilot.press("v")
        await settled(pilot, lambda: isinstance(app.screen, VersionsScreen))
        await settled(pilot, lambda: "After the visit" in screen_text(app))
        await pilot.press("j", "enter")
        await settled(pilot, lambda: isinstance(app.screen, TextScreen))
        await settled(pilot, lambda: "first plan" in screen_text(app))
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(app.screen, VersionsScreen))
        await pilot.press("r")
        await settled(pilot, lambda: "version 1 again" in screen_text(app))
        with ports.store.read() as connection:
            key = files_of(ports, "customer", customer)["plan.txt"].id
            assert card_files.content_of(connection, key) == b"first plan"


async def test_corp_06_every_card_has_files_by_one_key(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        cards = {
            "contact": contacts.add(work, "Olga").key,
            "lead": leads.add(work, "Petr", source="hand").key,
            "interest": interests.add(work, "Pumps").key,
        }
    names = {"contact": "Olga", "lead": "Petr", "interest": "Pumps"}
    async with app.run_test(size=(80, 24)) as pilot:
        for kind, key in cards.items():
            app.run_command(f"everywhere.show_{kind}", str(key))
            await settle(pilot)
            assert names[kind] in screen_text(app)
            await pilot.press("g", "A")
            await settled(pilot, lambda: isinstance(app.screen, CardFilesScreen))
            assert record_here(app.screen) == (kind, key)
            await pilot.press("escape")
            await settled(pilot, lambda: not isinstance(app.screen, CardFilesScreen))


async def test_corp_06_a_file_is_renamed_saved_and_taken_away_and_an_undo_brings_it_back(
    app: CrmApp, ports: Ports, customer: int, tmp_path: Path
) -> None:
    with ports.store.work(ports.actor, "card_files.attach") as work:
        card_files.attach(work, "customer", customer, "plan.txt", b"plan")
    target = tmp_path / "saved"
    async with app.run_test(size=(80, 24)) as pilot:
        app.run_command("everywhere.card_files", f"customer {customer}")
        await settled(pilot, lambda: "plan.txt" in screen_text(app))
        await pilot.press("r")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await pilot.press("ctrl+u")
        await type_text(pilot, "hall.txt")
        await pilot.press("enter")
        await settled(pilot, lambda: "hall.txt" in files_of(ports, "customer", customer))
        await settled(pilot, lambda: "hall.txt" in screen_text(app))
        await pilot.press("s")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await pilot.press("ctrl+u")
        await type_text(pilot, str(target))
        await pilot.press("enter")
        await settled(pilot, (target / "hall.txt").exists)
        assert (target / "hall.txt").read_bytes() == b"plan"
        await settled(pilot, lambda: isinstance(app.screen, CardFilesScreen))
        await pilot.press("D")
        await settled(pilot, lambda: "u brings it back" in screen_text(app))
        assert files_of(ports, "customer", customer) == {}
        await pilot.press("u")
        await settled(pilot, lambda: "hall.txt" in files_of(ports, "customer", customer))


async def test_corp_06_a_file_of_a_card_is_opened_by_the_program_for_its_type(
    make_app: Callable[[str], CrmApp], ports: Ports, customer: int, tmp_path: Path
) -> None:
    program = tmp_path / "opener"
    program.write_text(
        f'#!/bin/sh\ncat "$1" > "{tmp_path}/seen.new"\nmv "{tmp_path}/seen.new" "{tmp_path}/seen"\n'
    )
    program.chmod(0o700)
    with ports.store.work(ports.actor, "card_files.attach") as work:
        card_files.attach(work, "customer", customer, "plan.txt", b"plan")
    app = make_app(f'[mail]\nopeners = "text/* {program}"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        app.run_command("everywhere.card_files", f"customer {customer}")
        await settled(pilot, lambda: "plan.txt" in screen_text(app))
        await pilot.press("o")
        await settled(pilot, (tmp_path / "seen").exists)
    assert (tmp_path / "seen").read_bytes() == b"plan"


@pytest.mark.parametrize("keep", ["c", "с"], ids=["Latin", "Cyrillic"])
async def test_c77_12_a_file_of_a_letter_is_kept_on_a_card(app: CrmApp, ports: Ports, keep: str) -> None:
    mailbox = Mailbox(ports)
    sender = mailbox.customer("Newco", "olga@newco.example")
    other = mailbox.customer("Far away", "far@away.example")
    mailbox.letter(files=(("note.txt", "text/plain", b"three pumps"),))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settled(pilot, lambda: "Price of 20 pumps" in screen_text(app))
        await pilot.press("A")
        await settled(pilot, lambda: isinstance(app.screen, FilesScreen))
        await settled(pilot, lambda: "note.txt" in screen_text(app))
        await pilot.press(keep)
        await settled(pilot, lambda: isinstance(app.screen, Choice) and "Customer: Newco" in screen_text(app))
        await pilot.press("1")
        await settled(pilot, lambda: "note.txt is attached to Newco" in screen_text(app))
        await pilot.press(keep)
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("2")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await type_text(pilot, "far")
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, Choice) and "Far away" in screen_text(app))
        await pilot.press("1")
        await settled(pilot, lambda: "note.txt is attached to Far away" in screen_text(app))
    for card in (sender, other):
        kept = files_of(ports, "customer", card)["note.txt"]
        with ports.store.read() as connection:
            assert card_files.content_of(connection, kept.id) == b"three pumps"
