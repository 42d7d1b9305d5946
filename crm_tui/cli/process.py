"""``crm process``: what runs, start it, complete its steps, end it early."""

import argparse
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.services.process.process_list import History, Standing
    from crm_tui.store.work import Work

CARDS = ("interest", "customer", "contact", "lead", "document")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm process``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser(
        "ls", aliases=["list"], help=_("processes that run, and the steps they wait at")
    )
    listing.add_argument("--interest", type=int, metavar="ID", help=_("only those of this Interest"))
    output.add_format(listing)
    listing.set_defaults(run=ls)
    showing = commands.add_parser("show", help=_("where a process stands, what is missing, what happened"))
    _add_process(showing)
    output.add_format(showing, plain=False)
    showing.set_defaults(run=show)
    starting = commands.add_parser("start", help=_("start a process of a map in force on a card"))
    starting.add_argument("map", metavar="MAP", help=_("code, number or name"))
    card = starting.add_mutually_exclusive_group(required=True)
    for kind in CARDS:
        card.add_argument(f"--{kind}", type=int, metavar="ID")
    output.add_format(starting)
    starting.set_defaults(run=start)
    doing = commands.add_parser("do", help=_("complete the step that a process waits at"))
    _add_process(doing)
    doing.add_argument("--step", default="", metavar="NAME", help=_("which one, where it waits at several"))
    doing.add_argument("--outcome", default="", metavar="NAME", help=_("by code or by name"))
    doing.add_argument("--result", default="", metavar="TEXT", help=_("what came of it"))
    _add_reason(doing)
    output.add_format(doing)
    doing.set_defaults(run=do)
    ending = commands.add_parser("terminate", help=_("end a process early"))
    _add_process(ending)
    _add_reason(ending)
    output.add_format(ending)
    ending.set_defaults(run=terminate)
    resuming = commands.add_parser("resume", help=_("let a process that was stopped go on"))
    _add_process(resuming)
    output.add_format(resuming)
    resuming.set_defaults(run=resume)


