"""``crm doctor``: each thing it looks at, in order and out of order."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_tui import config
from crm_tui.cli import doctor_machine, doctor_store
from crm_tui.cli.findings import FAIL, OK, WARN, Finding
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm
from tests.store import letters


def states(crm: Crm) -> dict[str, str]:
    return {one["name"]: one["state"] for one in crm("doctor", "--json").json["checks"]}


def test_everything_is_looked_at(crm: Crm) -> None:
    done = crm("doctor", "--json")
    assert done.code == 0
    assert done.json["ok"] is True
    assert {one["name"] for one in done.json["checks"]} >= {
        "python", "library.textual", "library.sqlalchemy", "mail.gateway", "locale", "terminal", "keyring",
        "timezones", "editor", "settings", "sqlite", "store", "store.disk", "store.file_system", "store.permissions",
        "store.wal", "store.backup", "store.integrity", "store.schema", "accounts",
    }  # fmt: skip
    assert all(set(one) == {"name", "state", "detail", "fix"} for one in done.json["checks"])
    assert {one["state"] for one in done.json["checks"]} <= {OK, WARN}


def test_as_text_each_line_has_its_state_and_its_fix(crm: Crm) -> None:
    lines = crm("doctor").out.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("WARN  store.backup"))
    assert lines[place + 1].strip() == "→ crm backup"
    crm("backup")
    assert states(crm)["store.backup"] == OK


def test_a_store_that_is_not_there_is_not_made(crm: Crm, tmp_path: Path) -> None:
    done = crm("--db", tmp_path / "no" / "crm.db", "doctor", "--json")
    assert done.code == 0
    assert not (tmp_path / "no").exists()


def test_damage_is_a_fail_with_the_backup_to_restore(crm: Crm, store_file: Path) -> None:
    backup = crm("backup").out.strip()
    store_file.write_bytes(b"\0" * 4096)
    done = crm("doctor", "--json")
    assert (done.code, done.json["ok"]) == (1, False)
    (integrity,) = [one for one in done.json["checks"] if one["name"] == "store.integrity"]
    assert (integrity["state"], integrity["fix"]) == (FAIL, f"crm restore {backup}")


def test_a_readable_store_is_a_warning(crm: Crm, store_file: Path) -> None:
    store_file.chmod(0o644)
    found = [one for one in crm("doctor", "--json").json["checks"] if one["name"] == "store.permissions"]
    assert [one["state"] for one in found] == [OK, WARN]
    assert found[1]["fix"] == f"chmod 600 {store_file}"


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, WARN),
        ({"last_success_at": datetime(2020, 1, 1, tzinfo=UTC)}, WARN),
        ({"last_error": "login_refused"}, WARN),
        ({"last_success_at": "now"}, OK),
    ],
)
def test_accounts_tell_their_last_success_and_fault(
    crm: Crm, store: Store, values: dict[str, object], state: str
) -> None:
    key = letters.account(store, "work")
    told = {
        name: store.clock() - timedelta(hours=1) if value == "now" else value
        for name, value in values.items()
    }
    with store.work(Actor("test"), "account") as work:
        work.change(work.get(MailAccount, key), **told)
    assert states(crm)["account.work"] == state


def test_typed_text_that_no_start_took_up_is_told(crm: Crm, store_file: Path) -> None:
    assert "store.unkept" not in states(crm)
    store_file.with_name(f"{store_file.name}.unkept-1.not-taken").write_text("{}")
    assert states(crm)["store.unkept"] == WARN


def test_settings_that_are_not_used_are_told(crm: Crm) -> None:
    config.config_file().write_text('[ui]\nthem = "dark"\n')
    assert states(crm)["settings"] == WARN


@pytest.mark.parametrize(
    ("version", "state"),
    [((3, 10, 9), FAIL), ((3, 11, 2), WARN), ((3, 11, 10), OK), ((3, 12, 5), WARN), ((3, 14, 0), OK)],
)
def test_pythons_with_known_faults_are_told(version: tuple[int, int, int], state: str) -> None:
    assert doctor_machine._python(version).state == state


@pytest.mark.parametrize(("encoding", "state"), [("UTF-8", OK), ("utf8", OK), ("KOI8-R", FAIL)])
def test_encodings(encoding: str, state: str) -> None:
    assert doctor_machine._encoding(encoding).state == state


@pytest.mark.parametrize(("term", "state"), [("xterm-256color", OK), ("dumb", WARN), ("", WARN)])
def test_terminals(term: str, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda _fallback: os.terminal_size((80, 24)))
    assert doctor_machine._terminal({"TERM": term}).state == state


def test_a_small_terminal_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda _fallback: os.terminal_size((40, 10)))
    assert doctor_machine._terminal({"TERM": "xterm"}).state == WARN


@pytest.mark.parametrize(
    ("environment", "state"),
    [
        ({}, WARN),
        ({"EDITOR": f"{sys.executable} -u"}, OK),
        ({"VISUAL": "no-such-editor-here", "EDITOR": sys.executable}, WARN),
        ({"EDITOR": "'unclosed"}, WARN),
    ],
)
def test_editors(environment: dict[str, str], state: str) -> None:
    assert doctor_machine._editor(environment).state == state


@pytest.mark.parametrize(("value", "state"), [("on", OK), ("external", WARN), ("", WARN)])
def test_tmux_tells_what_it_swallows(
    value: str, state: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "tmux"
    program.write_text(f"#!/bin/sh\necho {value}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = list(doctor_machine._tmux())
    assert [one.state for one in found] == [state, state]
    assert all(("tmux.conf" in one.fix) is (state == WARN) for one in found)


FACTS = {"free_disk": 10 << 30, "file_system": "ext4", "journal_mode": "WAL", "wal_size": 0}


@pytest.mark.parametrize(("free", "state"), [(10 << 30, OK), (100 << 20, WARN), (1 << 20, FAIL)])
def test_free_disk(free: int, state: str) -> None:
    assert doctor_store._disk(FACTS | {"free_disk": free}).state == state


def test_a_network_file_system_and_a_long_log_are_warnings() -> None:
    nfs: Finding = doctor_store._file_system(FACTS | {"file_system": "nfs4", "journal_mode": "DELETE"})
    assert nfs.state == WARN
    assert doctor_store._wal(FACTS | {"wal_size": 1 << 30}).state == WARN
