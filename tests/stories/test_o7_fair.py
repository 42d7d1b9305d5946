"""Story O7: 180 leads of a fair in a file, the wrong campaign, and all of it taken back."""

from pathlib import Path

import pytest

from tests.exchange import fair
from tests.stories.office import Office, Seat


async def test_o7_idx_03_corp_62_a_fair_is_imported_and_taken_back(
    office: Office, seat: Seat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = fair.write(tmp_path)
    store = office.store()
    fair.add_known(store, office.actor)
    before = fair.everything(store)
    store.close()
    async with office.at_desk(seat.size, seat.layout) as desk:
        await desk.sees("[0 Today]")
        await desk.press(":")
        await desk.until(lambda: type(desk.app.screen).__name__ == "CommandLine", "the command line is open")
        await desk.write("import leads fair.csv\n")
        await desk.sees("Import: Leads from fair.csv", "Эл. почта", "E-mail", "cp1251", "y Go on")
        await desk.press("y")
        shown = await desk.sees("180 rows: 171 new · 6 here already, 6 of them changed · 3 left out")
        for name in fair.KNOWN[:3]:
            assert name in shown, "with whom"
        assert "by e-mail" in shown
        assert fair.everything(desk.app.ports.store) == before
        assert not (tmp_path / "fair.failed.csv").exists()
        await desk.press("y")
        await desk.sees("Done. u takes all of it back.", "fair.failed.csv")
        counts = fair.everything(desk.app.ports.store)
        assert len(counts["lead"]) == 6 + 171
        lines = file.with_name("fair.failed.csv").read_text("utf-8-sig").splitlines()
        assert len(lines) == 1 + 3
        await desk.press("u")
        await desk.sees("Undone: Import of leads")
        assert fair.everything(desk.app.ports.store) == before, "171 are gone, 6 are as they were"
        await desk.press("escape")
        await desk.sees("[0 Today]")
