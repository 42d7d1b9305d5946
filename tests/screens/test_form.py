"""Forms: how the keys go through their fields."""

from crm_tui.app import CrmApp
from crm_tui.screens.forms.form import Field, FormDialog
from tests.screens.keyboard import screen_text, settle, type_text


async def test_up_and_down_go_through_the_fields_and_change_nothing(app: CrmApp) -> None:
    form = FormDialog(
        "Settings",
        [
            Field("name", "Name", "office"),
            Field("shared", "Shared", "no", options=[("no", "no"), ("yes", "yes")]),
            Field("note", "Note", "one\ntwo", lines=3),
        ],
    )
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(form)
        await settle(pilot)
        assert "Left and Right choose" not in screen_text(app)
        await pilot.press("down")
        await settle(pilot)
        assert "Left and Right choose" in screen_text(app)
        await pilot.press("right", "down")
        await settle(pilot)
        assert "Left and Right choose" not in screen_text(app)
        await type_text(pilot, "x")
        await pilot.press("down")
        await type_text(pilot, "y")
        await settle(pilot)
        values = form.values()
    assert (values["name"], values["shared"]) == ("office", "yes")
    assert sorted(values["note"]) == sorted("one\ntwoxy"), "in a text of many lines they move the cursor"
