"""Row 2: what looks like markup in a foreign text is shown letter by letter, breaks nothing and does nothing."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from crm_tui import config
from crm_tui.app import CrmApp
from crm_tui.screens.letter.reader import LetterScreen
from crm_tui.services import users
from crm_tui.services.ports import Ports
from crm_tui.services.record.record_search import StoredRecords
from crm_tui.store.engine import Store
from tests.assurance.foreign import fill
from tests.screens.keyboard import screen_text, settle
from tests.waiting import settled

WRAPS = (
    "[bold]{}[/bold]",
    "[@click=app.quit]{}[/]",
    "[@click=app.run_command('everywhere.quit')]{}",
    "[link=http://evil]{}[/link]",
    "[/bold]{}",
    "[/]{}",
    "[{}",
    "{}]",
    "[[{}]]",
    "\\[{}]",
    "[red on blue]{}",
    "[$primary]{}",
    "[not a tag={}]",
    "[=]{}[@]",
    "[bold {}",
    "[on {}]",
    "[@mouse_over=exit]{}",
)
WORDS = ("x", "a [b", "100%", "{name}")
MARKUP = [
    wrap.replace("{}", f"{number}{word}") for number, (wrap, word) in enumerate(product(WRAPS, WORDS), 10)
]
SHOWN = 11
"""So many characters of each fit the narrowest column that must show them."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store full of markup."""
    made = fill(tmp_path / "store", MARKUP, "\n".join(MARKUP))
    yield made
    made.close()


@pytest.fixture
def app(store: Store) -> CrmApp:
    """The program over it."""
    user = users.current(store)
    ports = Ports(
        store,
        users.actor_of(user),
        clock=store.clock,
        search_records=StoredRecords(store, "UTC"),
    )
    return CrmApp(ports, config.Loaded(config.Config(), {}, (), {}))


def literal(app: CrmApp) -> int:
    """How many of the texts stand on the screen as they are."""
    shown = screen_text(app)
    return sum(text[:SHOWN] in shown for text in MARKUP)


async def test_assurance_02_markup_is_shown_as_it_is_on_every_screen(
    app: CrmApp, figure: Callable[[str], None]
) -> None:
    assert len(MARKUP) >= 60
    counted = {}
    async with app.run_test(size=(220, 160)) as pilot:
        for key in "12340":
            await pilot.press(key)
            await settled(pilot, lambda: literal(app) >= len(MARKUP), f"all texts on screen {key}")
            counted[key] = literal(app)
        await pilot.press("1", "enter")
        await settled(pilot, lambda: isinstance(app.screen, LetterScreen) and literal(app) >= len(MARKUP))
        await pilot.press("q", "M")
        await settled(pilot, lambda: literal(app) > 0, "folders to move to")
        await pilot.press("escape", "2", "ctrl+p", "x", "a")
        await settle(pilot)
        await pilot.press("escape", "e")
        await settle(pilot)
        await pilot.press("escape", "ctrl+g")
        await settle(pilot)
        assert literal(app) > 0
        assert app.return_code is None
        assert app.is_running
    figure(f"{len(MARKUP)} texts on {len(counted)} screens and in the reader")
