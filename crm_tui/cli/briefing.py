"""``crm briefing``: what to know before a talk, on one page (L-26, story O8)."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.screens.interaction.briefing_text import Line

KINDS = ("customer", "contact", "lead", "interest", "interaction", "event")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm briefing``."""
    parser.add_argument("kind", choices=KINDS, help=_("what kind of record"))
    parser.add_argument("id", type=int, metavar="ID")
    output.add_format(parser, plain=False)


def run(args: argparse.Namespace) -> int:
    """Print the page."""
    from crm_tui.screens.interaction import briefing_text

    with opened(args) as desk, desk.store.read() as connection:
        lines = briefing_text.page(connection, args.kind, args.id, desk.now, desk.zone)
    if args.json:
        output.json_object({"kind": args.kind, "id": args.id, "parts": _parts(lines)})
        return exit_codes.OK
    for line in briefing_text.text_of(lines).splitlines():
        output.line(line)
    return exit_codes.OK


def _parts(lines: "Sequence[Line]") -> list[dict[str, Any]]:
    """The page as it stands under its titles; what stands before the first one has none."""
    parts: list[dict[str, Any]] = [{"title": "", "lines": []}]
    for line in lines:
        if line.is_title:
            parts.append({"title": line.text, "lines": []})
        elif line.text:
            parts[-1]["lines"].append(line.text)
    return [one for one in parts if one["title"] or one["lines"]]
