"""What the program itself wrote beside the store and may name a person: cleaned with an erasure, or told (C-13).

Text typed that the store did not take (`services.unkept`), the history of the `:` line, the picture of the last
screen, what was opened with other programs, the log of hooks. Reports of crashes hold no data (`services.crash`).
"""

import json
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from crm_tui import paths, whole_file
from crm_tui.domain.text import fold
from crm_tui.services import unkept
from crm_tui.services.privacy.person import Person, own_interests

_REPLACED = (paths.command_history, paths.last_picture)


def clean(person: Person, store: Path) -> tuple[Path, ...]:
    """Take the person out of the files that are the program's alone; answers those in which they may still stand."""
    checks: list[tuple[Path, Callable[[Path], bool]]] = [
        *((file, lambda one: _unkept(person, one)) for file in unkept.every_file(store)),
        *((draft, _gone) for file in _REPLACED for draft in whole_file.left_behind(file())),
        (paths.command_history(), lambda one: _lines(person, one)),
        (paths.last_picture(), _gone),
        (paths.opened(), _is_empty),
        (paths.hook_log(), lambda one: _silent(person, one)),
    ]
    return tuple(file for file, check in checks if not _passes(file, check))


def _passes(file: Path, check: Callable[[Path], bool]) -> bool:
    """Whether nothing of the person is in the file after the check; one that is not there has nothing."""
    try:
        return check(file)
    except FileNotFoundError:
        return True
    except (OSError, ValueError, TypeError, AttributeError):  # or of another version
        return False


def _unkept(person: Person, file: Path) -> bool:
    """Letters to them, answers to theirs and places that name them go; the rest stays to be taken up. Raises
    ValueError for a file that only a reader can judge."""
    content = json.loads(file.read_text("utf-8"))
    if not isinstance(content, dict) or set(content) != {"letters", "states"}:
        raise ValueError(file.name)
    letters = [one for one in content["letters"] if not _is_theirs(person, one)]
    states = {name: one for name, one in content["states"].items() if not _says(person, (name, one))}
    if not letters and not states:
        return _gone(file)
    if len(letters) < len(content["letters"]) or len(states) < len(content["states"]):
        unkept.rewrite(file, {"states": states, "letters": letters})
    return True


def _is_theirs(person: Person, letter: Any) -> bool:
    """An unkept letter: its draft and its fields."""
    draft_id, fields = letter
    refers: tuple[tuple[Any, Collection[int]], ...] = (
        (draft_id, person.of("draft")),
        (fields.get("reply_to_letter_id"), person.of("letter")),
        (fields.get("forward_letter_id"), person.of("letter")),
        (fields.get("interest_id"), own_interests(person)),
    )
    return any(one in ids for one, ids in refers) or _says(person, fields)


def _lines(person: Person, file: Path) -> bool:
    lines = file.read_text("utf-8").splitlines()
    kept = [line for line in lines if not _says(person, line)]
    if len(kept) < len(lines):
        whole_file.write(file, "".join(f"{line}\n" for line in kept))
    return True


def _silent(person: Person, file: Path) -> bool:
    return not _says(person, file.read_text("utf-8", "replace"))


def _gone(file: Path) -> bool:
    file.unlink()
    return True


def _is_empty(folder: Path) -> bool:
    """What was opened may be open still, and changed: whose it is, its reader knows."""
    return not any(folder.iterdir())


def _says(person: Person, value: Any) -> bool:
    said = [fold(text) for text in _texts(value)]
    return any(word in text for word in filter(None, map(fold, person.words)) for text in said)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from _texts([*value.keys(), *value.values()])
        case list() | tuple():
            for one in value:
                yield from _texts(one)
