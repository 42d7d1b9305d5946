"""What is held of a person is shown, copied and erased from the place where the person stands, by keys alone."""

from pathlib import Path

from crm_tui.app import CrmApp
from crm_tui.services.party import contacts
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Contact
from tests.screens.keyboard import screen_text, settle, type_text
from tests.waiting import settled


async def test_l_13_a_person_is_erased_only_when_the_name_is_typed(
    app: CrmApp, ports: Ports, tmp_path: Path
) -> None:
    with ports.store.work(ports.actor, "enter") as work:
        contact = contacts.add(
            work, "Ольга Ким", notes="Likes pumps.", infos=[("email", "olga@newco.example")]
        )
    path = tmp_path / "copy.zip"
    async with app.run_test(size=(80, 24)) as pilot:
        await _line(pilot, f"personal_data contact {contact.key}")
        await settled(pilot, lambda: "Personal data of Ольга Ким" in screen_text(app))
        assert "Addresses and numbers: 1" in screen_text(app)
        await pilot.press("escape")
        await _line(pilot, f"personal_copy contact {contact.key}")
        await settled(pilot, lambda: "Write a copy of all personal data" in screen_text(app))
        await pilot.press("ctrl+u")
        await type_text(pilot, str(path))
        await pilot.press("enter")
        await settled(pilot, path.exists)
        await _line(pilot, f"erase_person contact {contact.key}")
        await settled(pilot, lambda: "No undo brings this back" in screen_text(app))
        await pilot.press("tab", "tab")
        await type_text(pilot, "Ольга")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "Type the name as it stands" in screen_text(app))
        await type_text(pilot, " Ким")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "outside the store" in screen_text(app))
        with ports.store.facts("look") as work:
            assert work.get(Contact, contact.key).name == "[erased]"
        await pilot.press("escape")
        await settle(pilot)


async def _line(pilot: object, words: str) -> None:
    await pilot.press(":")  # type: ignore[attr-defined]
    await type_text(pilot, words)  # type: ignore[arg-type]
    await pilot.press("enter")  # type: ignore[attr-defined]
