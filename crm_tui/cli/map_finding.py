"""Which route map a command means: one of the catalogue, or a file."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.cli.opening import Desk, opened

if TYPE_CHECKING:
    from crm_tui.domain.route.route_map import Route

SUFFIXES = (".toml", ".bpmn", ".xml")
"""How the names of files of maps end."""


@dataclass(frozen=True)
class Meant:
    """A map as it is written now."""

    key: int
    """0 for a file."""
    code: str
    route: "Route"
    in_force: "Route | None" = None
    """What the version in force says."""


@contextmanager
def at_desk(args: argparse.Namespace) -> Iterator[Desk]:
    """The store, with the maps that come with the program in its catalogue."""
    from crm_tui.services.route import shipped_maps

    with opened(args) as desk:
        shipped_maps.ensure_in(desk.store)
        yield desk


def meant(desk: Desk, text: str) -> Meant:
    """The map with this code, number or name; or that of a file. Raises NotFound, Invalid."""
    from crm_tui.domain.errors import NotFound
    from crm_tui.domain.text import clean, fold
    from crm_tui.services.route import route_files, route_maps

    path = Path(text)
    if path.suffix.lower() in SUFFIXES:
        written = route_files.read(path)
        return Meant(0, written.code, written.route)
    with desk.store.read() as connection:
        rows = route_maps.catalogue(connection, archived=True)
        wanted = fold(text)
        found = [row for row in rows if row.code == text]
        found = found or [
            row for row in rows if wanted in (fold(row.number), fold(row.name), fold(row.title))
        ]
        if not found:
            raise NotFound("no_such_map", code=clean(text))
        return Meant(
            found[0].id,
            found[0].code,
            route_maps.draft_or_current(connection, found[0].id),
            route_maps.of_map(connection, found[0].id),
        )
