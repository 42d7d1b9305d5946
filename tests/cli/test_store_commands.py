"""``crm backup``, ``restore`` and ``check``, ``crm config`` and ``crm keys``."""

from pathlib import Path

import pytest

from crm_tui import config
from tests.cli.conftest import Crm


def test_a_backup_brings_everything_back(crm: Crm, tmp_path: Path, store_file: Path) -> None:
    crm("task", "add", "Kept")
    copy = tmp_path / "copies" / "crm.db"
    assert crm("backup", copy).out == f"{copy}\n"
    assert crm("backup", copy).code == 1
    assert crm("backup", copy, "--force").code == 0
    assert crm("backup", store_file, "--force").code == 1
    crm("task", "add", "Lost again")
    restored = crm("restore", copy)
    assert restored.code == 0
    assert Path(restored.out.strip()).exists()
    assert [one["title"] for one in crm("task", "ls", "--json").json] == ["Kept"]
    assert crm("restore", tmp_path / "absent.db").code == 3


def test_daily_backups_are_made_anew_when_asked_for(crm: Crm, store_file: Path) -> None:
    first = crm("backup")
    crm("task", "add", "Since then")
    second = crm("backup")
    assert (first.code, first.out) == (second.code, second.out)
    assert [one["title"] for one in crm("--db", second.out.strip(), "task", "ls", "--json").json] == [
        "Since then"
    ]
    assert Path(second.out.strip()).parent == store_file.parent / "backups"


def test_check_says_whether_the_store_is_sound(crm: Crm, store_file: Path, tmp_path: Path) -> None:
    crm("task", "add", "x")
    sound = crm("check", "--json")
    assert (sound.code, sound.json["sound"], sound.json["problems"]) == (0, True, [])
    assert crm("check").out == ""
    store_file.write_bytes(b"no database at all" * 100)
    damaged = crm("check", "--json")
    assert (damaged.code, damaged.json["sound"]) == (1, False)
    assert damaged.json["problems"][0]["code"] == "file"
    assert "crm restore" in crm("check").err
    assert crm("task", "ls").code == 1
    assert crm("--db", tmp_path / "absent.db", "check").code == 3
    assert not (tmp_path / "absent.db").exists()


def test_settings_are_shown_with_their_origin_and_set(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    file = crm("config", "path").out.strip()
    assert file == str(config.config_file())
    assert crm("config", "set", "ui.theme", "light").code == 0
    assert crm("config", "set", "sync.every_minutes", "10").code == 0
    assert crm("config", "set", "ui.kitty_keys", "false").code == 0
    assert crm("config", "get", "ui.theme").out == "light\n"
    assert crm("config", "get", "sync.every_minutes").out == "10.0\n"
    assert crm("config", "get", "ui.kitty_keys").out == "false\n"
    monkeypatch.setenv("CRM_UI__MOUSE", "off")
    origins = {one["name"]: one["origin"] for one in crm("config", "show", "--json").json}
    assert origins["ui.theme"].startswith(f"{file}:")
    assert origins["ui.mouse"] == "CRM_UI__MOUSE"
    assert origins["ui.glyphs"] == "default"
    assert ["ui.mouse", "off", "CRM_UI__MOUSE"] in crm("config", "show", "--origin", "--plain").lines
    assert ["ui.mouse", "off"] in crm("config", "show", "--plain").lines


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["get", "ui.nonsense"], 3),
        (["set", "ui.nonsense", "1"], 3),
        (["set", "ui.glyphs", "runes"], 2),
        (["set", "ui.theme", "lihgt"], 2),
        (["set", "ui.kitty_keys", "maybe"], 2),
        (["set", "sync.every_minutes", "-1"], 2),
    ],
)
def test_wrong_settings_are_refused(crm: Crm, arguments: list[str], code: int) -> None:
    assert crm("config", *arguments).code == code
    assert not config.config_file().exists()


def test_settings_and_keys_that_are_not_understood_are_7(crm: Crm) -> None:
    assert crm("config", "check").code == 0
    assert crm("keys", "check").code == 0
    config.config_file().write_text('[ui]\nglyphs = "runes"\n[keys]\n"F13 F14 nonsense" = "no.such"\n')
    wrong = crm("config", "check")
    assert wrong.code == 7
    assert "config.toml:2" in wrong.out
    config.config_file().write_text('[ui]\ntheme = "lihgt"\n[keys]\n"F13 F14 nonsense" = "no.such"\n')
    assert "There is no theme lihgt" in crm("config", "check").out
    assert crm("keys", "check").code == 7
    assert crm("task", "ls").code == 0, "the rest goes on with the default"


def test_keys_are_listed(crm: Crm) -> None:
    listed = {one["command"]: one["keys"] for one in crm("keys", "list", "--json").json}
    assert listed["tasks.done"]
    assert len(listed) > 50
    assert ["d", "tasks.done"] in [line[:2] for line in crm("keys", "ls", "--plain").lines]
