"""`:import` and `:export` by keyboard alone, on two layouts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.screens.exchange.import_file import MAPPING, TRIED, ImportScreen
from crm_tui.services.exchange import imports
from crm_tui.services.party import customers
from crm_tui.services.ports import Ports
from tests.exchange import fair
from tests.screens.keyboard import screen_text, settle, type_text
from tests.waiting import settled

LAYOUTS = {"latin": str, "russian": lambda key: key.translate(str.maketrans("yeDnogl:", "нуВтщпд:"))}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def command(pilot: Pilot[int], line: str) -> None:
    await pilot.press("colon")
    await settled(pilot, lambda: type(pilot.app.screen).__name__ == "CommandLine")
    await type_text(pilot, line)
    await pilot.press("enter")
    await settle(pilot)


async def importing(pilot: Pilot[int], kind: str = "leads") -> ImportScreen:
    await command(pilot, f"import {kind} fair.csv")
    await settled(pilot, lambda: isinstance(pilot.app.screen, ImportScreen))
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, ImportScreen)
    return screen


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_idx_03_the_mapping_is_changed_by_keys(
    app: CrmApp, ports: Ports, here: Path, layout: str
) -> None:
    key = LAYOUTS[layout]
    fair.write(here, 12)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await importing(pilot)
        await pilot.press(key("D"))
        await settle(pilot)
        assert "ФИО" not in screen._plan.columns
        await pilot.press(key("e"))
        await settled(pilot, lambda: "Where does “ФИО” go" in screen_text(app))
        await type_text(pilot, "Name\n")
        await settle(pilot)
        assert screen._plan.columns["ФИО"] == "name"
        await pilot.press(key("n"))
        await settled(pilot, lambda: "Which field" in screen_text(app))
        await type_text(pilot, "Source\n")
        await settled(pilot, lambda: "Which field" not in screen_text(app))
        await type_text(pilot, "Web site\n")
        await settle(pilot)
        assert screen._plan.fixed == {"source": "Web site"}
        assert "In every row that lacks it" in screen_text(app)
        await pilot.press(key("y"))
        await settled(pilot, lambda: screen._phase == TRIED)
        await settle(pilot)
        assert "12 rows: 9 new · 0 here already, 0 of them changed · 3 left out" in screen_text(app)
        assert "не спросил is not an e-mail address." in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert screen._phase == MAPPING, "Esc goes back to the columns"
        await pilot.press("escape")
        await settled(pilot, lambda: not isinstance(app.screen, ImportScreen))
        again = await importing(pilot)
        assert again._plan == screen._plan, "what was set is kept without a run"


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_idx_10_rows_like_somebody_are_shown_and_left_out_by_keys(
    app: CrmApp, ports: Ports, here: Path, layout: str
) -> None:
    key = LAYOUTS[layout]
    with ports.store.work(ports.actor, "prepare") as work:
        customers.add(work, "ТОО «Жарык Сервис»")
    (here / "fair.csv").write_text("Name,City\nZharyk Servis LLP,Almaty\n,\nAnother firm,\n", "utf-8")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await importing(pilot, "customers")
        await pilot.press(key("y"))
        await settled(pilot, lambda: screen._phase == TRIED)
        await settle(pilot)
        shown = screen_text(app)
        assert "2 rows: 2 new" in shown
        assert "1 empty line was left out." in shown
        assert "1 of the new ones is like somebody who is here" in shown
        assert "Perhaps here already" in shown
        assert "ТОО «Жарык Сервис»: 77 %, same name" in shown
        await pilot.press("escape")
        await settle(pilot)
        assert "With those who are like" in screen_text(app)
        await pilot.press(*["down"] * 3, "enter")
        await settled(pilot, lambda: "leave them out" in screen_text(app))
        await type_text(pilot, "leave\n")
        await settled(pilot, lambda: screen._plan.alike == "skip")
        await pilot.press(key("y"))
        await settled(pilot, lambda: screen._phase == TRIED)
        await settle(pilot)
        assert "2 rows: 1 new · 1 here already, 0 of them changed" in screen_text(app)


async def test_idx_03_esc_gives_a_run_up_and_nothing_is_written(
    app: CrmApp, ports: Ports, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair.write(here, 150)
    before = fair.everything(ports.store)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await importing(pilot)
        reported: list[int] = []
        carry_out = imports._carry_out

        def watched(*arguments: object) -> None:
            *rest, progress = arguments

            def tell(done: int, total: int) -> None:
                reported.append(done)
                if len(reported) == 1:
                    app.call_from_thread(screen.command_everywhere_back)
                progress(done, total)  # type: ignore[operator]

            carry_out(*rest, tell)  # type: ignore[arg-type]

        monkeypatch.setattr(imports, "_carry_out", watched)
        await pilot.press("y")
        await settled(pilot, lambda: screen._phase == MAPPING and reported)
        await settle(pilot)
        assert "Given up; nothing was written." in screen_text(app)
        assert fair.everything(ports.store) == before


async def test_idx_03_a_program_that_is_left_gives_its_run_up(
    app: CrmApp, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair.write(here, 3)
    given_up: list[bool] = []

    def run(*_arguments: object, progress: Callable[[int, int], None], **_named: object) -> None:
        app.call_from_thread(app.exit, 0)
        try:
            progress(1, 3)
        except imports.Cancelled:
            given_up.append(True)
            raise

    async with app.run_test(size=(80, 24)) as pilot:
        await importing(pilot)
        monkeypatch.setattr(imports, "run", run)
        app.post_message(events.Key("y", "y"))
        await settled(pilot, lambda: given_up)
    assert app.return_code == 0


async def test_idx_03_a_list_is_exported_as_filtered_or_as_marked(
    app: CrmApp, ports: Ports, here: Path
) -> None:
    fair.add_known(ports.store, ports.actor)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "l")
        await settled(pilot, lambda: "Асель Омарова" in screen_text(app))
        await command(pilot, "export all.csv")
        await settled(pilot, lambda: "6 rows written" in screen_text(app))
        await pilot.press("space")
        await settle(pilot)
        await command(pilot, "export marked.json")
        await settled(pilot, lambda: "1 row written" in screen_text(app))
        await command(pilot, "export leads.pdf")
        await settled(pilot, lambda: "ends in .csv, .xlsx, .vcf or .json" in screen_text(app))
    assert (here / "all.csv").read_text("utf-8-sig").count("\n") == 7
    assert "known" in (here / "marked.json").read_text("utf-8")


async def test_idx_03_a_list_of_anything_is_exported_as_it_is_shown(app: CrmApp, here: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "s")
        await settled(pilot, lambda: "Settings" in screen_text(app))
        await settle(pilot)
        await command(pilot, "export settings.csv")
        await settled(pilot, lambda: "rows written" in screen_text(app))
    lines = (here / "settings.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "Setting;Value"
    assert len(lines) > 20


async def test_idx_03_a_file_that_is_no_table_is_told(app: CrmApp, here: Path) -> None:
    (here / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await command(pilot, "import leads picture.csv")
        await settled(pilot, lambda: "picture.csv is no table and no address book." in screen_text(app))
        await command(pilot, "import leads missing.csv")
        await settled(pilot, lambda: "Cannot read" in screen_text(app))
