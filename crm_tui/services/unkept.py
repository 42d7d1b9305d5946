"""What could not be kept in the store when the program ended, kept in a file beside it until the next start.

Another program may hold the store for longer than anybody waits, and a line that is lost leaves three seconds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui import whole_file
from crm_tui.services.session import StoredSession
from crm_tui.store.engine import Store

if TYPE_CHECKING:
    from crm_tui.services.writing.compose import Writing


_NOT_TAKEN = ".not-taken"


@dataclass(frozen=True, slots=True)
class UnkeptLetter:
    """A letter as it was typed, and its draft where it has one."""

    draft_id: int | None
    writing: "Writing"


def write(
    store: Store, user_id: int, states: Mapping[str, Mapping[str, Any]], letters: Sequence[UnkeptLetter]
) -> None:
    """Put the states of places and the letters into the file, which its owner alone can read. Raises OSError."""
    typed = [[one.draft_id, asdict(one.writing)] for one in letters]
    rewrite(_file(store, user_id), {"states": states, "letters": typed})


def rewrite(file: Path, content: Mapping[str, Any]) -> None:
    """Write the file whole or not at all. Raises OSError."""
    whole_file.write(file, json.dumps(content, default=datetime.isoformat))


def forget(store: Store, user_id: int) -> None:
    """All of it is in the store by now. Raises OSError."""
    _file(store, user_id).unlink(missing_ok=True)


def take_up(store: Store, user_id: int) -> None:
    """At the start: bring what an earlier end left into the store. Raises CrmError while the store cannot be written,
    and the file stays. One that another version wrote, or about what is gone, is put aside: the program starts."""
    file = _file(store, user_id)
    if not file.exists():
        return
    from sqlalchemy.exc import IntegrityError

    try:
        _bring_in(store, user_id, json.loads(file.read_text("utf-8")))
    except (ValueError, TypeError, LookupError, IntegrityError):
        file.replace(file.with_name(file.name + _NOT_TAKEN))
    else:
        file.unlink()


def every_file(path: Path) -> list[Path]:
    """The files beside the store at ``path``, of everybody, and what a program that was killed left half written."""
    return sorted(path.parent.glob(f"{path.name}.unkept-*"))


def put_aside(path: Path) -> list[Path]:
    """The files beside the store at ``path`` that no start could take up."""
    return sorted(path.parent.glob(f"{path.name}.unkept-*{_NOT_TAKEN}"))


def _bring_in(store: Store, user_id: int, content: Mapping[str, Any]) -> None:
    from crm_tui.services.writing import drafts
    from crm_tui.services.writing.compose import Writing

    session = StoredSession(store, user_id)
    with store.facts("draft.save") as work:
        for draft_id, fields in content["letters"]:
            at = fields.pop("send_at")
            writing = Writing(**fields, send_at=datetime.fromisoformat(at) if at else None)
            drafts.bring_back(work, draft_id, writing, owner_id=user_id)
    for place, state in content["states"].items():
        session.save(place, state)


def _file(store: Store, user_id: int) -> Path:
    return store.path.with_name(f"{store.path.name}.unkept-{user_id}")
