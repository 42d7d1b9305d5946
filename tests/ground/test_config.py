"""Settings: what goes before what, and how a wrong one is told."""

from dataclasses import asdict
from pathlib import Path

import pytest

from crm_tui import config


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(file: Path, text: str, **environment: str) -> config.Loaded:
    file.write_text(text, "utf-8")
    return config.load(file, environment)


def test_without_a_file_everything_is_the_default(file: Path) -> None:
    loaded = config.load(file, {})
    assert asdict(loaded.config) == asdict(config.Config())
    assert loaded.troubles == ()


def test_the_environment_goes_before_the_file(file: Path) -> None:
    loaded = read(file, '[ui]\ntheme = "light"\nglyphs = "ascii"\n', CRM_UI__THEME="mono")
    assert (loaded.config.ui.theme, loaded.config.ui.glyphs) == ("mono", "ascii")
    assert loaded.origins == {"ui.theme": "CRM_UI__THEME", "ui.glyphs": f"{file}:3"}


def test_the_file_is_named_by_crm_config(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setenv("CRM_CONFIG", str(file))
    assert config.config_file() == file


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("[ui]\n\ntheme = 5\n", 3, "ui.theme must be a text in quotes"),
        ('[ui]\nglyphs = "fancy"\n', 2, "must be one of: auto, unicode, console, ascii"),
        ('[ui]\nkitty_keys = "yes"\n', 2, "must be true or false"),
        ("[ui]\nread_after_seconds = -1\n", 2, "must be a number, not below zero"),
        ("[ui]\nread_after_seconds = true\n", 2, "must be a number, not below zero"),
        ("[mail]\nundo_seconds = 1.5\n", 2, "must be a whole number, not below zero"),
        ('[mail]\nundo_seconds = "ten"\n', 2, "must be a whole number, not below zero"),
        ('[mail]\nattachment_words = "(enclos"\n', 2, "must be a regular expression"),
        ("ui = 3\n", 0, "[ui] must be a section"),
        ("[ui]\ntheme = \n", 2, "is not TOML"),
        ("[keys]\nx = 5\n", 2, "needs the name of a command"),
    ],
)
def test_a_wrong_value_names_file_and_line_and_the_default_stays(
    file: Path, text: str, where: int, says: str
) -> None:
    loaded = read(file, text)
    (trouble,) = loaded.troubles
    assert trouble.fatal
    assert trouble.where == (f"{file}:{where}" if where else str(file))
    assert says in trouble.text
    assert asdict(loaded.config) == asdict(config.Config())


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ('[ui]\nteme = "dark"\n', "ui.theme"),
        ("[uii]\n", "ui"),
        ('[notify]\nmetod = "bell"\n', "notify.method"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_known(file: Path, text: str, near: str) -> None:
    (trouble,) = read(file, text).troubles
    assert not trouble.fatal
    assert f"did you mean {near}?" in trouble.text


def test_an_unknown_variable_is_told(file: Path) -> None:
    (trouble,) = read(file, "", CRM_UI__TEME="dark", CRM_HOME="/x", HOME="/y").troubles
    assert (trouble.where, "ui.theme" in trouble.text) == ("CRM_UI__TEME", True)


@pytest.mark.parametrize(("text", "value"), [("1", True), ("off", False), ("No", False), ("true", True)])
def test_truth_in_the_environment(file: Path, text: str, value: bool) -> None:
    assert read(file, "", CRM_UI__KITTY_KEYS=text).config.ui.kitty_keys is value


def test_a_file_that_is_no_utf8_is_told(file: Path) -> None:
    file.write_bytes(b"[ui]\ntheme = '\xff'\n")
    (trouble,) = config.load(file, {}).troubles
    assert trouble.fatal


def test_keys_of_all_places_and_of_one(file: Path) -> None:
    loaded = read(file, '[keys]\nlayout = "uk"\n"ctrl+x" = "quit"\n[keys.mail]\ndd = "delete"\n')
    assert loaded.config.keys.layout == "uk"
    assert loaded.bindings == {"": {"ctrl+x": "quit"}, "mail": {"dd": "delete"}}


def test_writing_keeps_comments_and_other_settings(file: Path) -> None:
    file.write_text('# mine\n[ui]\ntheme = "dark" # at night\nmouse = "off"\n', "utf-8")
    config.write("ui.theme", "light", file)
    text = file.read_text("utf-8")
    assert "# mine" in text
    assert "# at night" in text
    loaded = config.load(file, {})
    assert (loaded.config.ui.theme, loaded.config.ui.mouse) == ("light", "off")
    assert file.stat().st_mode & 0o077 == 0


def test_writing_refuses_what_reading_would(file: Path) -> None:
    with pytest.raises(KeyError):
        config.write("ui.teme", "x", file)
    with pytest.raises(ValueError):
        config.write("ui.glyphs", "fancy", file)
    assert not file.exists()


def test_elma_05_a_field_that_no_form_has_is_named_with_those_there_are(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[forms]\ncustomer = "name shoesize custom.size"\n', "utf-8")
    loaded = config.load(file, {})
    assert loaded.config.forms.customer == ""
    (trouble,) = loaded.troubles
    assert trouble.where == f"{file}:2"
    assert "shoesize" in trouble.text
    assert "tax_number" in trouble.text
