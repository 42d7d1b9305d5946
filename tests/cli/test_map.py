"""``crm map``: maps listed, checked, tried out, imported, exported, put in force (CORP-22, RM-05, RM-20, RM-22)."""

from pathlib import Path

import pytest

from crm_tui.domain.route import route_text
from crm_tui.services.route import shipped_maps
from tests.cli.conftest import Crm

SALE = shipped_maps.FOLDER / "sale_quick.toml"


def test_rm_04_the_catalogue_has_the_maps_that_come_with_the_program(crm: Crm) -> None:
    rows = crm("map", "ls", "--json").json
    assert [row["code"] for row in rows][:2] == ["sale_quick", "service_request"]
    assert {row["status"] for row in rows} == {"draft"}
    assert crm("map", "ls", "--plain").lines[0][:4] == ["sale_quick", "1.2", "Sale (quick)", "draft"]
    assert "1.2" in crm("map", "ls").out


def test_rm_05_a_map_is_put_in_force_and_taken_out_of_it(crm: Crm) -> None:
    assert crm("map", "suspend", "1.2").code == 1
    done = crm("map", "enforce", "1.2", "--json")
    assert (done.code, done.json["status"], done.json["version"]) == (0, "in_force", 1)
    assert crm("map", "suspend", "Sale (quick)").out == "sale_quick: suspended\n"
    assert crm("map", "enforce", "nothing").code == 3


def test_corp_22_a_map_goes_out_into_a_file_and_comes_back(crm: Crm, tmp_path: Path) -> None:
    shown = crm("map", "show", "sale_quick")
    assert shown.out == SALE.read_text("utf-8")
    assert crm("map", "show", "sale_quick", "--json").json["route"]["number"] == "1.2"
    for name in ("sale.toml", "sale.bpmn"):
        assert crm("map", "export", "sale_quick", tmp_path / name).code == 0
        assert crm("map", "import", tmp_path / name, "--dry-run").out == "", "nothing differs"
    assert (tmp_path / "sale.toml").read_bytes() == SALE.read_bytes()
    drawn = crm("map", "export", "sale_quick", "--bpmn").out
    assert drawn.encode() == (tmp_path / "sale.bpmn").read_bytes()
    changed = tmp_path / "other.toml"
    changed.write_text(SALE.read_text("utf-8").replace('duration = "4h"', 'duration = "8h"'), "utf-8")
    assert crm("map", "import", changed, "--dry-run").out == "Meeting: duration: 4h → 8h\n"
    assert crm("map", "enforce", "sale_quick").code == 0
    taken = crm("map", "import", changed, "--json")
    assert (taken.json["new"], taken.json["changes"], taken.json["draft"]) == (False, 1, True)
    assert crm("map", "ls", "--plain").lines[0][3] == "in force, draft"
    assert crm("map", "diff", "sale_quick").out == "Meeting: duration: 4h → 8h\n"
    assert crm("map", "enforce", "sale_quick").code == 0
    assert crm("map", "diff", "sale_quick").out == ""
    told = crm("map", "diff", "sale_quick", "--versions", 2, 1, "--json").json
    assert [(one["point"], one["setting"], one["before"], one["after"]) for one in told] == [
        ("meeting", "duration", "8h", "4h")
    ]
    assert crm("map", "diff", "sale_quick", changed, "--plain").out == ""
    assert crm("map", "diff", "sale_quick", "--versions", 1, 9).code == 3


def test_rm_22_a_map_that_is_not_sound_names_its_step(crm: Crm, tmp_path: Path) -> None:
    assert crm("map", "check", "sale_quick").code == 0
    file = tmp_path / "wrong.toml"
    text = SALE.read_text("utf-8").replace('state = "proposal"', 'state = "proposed"')
    file.write_text(text.replace('code = "sale_quick"', 'code = "wrong"'), "utf-8")
    told = crm("map", "check", file, "--json")
    assert (told.code, [(one["point"], one["code"]) for one in told.json]) == (
        1,
        [("proposal", "state_unknown")],
    )
    assert crm("map", "check", file).out.startswith("Proposal: ")
    assert crm("map", "import", file).code == 0
    refused = crm("map", "enforce", "wrong")
    assert refused.code == 1
    assert "Proposal: " in refused.err


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.toml", "[map\n", "Line 1 is no TOML"),
        ("a.toml", '[point.x]\nkind = "spaceship"\n', "x: spaceship is no value of kind"),
        ("a.bpmn", "<a>", "Line 1 is no XML"),
        ("a.xml", "<!DOCTYPE a []><a/>", "document type"),
        ("none.toml", None, "Cannot read"),
    ],
)
def test_corp_22_a_file_that_is_no_map_is_told_of(
    crm: Crm, tmp_path: Path, name: str, text: str | None, said: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    done = crm("map", "import", tmp_path / name)
    assert done.code == (3 if text is None else 2)
    assert said in done.err


def test_rm_20_a_map_is_tried_out_before_it_is_in_force(crm: Crm, tmp_path: Path) -> None:
    told = crm("map", "simulate", "1.2", "--json").json
    assert told["stuck"] == []
    assert told["points"]["control"]["touches"] == 5
    assert told["states"]["won"] == {"touches": 6, "steps": 5}
    assert [one["point"] for one in told["ends"] if one["asks_reason"]] == ["lost"]
    drawn = crm("map", "simulate", "1.2").out
    assert "Not sold" in drawn
    shipped = (shipped_maps.FOLDER / "sale_quick.toml").read_text("utf-8")
    (tmp_path / "short.toml").write_text(shipped.replace('state = "waiting"', 'state = "proposal"'), "utf-8")
    short = crm("map", "simulate", tmp_path / "short.toml", "--json").json
    assert [code for code, least in short["states"].items() if least is None] == ["waiting"]
    past = crm("map", "simulate", "1.2", "--past", "--json")
    assert (past.code, past.json["past"]["interests"]) == (0, 0)


def test_corp_22_a_file_written_by_hand_is_a_new_map(crm: Crm, tmp_path: Path) -> None:
    route = route_text.read((shipped_maps.FOLDER / "assignment.toml").read_bytes()).route
    (tmp_path / "new.toml").write_text(route_text.written(route), "utf-8")
    taken = crm("map", "import", tmp_path / "new.toml", "--json").json
    assert (taken["new"], taken["code"], taken["shipped"]) == (True, "assignment_2", False)
