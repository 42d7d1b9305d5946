"""Signs that every terminal has: of the row that Enter takes, and in all that screens say."""

import ast
from pathlib import Path

import pytest

import crm_tui
from crm_tui.app import CrmApp
from crm_tui.screens.forms.prompt import Choice
from crm_tui.widgets import glyphs
from tests.screens.keyboard import screen_text, settle


@pytest.mark.parametrize("name", ["unicode", "ascii"])
async def test_the_row_that_enter_takes_has_a_sign(app: CrmApp, name: str) -> None:
    sign = glyphs.SETS[name].cursor
    async with app.run_test(size=(80, 24)) as pilot:
        glyphs.apply(name)
        try:
            app.push_screen(Choice("Which?", [("a", "Альфа"), ("b", "Beta")]))
            await settle(pilot)
            assert f"{sign} 1 Альфа" in screen_text(app)
            await pilot.press("down")
            await settle(pilot)
            assert f"{sign} 2 Beta" in screen_text(app)
            assert f"{sign} 1" not in screen_text(app)
        finally:
            glyphs.apply("unicode")


@pytest.mark.parametrize("glyph_set", [glyphs.CONSOLE, glyphs.ASCII], ids=lambda one: one.name)
def test_every_sign_in_what_screens_say_is_on_every_terminal(glyph_set: glyphs.GlyphSet) -> None:
    """The Linux console has code page 437 and Cyrillic, a VT220 only ASCII and, as we send it, Cyrillic."""
    has = set("".join(chr(number) for number in range(32, 127)))
    if glyph_set is glyphs.CONSOLE:
        has |= set(bytes(range(128, 256)).decode("cp437"))
    package = Path(crm_tui.__file__).parent
    screens = list(package.glob("screens/**/*.py"))
    assert len(screens) > 200
    for file in [*screens, *package.glob("commands/*.py"), *package.glob("services/messages*.py")]:
        tree = ast.parse(file.read_text("utf-8"))
        explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
                if any(character < " " and character != "\n" for character in node.value):
                    continue  # for the terminal, not for a person
                sent = node.value.translate(dict(glyph_set.substitutes)).replace("\n", "")
                assert set(sent) <= has | _CYRILLIC, f"{file.name}: {node.value}"


_CYRILLIC = set("".join(chr(number) for number in range(0x400, 0x460)) + "№")
"""Every terminal of ours has these; letters of the language itself are not signs."""
