"""Lines made of named fields, as the command line takes them: ``{day} {time:>13} {title}`` (L-24, after calcurse).

Not ``str.format``: a field is a name from a list and a width, nothing is looked up within a value.
"""

import re
from collections.abc import Collection, Mapping

from crm_tui.domain.errors import Invalid

_PART = re.compile(r"\{\{|\}\}|\\[nt\\]|\{(?P<name>[a-z_]*)(?::(?P<side>[<>]?)(?P<width>\d{1,3}))?\}|[{}]")
_ESCAPES = {"{{": "{", "}}": "}", r"\n": "\n", r"\t": "\t", "\\\\": "\\"}


def check(template: str, names: Collection[str]) -> None:
    """Raises Invalid (``unknown_field`` or ``loose_brace``) for what cannot be filled in."""
    for part in _PART.finditer(template):
        if part["name"] is None and part[0] not in _ESCAPES:
            raise Invalid("loose_brace", template=template)
        if part["name"] is not None and part["name"] not in names:
            raise Invalid("unknown_field", name=part["name"], fields=", ".join(names))


def filled(template: str, values: Mapping[str, str]) -> str:
    r"""The template, checked before, with its fields filled in; ``{{``, ``}}``, ``\n``, ``\t`` and ``\\`` stand for
    what they say. A width pads with spaces and cuts nothing."""

    def one(part: re.Match[str]) -> str:
        if part["name"] is None:
            return _ESCAPES[part[0]]
        value, width = values[part["name"]], int(part["width"] or 0)
        return value.rjust(width) if part["side"] == ">" else value.ljust(width)

    return _PART.sub(one, template)
