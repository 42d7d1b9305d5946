"""A map from a file and into one: TOML, or BPMN 2.0 XML where the name ends so."""

from pathlib import Path

from crm_tui.domain import route_text
from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.route_map import Route
from crm_tui.domain.route_text import Written
from crm_tui.domain.text import clean

BPMN = (".bpmn", ".xml")
"""How the names of files in BPMN 2.0 XML end."""


def read(path: Path) -> Written:
    """What the file holds. Raises Invalid, and NotFound where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(route_text.LARGEST + 1)
    except OSError as error:
        raise NotFound("cannot_read", path=clean(str(path)), reason=clean(error.strerror or "")) from error
    if path.suffix.lower() in BPMN:
        from crm_tui.parsing.bpmn_in import read_bpmn

        return read_bpmn(data)
    return route_text.read(data)


def write(path: Path, route: Route, code: str) -> None:
    """Put it into a file. Raises Refused where it cannot be written."""
    if path.suffix.lower() in BPMN:
        from crm_tui.domain.bpmn_out import as_bpmn

        data = as_bpmn(route, code)
    else:
        data = route_text.written(route, code).encode()
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Refused("cannot_write", path=clean(str(path)), reason=clean(error.strerror or "")) from error
