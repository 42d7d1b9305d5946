"""The list of templates, by keyboard alone, on Latin and Cyrillic layouts (MAIL-34, IDX-23)."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.writing.templates import TemplatesScreen
from crm_tui.services.ports import Ports
from crm_tui.services.writing import letter_templates
from crm_tui.services.writing.letter_templates import TemplateRow
from tests.screens.keyboard import screen_text, settle, type_text


def kept(ports: Ports) -> list[TemplateRow]:
    """The templates in the store."""
    with ports.store.read() as connection:
        return letter_templates.templates(connection, ports.actor.user_id)


@pytest.mark.parametrize("keys", ["gyneDu", "пнтуВг"], ids=["Latin", "Cyrillic"])
async def test_mail_34_idx_23_templates_are_written_changed_and_deleted(
    app: CrmApp, ports: Ports, keys: str
) -> None:
    go, there, new, change, delete, undo = keys
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(go, there)
        await settle(pilot)
        assert isinstance(app.screen, TemplatesScreen)
        assert "No templates yet" in screen_text(app)
        await pilot.press(new)
        await settle(pilot)
        assert "contact.{name,first_name" in screen_text(app)
        await type_text(pilot, "Password")
        await pilot.press("tab")
        await type_text(pilot, "pw")
        await pilot.press("tab", "tab", "tab")
        await type_text(pilot, "Dear {{ contact.frist_name }}")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, FormDialog)
        assert "There is no field contact.frist_name." in screen_text(app)
        await pilot.press(*["backspace"] * 13)
        await type_text(pilot, "first_name }}")
        await pilot.press("ctrl+s")
        await settle(pilot)
        [row] = kept(ports)
        assert (row.name, row.short_code, row.body) == ("Password", "pw", "Dear {{ contact.first_name }}")
        assert "/pw" in screen_text(app)
        await pilot.press(change)
        await settle(pilot)
        await pilot.press("end")
        await type_text(pilot, " new")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert [one.name for one in kept(ports)] == ["Password new"]
        await pilot.press(delete)
        await settle(pilot)
        assert kept(ports) == []
        await pilot.press(undo)
        await settle(pilot)
        assert [one.name for one in kept(ports)] == ["Password new"]
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, TemplatesScreen)


async def test_mail_34_a_template_half_written_is_not_dropped_by_one_esc(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "y", "n")
        await settle(pilot)
        await type_text(pilot, "Password")
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, FormDialog)
        assert "Not kept: Ctrl+S keeps it" in screen_text(app)
        await type_text(pilot, " lost")
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen.values()["name"] == "Password lost"
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, TemplatesScreen)
        await pilot.press("n", "escape")
        await settle(pilot)
        assert isinstance(app.screen, TemplatesScreen), "nothing typed: nothing is asked"
    assert kept(ports) == []
