"""``crm map``: the route maps of the company, out of files and into them, and into force."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, map_flight, map_migrate, map_report, output
from crm_tui.cli.map_finding import Meant, at_desk, meant
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.domain.route.route_diff import Change
    from crm_tui.domain.route.route_map import Route
    from crm_tui.services.route.route_maps import MapRow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm map``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser("ls", aliases=["list"], help=_("the catalogue of route maps"))
    listing.add_argument("--all", action="store_true", help=_("those put away too"))
    output.add_format(listing)
    listing.set_defaults(run=ls)
    showing = commands.add_parser("show", help=_("what a map says"))
    _add_map(showing, file=True)
    output.add_format(showing, plain=False)
    showing.set_defaults(run=show)
    checking = commands.add_parser("check", help=_("what keeps a map from being in force"))
    _add_map(checking, file=True)
    output.add_format(checking)
    checking.set_defaults(run=check)
    map_flight.add_arguments(
        commands.add_parser("simulate", help=_("try a map out: nothing is written, nobody is told"))
    )
    map_report.add_arguments(commands.add_parser("report", help=_("how a map runs")))
    map_migrate.add_arguments(
        commands.add_parser("migrate", help=_("move running processes to the version in force"))
    )
    importing = commands.add_parser("import", help=_("take a map from a file, as a draft"))
    importing.add_argument("file", type=Path, metavar="FILE", help=_("TOML, or BPMN 2.0 (NAME.bpmn)"))
    importing.add_argument("--dry-run", action="store_true", help=_("only say what would differ"))
    output.add_format(importing)
    importing.set_defaults(run=take)
    exporting = commands.add_parser("export", help=_("write a map into a file"))
    _add_map(exporting)
    exporting.add_argument("file", nargs="?", type=Path, metavar="FILE", help=_("standard output without"))
    exporting.add_argument("--bpmn", action="store_true", help=_("as BPMN 2.0 XML, for tools that draw it"))
    exporting.set_defaults(run=export)
    for name, run, help_text in (
        ("enforce", enforce, _("put a map in force")),
        ("suspend", suspend, _("start no more processes by a map; those that run go on")),
    ):
        changing = commands.add_parser(name, help=help_text)
        _add_map(changing)
        output.add_format(changing, plain=False)
        changing.set_defaults(run=run)
    comparing = commands.add_parser(
        "diff", help=_("what differs: draft and version in force, two versions, a file")
    )
    _add_map(comparing)
    comparing.add_argument("other", nargs="?", metavar="FILE", help=_("compare the map with this file"))
    comparing.add_argument("--versions", nargs=2, type=int, metavar="N", help=_("compare two versions"))
    output.add_format(comparing)
    comparing.set_defaults(run=diff)


def _add_map(parser: argparse.ArgumentParser, *, file: bool = False) -> None:
    parser.add_argument(
        "map", metavar="MAP", help=_("code, number or name, or a file") if file else _("code, number or name")
    )


def ls(args: argparse.Namespace) -> int:
    """Print the catalogue."""
    from crm_tui.services.route import route_maps

    with at_desk(args) as desk, desk.store.read() as connection:
        rows = [_row(desk, one) for one in route_maps.catalogue(connection, archived=args.all)]
    if args.json:
        output.json_list(rows)
        return exit_codes.OK
    headings = (_("code"), _("number"), _("name"), _("status"), _("version"), _("scenario"), _("running"))
    cells = (
        (
            row["code"],
            row["number"],
            row["name"],
            _said(row),
            str(row["version"] or ""),
            _(row["scenario"]),
            row["running"],
        )
        for row in rows
    )
    output.table(headings, cells, plain=args.plain)
    return exit_codes.OK


def show(args: argparse.Namespace) -> int:
    """Print the map as it is written now."""
    from crm_tui.domain.route import route_json, route_text

    with at_desk(args) as desk:
        found = meant(desk, args.map)
    if args.json:
        output.json_object({"code": found.code, "route": route_json.as_json(found.route)})
    else:
        output.text(route_text.written(found.route, found.code))
    return exit_codes.OK


def check(args: argparse.Namespace) -> int:
    """Print what keeps the map from being in force; fails where something does."""
    from crm_tui.services.route import route_facts, route_sentences

    with at_desk(args) as desk:
        found = meant(desk, args.map)
        with desk.store.read() as connection:
            problems = route_facts.problems(connection, found.route, code=found.code)
    rows = [
        {"point": one.point, "code": one.code, "says": route_sentences.of_problem(found.route, one)}
        for one in problems
    ]
    if args.json:
        output.json_list(rows)
    elif args.plain:
        output.table((), ((row["point"], row["code"], row["says"]) for row in rows), plain=True)
    else:
        for row in rows:
            output.line(row["says"])
    return exit_codes.FAILED if rows else exit_codes.OK


def take(args: argparse.Namespace) -> int:
    """Import a file; print what differs from the map that is there."""
    from crm_tui.services.route import route_files, route_maps

    written = route_files.read(args.file)
    with at_desk(args) as desk:
        there = _there(desk, written.code)
        changes = _changes(there.route, written.route) if there else []
        if args.dry_run:
            _print_changes(args, changes)
            return exit_codes.OK
        with desk.store.work(desk.actor, "route_map.import") as work:
            key = route_maps.import_route(work, written).key
        with desk.store.read() as connection:
            row = _row(desk, route_maps.row(connection, key))
    if args.json:
        output.json_object({**row, "new": there is None, "changes": len(changes)})
    else:
        output.table((_("code"), _("number"), _("name")), [_named(row)], plain=args.plain)
    return exit_codes.OK


def export(args: argparse.Namespace) -> int:
    """Write the file, or standard output."""
    from crm_tui.services.route import route_files

    with opened(args) as desk:
        found = meant(desk, args.map)
    if args.file is not None:
        route_files.write(args.file, found.route, found.code, bpmn=args.bpmn)
    else:
        output.text(route_files.written(found.route, found.code, bpmn=args.bpmn).decode())
    return exit_codes.OK


def enforce(args: argparse.Namespace) -> int:
    """Put the map in force, and say as which version."""
    return _changed(args, "enforce")


def suspend(args: argparse.Namespace) -> int:
    """Take the map out of force."""
    return _changed(args, "suspend")


def diff(args: argparse.Namespace) -> int:
    """Print what differs."""
    from crm_tui.services.route import route_files

    with opened(args) as desk:
        found = meant(desk, args.map)
        if args.versions:
            old, new = (_version(desk, found, number) for number in args.versions)
        elif args.other:
            old, new = found.route, route_files.read(Path(args.other)).route
        else:
            old, new = found.in_force or found.route, found.route
    _print_changes(args, _changes(old, new))
    return exit_codes.OK


def _changed(args: argparse.Namespace, verb: str) -> int:
    from crm_tui.services.route import route_maps

    with at_desk(args) as desk:
        key = meant(desk, args.map).key
        with desk.store.work(desk.actor, f"route_map.{verb}") as work:
            if verb == "enforce":
                route_maps.enforce(work, key)
            else:
                route_maps.suspend(work, key)
        with desk.store.read() as connection:
            row = _row(desk, route_maps.row(connection, key))
    if args.json:
        output.json_object(row)
    else:
        output.line(f"{row['code']}: {_said(row)}")
    return exit_codes.OK


def _there(desk: Desk, code: str) -> Meant | None:
    from crm_tui.domain.errors import NotFound

    try:
        return meant(desk, code) if code else None
    except NotFound:
        return None


def _version(desk: Desk, found: Meant, number: int) -> "Route":
    from crm_tui.domain.errors import NotFound
    from crm_tui.services.route import route_maps

    with desk.store.read() as connection:
        for one in route_maps.versions(connection, found.key):
            if one.number == number:
                return route_maps.route(connection, one.id)
    raise NotFound("no_such_version", number=number)


def _changes(old: "Route", new: "Route") -> "list[Change]":
    from crm_tui.domain.route.route_diff import differences

    return list(differences(old, new))


def _print_changes(args: argparse.Namespace, changes: "list[Change]") -> None:
    from crm_tui.domain.route.route_diff import said

    if args.json:
        output.json_list(
            {
                "what": one.kind.value,
                "point": one.point,
                "setting": one.setting,
                "before": one.before,
                "after": one.after,
                "says": said(one),
            }
            for one in changes
        )
        return
    for one in changes:
        if args.plain:
            output.table((), [(one.kind.value, one.point, one.setting, one.before, one.after)], plain=True)
        else:
            output.line(said(one))


def _named(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["code"], row["number"], row["name"]


def _said(row: dict[str, Any]) -> str:
    """The status in words."""
    from crm_tui.services.route.route_maps import STATUSES

    said = _(STATUSES[row["status"]])
    return _("{status}, draft").format(status=said) if row["draft"] and row["status"] != "draft" else said


def _row(desk: Desk, one: "MapRow") -> dict[str, Any]:
    return {
        "id": one.id,
        "code": one.code,
        "number": one.number,
        "name": one.name,
        "status": one.status,
        "version": one.version_number,
        "draft": one.has_draft,
        "kind": one.kind,
        "object": one.object_kind,
        "starts_on": one.start_event,
        "scenario": one.scenario,
        "shipped": one.shipped,
        "running": one.running,
        "changed": output.iso(one.changed_at, desk.zone),
    }