def _add_process(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("process", type=int, metavar="ID", help=_("the process"))


def _add_reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", default="", metavar="WORD", help=_("why it failed, a word of the list"))
    parser.add_argument("--comment", default="", metavar="TEXT", help=_("more about it"))


def ls(args: argparse.Namespace) -> int:
    """Print what runs."""
    with opened(args) as desk:
        _print(desk, args, interest_id=args.interest)
    return exit_codes.OK


def show(args: argparse.Namespace) -> int:
    """Print where the process stands, and where it has been."""
    from crm_tui.services.process import process_list

    with opened(args) as desk:
        with desk.store.read() as connection:
            found = process_list.history(connection, args.process)
        if args.json:
            output.json_object(_history_as_json(found, desk))
            return exit_codes.OK
        output.line(f"{found.title}: {found.status} {found.reason} {found.comment}".rstrip())
        for one in found.entries:
            left = _when(one.left_at, desk) or _("waits")
            parts = (one.point, one.performer, one.outcome, one.result, *one.missing)
            said = " · ".join(part for part in parts if part)
            output.line(f"{_when(one.entered_at, desk)} – {left}  {said}")
    return exit_codes.OK


def start(args: argparse.Namespace) -> int:
    """Start a process and print where it waits."""
    from crm_tui.cli.map_finding import meant
    from crm_tui.services.process import processes

    kind = next(one for one in CARDS if getattr(args, one) is not None)
    with opened(args) as desk:
        found = meant(desk, args.map)
        about = kind, [getattr(args, kind)]
        with desk.store.work(desk.actor, "process.start", about=about) as work:
            made = processes.start(work, found.key, kind, getattr(args, kind))
        _print(desk, args, process_id=made.key)
    return exit_codes.OK


def do(args: argparse.Namespace) -> int:
    """Complete a step and print where the process waits then."""
    from crm_tui.services.process import processes
    from crm_tui.services.record import lists

    with opened(args) as desk:
        with desk.store.work(desk.actor, "process.do", about=("process", [args.process])) as work:
            token, outcome = _meant(work, args.process, args.step, args.outcome)
            reason = lists.code_of(work.connection, "lost_reason", args.reason)
            then = processes.complete(
                work, args.process, token, outcome, args.result, reason=reason, comment=args.comment
            )
        _print(desk, args, process_id=args.process)
    if then.status != "stopped":
        return exit_codes.OK
    output.talk(
        _("The step is still open: the process was stopped, for it goes in circles or no way on holds.")
    )
    return exit_codes.FAILED


def terminate(args: argparse.Namespace) -> int:
    """End a process early."""
    from crm_tui.services.process import processes
    from crm_tui.services.record import lists

    with opened(args) as desk:
        with desk.store.work(desk.actor, "process.terminate", about=("process", [args.process])) as work:
            reason = lists.code_of(work.connection, "lost_reason", args.reason)
            processes.terminate(work, args.process, reason, args.comment)
        _print(desk, args, process_id=args.process)
    return exit_codes.OK


def resume(args: argparse.Namespace) -> int:
    """Let a process go on and print where it waits."""
    from crm_tui.services.process import processes

    with opened(args) as desk:
        with desk.store.work(desk.actor, "process.resume", about=("process", [args.process])) as work:
            processes.resume(work, args.process)
        _print(desk, args, process_id=args.process)
    return exit_codes.OK


def _meant(work: "Work", process_id: int, step: str, outcome: str) -> tuple[int, str]:
    """The token of the step, and the code of the outcome."""
    from crm_tui.domain.errors import Invalid, Refused
    from crm_tui.domain.text import clean, fold
    from crm_tui.services.process import process_view

    wanted = fold(step)
    steps = process_view.of_process(work.connection, process_id).steps
    steps = tuple(one for one in steps if not wanted or wanted in fold(one.name))
    if not steps:
        raise Refused("token_not_waiting", token=0)
    if len(steps) > 1:
        raise Invalid("step_of_several", steps=", ".join(one.name for one in steps))
    (one,) = steps
    codes = [each.code for each in one.outcomes if fold(outcome) in (each.code, fold(each.name))]
    if outcome and not codes:
        raise Invalid("outcome_unknown", outcome=clean(outcome))
    return one.token, codes[0] if outcome else ""


def _print(
    desk: Desk, args: argparse.Namespace, *, interest_id: int | None = None, process_id: int | None = None
) -> None:
    from crm_tui.services.process import process_list

    with desk.store.read() as connection:
        rows = process_list.standing(connection, interest_id=interest_id, process_id=process_id)
    if args.json:
        output.json_list(_as_json(row, desk) for row in rows)
        return
    headings = (_("id"), _("map"), _("card"), _("waits at"), _("performer"), _("due"))
    cells = (
        (row.process_id, row.title, row.card, row.point, row.performer, _when(row.due_at, desk))
        for row in rows
    )
    output.table(headings, cells, plain=args.plain)


def _when(at: datetime | None, desk: Desk) -> str:
    return f"{at.astimezone(desk.zone):%Y-%m-%d %H:%M}" if at is not None else ""


def _history_as_json(found: "History", desk: Desk) -> dict[str, Any]:
    times = ("started_at", "ended_at")
    said = {name: value for name, value in asdict(found).items() if name not in (*times, "entries")}
    entries = [
        asdict(one)
        | {name: output.iso(getattr(one, name), desk.zone) for name in ("entered_at", "left_at", "due_at")}
        for one in found.entries
    ]
    return said | {name: output.iso(getattr(found, name), desk.zone) for name in times} | {"entries": entries}


def _as_json(row: "Standing", desk: Desk) -> dict[str, Any]:
    return {
        "id": row.process_id,
        "map": row.title,
        "status": row.status,
        "object_kind": row.object_kind,
        "object_id": row.object_id,
        "card": row.card,
        "token": row.token,
        "waits_at": row.point,
        "kind": row.kind,
        "performer": row.performer,
        "due_at": output.iso(row.due_at, desk.zone),
    }
