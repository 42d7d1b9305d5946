"""``crm map migrate``: running processes go on by the version in force; seen first, done with ``--yes`` (C-15)."""

import argparse
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.map_finding import at_desk, meant
from crm_tui.i18n import _, ngettext

if TYPE_CHECKING:
    from crm_tui.services.process.process_preview import Moving, Preview


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("map", metavar="MAP", help=_("code, number or name"))
    parser.add_argument(
        "--place",
        nargs=2,
        action="append",
        default=[],
        metavar=("POINT", "TARGET"),
        help=_("processes that wait at this point, which is gone, go on at that one"),
    )
    parser.add_argument("--yes", action="store_true", help=_("move them; u in the program takes it back"))
    output.add_format(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print where each process would land, and with ``--yes`` move those that can go on; fails where none can."""
    from crm_tui.domain.errors import Refused
    from crm_tui.services.process import process_migration
    from crm_tui.services.route import route_maps

    with at_desk(args) as desk:
        found = meant(desk, args.map)
        with desk.store.read() as connection:
            version_id = route_maps.row(connection, found.key).version_id
            if version_id is None:
                raise Refused("map_not_in_force", map=found.route.title)
            seen = process_migration.preview(connection, found.key, version_id, dict(args.place))
        moved: tuple[int, ...] = ()
        if args.yes and seen.processes:
            with desk.store.work(desk.actor, "map_migration.move") as work:
                moved = process_migration.migrate(work, seen)
    _print(args, seen, moved)
    return exit_codes.FAILED if seen.processes and not seen.ready else exit_codes.OK


def _print(args: argparse.Namespace, seen: "Preview", moved: tuple[int, ...]) -> None:
    rows = [_row(one, moved) for one in seen.processes]
    if args.json:
        output.json_list(rows)
        return
    headings = (_("process"), _("card"), _("version"), _("stands at"), _("goes on at"), _("state"), "")
    cells = (
        (
            row["process"],
            row["card"],
            row["version"],
            ", ".join(one["name"] for one in row["waits"]),
            ", ".join(one["target_name"] or "?" for one in row["waits"]),
            row["state"],
            row["says"],
        )
        for row in rows
    )
    output.table(headings, cells, plain=args.plain)
    if args.plain:
        return
    for gone in seen.gone:
        places = ", ".join(f"{key} ({name})" for key, name in gone.places)
        output.talk(
            _("{name} is gone: --place {point} TARGET, one of: {places}").format(
                name=gone.name, point=gone.point, places=places
            )
        )
    if moved:
        said = ngettext("{count} process moved.", "{count} processes moved.", len(moved))
        output.talk(said.format(count=len(moved)))
    elif seen.ready:
        output.talk(_("Nothing was moved: add --yes to move them."))


def _row(one: "Moving", moved: tuple[int, ...]) -> dict[str, Any]:
    from crm_tui.services import messages

    return {
        "process": one.process_id,
        "card": one.card,
        "kind": one.object_kind,
        "id": one.object_id,
        "version": one.version,
        "waits": [
            {"point": wait.point, "name": wait.name, "target": wait.target, "target_name": wait.target_name}
            for wait in one.waits
        ],
        "state": one.state_name,
        "moved": one.process_id in moved,
        "says": messages.of_error(one.trouble) if one.trouble is not None else "",
    }
