"""Help and version cost nothing, codes and docs are as promised, errors are one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm_tui import cli
from crm_tui.cli import docs, exit_codes
from crm_tui.domain import errors
from crm_tui.store.gate import WriteGate
from tests.cli.conftest import Crm
from tests.stores import lay
from tests.waiting import LIMIT

HEAVY = ("textual", "rich", "sqlalchemy", "sqlmodel", "pydantic", "keyring", "babel", "holidays", "alembic")
PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def imported(*arguments: str) -> set[str]:
    """Modules that a run of ``crm`` imports."""
    code = (
        "import sys\nfrom crm_tui.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\nprint(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=True,
        env=os.environ,
    )
    assert done.stdout
    return {name.partition(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["task", "--help"], ["mail", "ls", "--help"]]
)
def test_help_and_version_import_nothing_heavy(arguments: list[str]) -> None:
    assert not imported(*arguments) & {*HEAVY, "tomllib"}


def test_config_and_keys_import_no_store() -> None:
    assert not imported("config", "path") & {"textual", "sqlalchemy", "sqlmodel"}
    assert not imported("keys", "ls") & {"textual", "sqlalchemy", "sqlmodel"}


def test_task_add_imports_no_screens(crm_home: Path) -> None:
    lay(crm_home / "data" / "crm.db")
    assert "textual" not in imported("task", "add", "Buy milk")


def test_the_page_of_the_command_line_is_fresh() -> None:
    assert PAGE.read_text("utf-8") == docs.page(), "write it anew with `make docs`"


def test_every_command_has_a_meaning() -> None:
    page = docs.page()
    for name, _meaning in cli.GROUPS:
        assert f"## crm {name}\n" in page
    assert "None" not in page


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.Refused("x"), 1),
        (errors.StoreDamaged("x"), 1),
        (errors.Invalid("x"), 2),
        (errors.NotFound("x"), 3),
        (errors.LoginRefused("x"), 4),
        (errors.Conflict("x"), 5),
        (errors.StoreBusy("x"), 5),
        (errors.NetworkTrouble("x"), 6),
        (errors.BadConfig("x"), 7),
    ],
)
def test_an_error_is_a_code_and_one_line(
    error: errors.CrmError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def act() -> int:
        raise error

    assert cli.guarded(act) == code
    assert capsys.readouterr().err == "crm: x()\n"


def test_of_several_errors_the_one_that_needs_a_person_counts() -> None:
    login, network = errors.LoginRefused("x"), errors.NetworkTrouble("x")
    assert exit_codes.of_errors([network, login, network]) == exit_codes.LOGIN
    assert exit_codes.of_errors([network]) == exit_codes.NETWORK
    assert exit_codes.of_errors([]) == exit_codes.OK


def test_an_interrupt_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    def act() -> int:
        raise KeyboardInterrupt

    assert cli.guarded(act) == 130
    assert capsys.readouterr() == ("", "")


def test_a_fault_of_ours_is_a_report_and_no_traceback(
    crm_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def act() -> int:
        raise ZeroDivisionError(" ".join(("with a", "letter of somebody")))

    assert cli.guarded(act) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "with a letter" not in err
    (report,) = (crm_home / "state").glob("crash-*.txt")
    assert "with a letter" not in report.read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--lang", "xx"],
        ["task", "ls", "--lang", "xx"],
        ["nonsense"],
        ["task"],
        ["task", "done", "one"],
        ["mail", "show"],
        ["task", "ls", "--limit", "-1"],
    ],
)
def test_wrong_usage_is_2(crm: Crm, arguments: list[str]) -> None:
    done = crm(*arguments)
    assert (done.code, done.out) == (2, "")


def test_a_store_that_another_holds_is_5(crm: Crm, store_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_tui.store.gate.WAIT_SECONDS", 0.0)
    with WriteGate(store_file.with_name("crm.db.lock")).hold("a long import"):
        done = crm("task", "add", "x")
        assert crm("task", "ls").code == 0, "reading waits for nobody"
    assert done.code == 5
    assert "a long import" in done.err


def test_another_store_can_be_named(crm: Crm, tmp_path: Path, store_file: Path) -> None:
    other = tmp_path / "other" / "other.db"
    assert crm("--db", other, "task", "add", "There").code == 0
    assert other.exists()
    assert crm("task", "ls", "--json").json == []
    for arguments in (
        ("--db", other, "task", "ls"),
        ("task", "ls", "--db", other),
        ("task", "--db", other, "ls"),
    ):
        assert len(crm(*arguments, "--json").json) == 1


def test_the_language_is_told_by_flag_environment_and_file(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_tui import config, i18n

    monkeypatch.setenv("CRM_UI__LANGUAGE", "kk")
    crm("config", "path")
    assert i18n.language() == "kk"
    crm("--lang", "uk", "config", "path")
    assert i18n.language() == "uk"
    monkeypatch.delenv("CRM_UI__LANGUAGE")
    config.write("ui.language", "ru")
    crm("config", "path")
    assert i18n.language() == "ru"
    for arguments in (("config", "--lang", "uk", "path"), ("config", "path", "--lang=uk", "--json")):
        assert crm(*arguments).code == 0
        assert i18n.language() == "uk"
    assert crm("--lang", "en", "--help").out.startswith("usage: crm")
    assert i18n.language() == "en"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ("использование: crm task", "задачи: добавить", "показать эту справку")),
        ("uk", ("використання: crm task", "завдання: додати", "показати цю довідку")),
        ("kk", ("қолданылуы: crm task", "тапсырмалар: қосу", "осы анықтаманы")),
    ],
)
def test_help_and_wrong_usage_are_in_the_language_asked_for(
    crm: Crm, monkeypatch: pytest.MonkeyPatch, language: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("CRM_UI__LANGUAGE", "")
    helped = crm("--lang", language, "task", "--help")
    assert all(word in " ".join(helped.out.split()) for word in words)
    assert crm("task", "--help", "--lang", language).out == helped.out
    refused = crm("task", "done", "--lang", language)
    assert refused.code == 2
    assert "required" not in refused.err
    assert "usage" not in refused.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[ui\nlanguage = 1", "config.toml:1: is not TOML"),
        ('[ui]\ntheme = 1\n[nonsense]\n"\\u009b" = 1', "config.toml:2: ui.theme must be a text in quotes; "),
    ],
)
def test_a_settings_file_that_cannot_be_used_is_told_in_a_line_and_stops_nothing(
    crm: Crm, content: str, said: str
) -> None:
    from crm_tui import config

    config.config_file().write_text(content, "utf-8")
    crm("task", "add", "x")
    done = crm("task", "ls", "--json")
    assert (done.code, len(done.json)) == (0, 1)
    assert said in done.err
    assert done.err.count("\n") == 1
    assert done.err.endswith("(+1)\n") == ("nonsense" in content)
    assert done.err.replace("\n", "").isprintable()
    for arguments in (("config", "check"), ("doctor",)):
        assert said not in crm(*arguments).err, "these tell it themselves"


def test_what_the_machine_refuses_is_one_line(crm: Crm, tmp_path: Path) -> None:
    done = crm("screenshot", "tasks", "-o", tmp_path / "absent" / "x.svg")
    assert (done.code, done.out) == (1, "")
    assert done.err == f"crm: {tmp_path / 'absent' / 'x.svg'} No such file or directory\n"


def test_a_terminal_without_unicode_gets_escapes(crm: Crm) -> None:
    crm("task", "add", "Насос")
    for form, shown in (("--json", "\\u041d\\u0430"), ("--plain", "\\u041d\\u0430")):
        done = subprocess.run(
            [sys.executable, "-m", "crm_tui", "task", "ls", form],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=True,
            env=os.environ | {"PYTHONIOENCODING": "ascii"},
        )
        assert shown in done.stdout
