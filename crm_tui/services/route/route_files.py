"""A map from a file and into one: TOML, or BPMN 2.0 XML where the name ends so."""

from pathlib import Path

from crm_tui import whole_file
from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.route import route_text
from crm_tui.domain.route.route_map import Route
from crm_tui.domain.route.route_text import Written
from crm_tui.domain.text import clean

BPMN = (".bpmn", ".xml")
"""How the names of files in BPMN 2.0 XML end."""


def read(path: Path) -> Written:
    """What the file holds. Raises NotFound where it cannot be read, and what ``route_text.read`` and
    ``bpmn_in.read_bpmn`` raise."""
    from crm_tui.parsing import bpmn_in, xml_tree

    is_bpmn = path.suffix.lower() in BPMN
    try:
        with path.open("rb") as file:
            data = file.read((xml_tree.LARGEST if is_bpmn else route_text.LARGEST) + 1)
    except OSError as error:
        raise NotFound("cannot_read", path=clean(str(path)), reason=clean(error.strerror or "")) from error
    return bpmn_in.read_bpmn(data) if is_bpmn else route_text.read(data)


def written(route: Route, code: str, *, bpmn: bool = False) -> bytes:
    """What a file of the map holds. Raises Invalid where a draft cannot be written so."""
    if bpmn:
        from crm_tui.domain.route.bpmn_out import as_bpmn

        return as_bpmn(route, code)
    return route_text.written(route, code).encode()


def write(path: Path, route: Route, code: str, *, bpmn: bool = False) -> None:
    """Put the map into a file, whole or not at all; ``bpmn`` whatever the file is called. Raises as ``written``, and
    Refused where it cannot be written."""
    data = written(route, code, bpmn=bpmn or path.suffix.lower() in BPMN)
    try:
        with whole_file.whole(path) as draft:
            draft.write_bytes(data)
    except OSError as error:
        raise Refused("cannot_write", path=clean(str(path)), reason=clean(error.strerror or "")) from error
