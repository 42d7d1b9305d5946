"""Programs of one's own before and after each act: executables in the folder ``hooks`` of the settings (L-25).

``pre-VERB`` and ``pre-any`` may refuse what a person is about to do; ``post-VERB`` and ``post-any`` are told what was
written. Both get one object of JSON on their standard input (``docs/hooks.md``). The gate of the store is never held
while one runs.
"""

import json
import os
import queue
import stat
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui import paths
from crm_tui.domain.errors import CrmError, Refused
from crm_tui.domain.text import clean, shorten

if TYPE_CHECKING:
    from crm_tui.services.programs import Ended
    from crm_tui.store.engine import Store
    from crm_tui.store.hooking import About, Entry
    from crm_tui.store.work import Actor

ANY = "any"
INSIDE = "CRM_HOOK"
"""Set in the environment of a hook: what it does with this program starts no hooks."""
MOST_ROWS = 500
"""Rows of an act that a hook is told of; of the others the number."""
MOST_SAID = 4000
MOST_LOG = 100_000
SCHEMA_VERSION = 1


class Hooks:
    """What ``Store.hooks`` is made of. Of a folder that is not there it costs one look at the disk an act.

    ``patience``: seconds that ``close`` waits; None for as long as one hook may last.
    """

    def __init__(self, patience: float | None = None) -> None:
        self._folder = paths.config_dir() / "hooks"
        self._patience = patience
        self._told: queue.Queue[tuple[Store, Entry]] = queue.Queue()
        self._teller: threading.Thread | None = None
        self._lock = threading.Lock()

    def any(self) -> bool:
        """Whether there may be hooks, and they are to be run."""
        return INSIDE not in os.environ and self._folder.is_dir()

    def before(self, store: "Store", actor: "Actor", verb: str, about: "About | None") -> None:
        """Ask the hooks about a person's act. Raises Refused (``hook_refused``, ``hooks_insecure``)."""
        if actor.user_id is None or not self.any():
            return
        rows: list[dict[str, Any]] | None = None
        for hook in self._found("pre", verb):
            rows = _as_they_are(store, about) if rows is None else rows
            event = {
                "when": "pre", "verb": verb, "actor": actor.name, "user_id": actor.user_id,
                "at": store.clock().isoformat(), "here": about and {"kind": about[0], "ids": list(about[1])},
                "rows": rows, "more": max(0, len(about[1]) - MOST_ROWS) if about else 0,
            }  # fmt: skip
            if reason := self._run(hook, event):
                raise Refused("hook_refused", hook=hook.name, reason=reason)

    def after(self, store: "Store", entries: "Sequence[Entry]") -> None:
        """Tell the hooks, one after the other and in a thread of their own, of what was committed."""
        if not entries or not self.any():
            return
        for entry in entries:
            if next(self._found("post", entry.verb, refuse=False), None) is not None:
                self._told.put((store, entry))
                self._start()

    def close(self) -> None:
        """Wait for the hooks that are still to be told; what they are not told then is said in the log."""
        if self._teller is None:
            return
        waiting = threading.Thread(target=self._told.join, daemon=True)
        waiting.start()
        waiting.join(_seconds() if self._patience is None else self._patience)
        while waiting.is_alive():
            try:
                _store, entry = self._told.get_nowait()
            except queue.Empty:
                return
            self._note(entry.verb, f"not told of entry {entry.id}")

    def _start(self) -> None:
        with self._lock:
            if self._teller is None:
                self._teller = threading.Thread(target=self._tell, name="hooks", daemon=True)
                self._teller.start()

    def _tell(self) -> None:
        from crm_tui.services import messages

        while True:
            store, entry = self._told.get()
            try:
                self._tell_of(store, entry)
            except CrmError as error:
                self._note(entry.verb, messages.of_error(error))
            except Exception as error:  # a hook must not keep the others from being told
                self._note(entry.verb, type(error).__name__)
            finally:
                self._told.task_done()

    def _tell_of(self, store: "Store", entry: "Entry") -> None:
        from crm_tui.store import journal

        with store.read() as connection:
            changes, more = journal.rows_of(connection, entry.id, MOST_ROWS)
        event = {
            "when": "post", "verb": entry.verb, "actor": entry.actor.name, "user_id": entry.actor.user_id,
            "at": entry.at.isoformat(), "entry": entry.id, "changes": changes, "more": more,
        }  # fmt: skip
        for hook in self._found("post", entry.verb):
            if reason := self._run(hook, event):
                self._note(hook.name, reason)

    def _found(self, when: str, verb: str, *, refuse: bool = True) -> Iterator[Path]:
        """The hooks for a verb, those for all first. Raises Refused where others may write to one or its folder."""
        for name in (f"{when}-{ANY}", f"{when}-{verb}"):
            hook = self._folder / name
            if os.access(hook, os.X_OK) and hook.is_file():
                if refuse and (loose := insecure(self._folder, hook)):
                    raise Refused("hooks_insecure", path=str(loose))
                yield hook

    def _run(self, hook: Path, event: dict[str, Any]) -> str:
        """Why the hook is against it, in its own words; nothing when it is not."""
        from crm_tui.services import programs

        content = json.dumps({"schema_version": SCHEMA_VERSION, **event}, ensure_ascii=False) + "\n"
        environment = os.environ | {INSIDE: hook.name}
        try:
            ended = programs.run(
                [str(hook)], content.encode(), seconds=_seconds(), most=MOST_SAID, errors_only=True,
                environment=environment, folder=self._folder,
            )  # fmt: skip
        except OSError as error:
            return error.strerror or type(error).__name__
        return _reason(ended)

    def _note(self, name: str, reason: str) -> None:
        """A line in ``hooks.log`` of the state folder, which is begun anew when it is long."""
        from crm_tui.domain.clock import utc_now

        log = paths.hook_log()
        mode = "a" if not log.exists() or log.stat().st_size < MOST_LOG else "w"
        with log.open(mode, encoding="utf-8") as file:
            file.write(f"{utc_now().isoformat(timespec='seconds')} {name}: {reason}\n")


def _as_they_are(store: "Store", about: "About | None") -> list[dict[str, Any]]:
    """The images before the act of the records that it is about."""
    from crm_tui.store import images

    if about is None:
        return []
    kind, ids = about[0], list(about[1])[:MOST_ROWS]
    with store.read() as connection:
        found = images.images_of(connection, kind, ids)
    return [{"table": kind, "id": key, "before": found[key]} for key in ids if key in found]


def insecure(folder: Path, *files: Path) -> Path | None:
    """The first of the folder, the one it lies in and these files that somebody else owns or may write to."""
    for path in (folder.parent, folder, *files, *(one.resolve().parent for one in files)):
        found = path.stat()
        if found.st_uid not in (os.getuid(), 0) or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return path
    return None


def _reason(ended: "Ended") -> str:
    if ended.is_late:
        return f"> {_seconds():g} s"
    if ended.code == 0:
        return ""
    lines = clean(ended.printed.decode("utf-8", "replace"), multiline=True).split("\n")
    said = next((line.strip() for line in lines if line.strip()), "")
    return shorten(said, 200) or str(ended.code)


def _seconds() -> float:
    from crm_tui import config

    return config.load().config.hooks.seconds
