"""Programs of one's own before and after each act (L-25)."""

import json
import os
import stat
from pathlib import Path

import pytest

from crm_tui import paths
from crm_tui.services import users
from crm_tui.services.hooks import Hooks
from crm_tui.services.task import tasks
from crm_tui.store.engine import Store
from crm_tui.store.tables import Task
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm
from tests.waiting import eventually


@pytest.fixture
def hooks(store_file: Path) -> Path:
    """The folder, empty."""
    folder = paths.config_dir() / "hooks"
    folder.mkdir(mode=0o700)
    return folder


def hook(folder: Path, name: str, script: str, mode: int = 0o700) -> Path:
    """A hook in the shell's language; it keeps what it was given in ``NAME.json``, a line each time."""
    file = folder / name
    file.write_text(
        f"#!/bin/sh\nread -r event; echo \"$event\" >>'{folder}/{name}.json'\n{script}\n", "utf-8"
    )
    file.chmod(mode)
    return file


def given(folder: Path, name: str) -> list[dict[str, object]]:
    file = folder / f"{name}.json"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def test_l_25_a_hook_refuses_an_act_with_its_reason(crm: Crm, store: Store, hooks: Path) -> None:
    made = crm("task", "add", "Позвонить", "--json").json["id"]
    hook(hooks, "pre-task.done", "echo noise; echo 'Сначала отчёт.' >&2; echo more >&2; exit 3")
    hook(hooks, "pre-any", "exit 0")
    done = crm("task", "done", made)
    assert done.code == 1
    assert done.err == "crm: pre-task.done is against it: Сначала отчёт.\n"
    with store.facts("look") as work:
        assert work.get(Task, made).status == "open"
    (told,) = given(hooks, "pre-task.done")
    assert told["here"] == {"kind": "task", "ids": [made]}
    (row,) = told["rows"]  # type: ignore[misc]
    assert (row["table"], row["id"], row["before"]["title"], row["before"]["status"]) == (
        "task", made, "Позвонить", "open",
    )  # fmt: skip
    assert (told["when"], told["verb"], told["user_id"]) == ("pre", "task.done", 1)
    hook(hooks, "pre-task.done", "exit 0")
    assert crm("task", "done", made).code == 0
    assert [one["verb"] for one in given(hooks, "pre-any")] == ["task.done", "task.done"]


def test_l_25_after_the_commit_a_hook_is_told_what_was_written(crm: Crm, hooks: Path) -> None:
    hook(hooks, "post-task.add", "echo oh >&2; exit 1")
    hook(hooks, "post-any", "")
    assert crm("task", "add", "Позвонить").code == 0, "nothing can be refused any more"
    (told,) = given(hooks, "post-task.add")
    (change,) = [one for one in told["changes"] if one["table"] == "task"]  # type: ignore[attr-defined]
    assert change["before"] is None
    assert change["after"]["title"] == "Позвонить"
    assert told["more"] == 0
    assert "post-task.add: oh" in (paths.state_dir() / "hooks.log").read_text("utf-8")
    crm("task", "done", change["id"])
    first, second = given(hooks, "post-any")
    (after,) = [one for one in second["changes"] if one["table"] == "task"]  # type: ignore[attr-defined]
    assert (after["before"]["status"], after["after"]["status"]) == ("open", "done")
    assert [first["verb"], second["verb"]] == ["task.add", "task.done"]


def test_l_25_a_hook_that_hangs_or_cannot_be_run_refuses(
    crm: Crm, hooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_HOOKS__SECONDS", "0.2")
    hook(hooks, "pre-task.add", "sleep 600 & sleep 600")
    assert crm("task", "add", "One").err == "crm: pre-task.add is against it: > 0.2 s\n"
    monkeypatch.delenv("CRM_HOOKS__SECONDS")
    (hooks / "pre-task.add").write_text("no program at all", "utf-8")
    assert "Exec format error" in crm("task", "add", "One").err
    hook(hooks, "pre-task.add", "yes >&2")
    assert crm("task", "add", "One").code == 1, "one that talks without end is ended"
    hook(hooks, "pre-task.add", "exit 1", mode=0o600)
    assert crm("task", "add", "One").code == 0, "what cannot be executed is no hook"


@pytest.mark.parametrize("loose", ["folder", "file", "above"])
def test_l_25_no_hook_is_run_that_others_may_write_to(crm: Crm, hooks: Path, loose: str) -> None:
    file = hook(hooks, "pre-task.add", "exit 0")
    place = {"folder": hooks, "file": file, "above": hooks.parent}[loose]
    place.chmod(place.stat().st_mode | stat.S_IWGRP)
    done = crm("task", "add", "One")
    assert done.code == 1
    assert f"chmod go-w {place}" in done.err
    assert given(hooks, "pre-task.add") == []
    found = {one["name"]: one for one in crm("doctor", "--json").json["checks"]}
    assert (found["hooks"]["state"], found["hooks"]["fix"]) == ("FAIL", f"chmod go-w {place}")
    place.chmod(place.stat().st_mode & ~stat.S_IWGRP)
    assert crm("task", "add", "One").code == 0
    assert crm("doctor", "--json").json["checks"] != []


def test_l_25_a_hook_finds_the_store_free_and_starts_no_hooks(crm: Crm, store: Store, hooks: Path) -> None:
    """What it writes itself is not asked about; the program's own acts are not either, but they are told."""
    from_within = f"CRM_HOME={os.environ['CRM_HOME']} {os.sys.executable} -m crm_tui task add 'From within'"  # type: ignore[attr-defined]
    hook(hooks, "pre-task.add", from_within)
    hook(hooks, "post-any", "")
    assert crm("task", "add", "Mine").code == 0
    assert [one["title"] for one in crm("task", "ls", "--json").json] == ["From within", "Mine"]
    assert len(given(hooks, "pre-task.add")) == 1
    assert len(given(hooks, "post-any")) == 1
    store.hooks = Hooks()
    with store.work(Actor.program("clock"), "task.add") as work:
        work.change(work.get(Task, 1), title="By the clock")
    store.hooks.close()
    assert len(given(hooks, "pre-task.add")) == 1
    assert [one["user_id"] for one in given(hooks, "post-any")] == [1, None]
    store.hooks = None


def test_l_25_whoever_leaves_does_not_wait_for_a_hook_that_hangs(store: Store, hooks: Path) -> None:
    hook(hooks, "post-any", "sleep 20")
    store.hooks = Hooks(patience=0.1)
    me = users.current(store)
    for title in ("One", "Two", "Three"):
        with store.work(users.actor_of(me), "task.add") as work:
            tasks.add(work, title, assignee_id=me.key)
    eventually(lambda: given(hooks, "post-any"), "the first hook runs")
    store.hooks.close()
    store.hooks = None
    log = (paths.state_dir() / "hooks.log").read_text("utf-8")
    assert log.count("task.add: not told of entry") == 2
