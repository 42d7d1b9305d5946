"""``crm task``: add, list and finish tasks."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from crm_tui.cli import output
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.domain.task.urgency import Urgency
    from crm_tui.store.queries.tasks import TaskRow

_BATCH = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm task``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    new = commands.add_parser("add", help=_("a new task; its title may hold the due date in words"))
    new.add_argument("title", metavar="TEXT", help=_("title; - reads one task a line from standard input"))
    new.add_argument("--due", metavar="WORDS", help=_("due date in words, or in figures"))
    new.add_argument("--interest", type=int, metavar="ID", help=_("the Interest it belongs to"))
    output.add_format(new)
    new.set_defaults(run=add)
    listing = commands.add_parser("ls", aliases=["list"], help=_("my open tasks, the next due first"))
    listing.add_argument("--interest", type=int, metavar="ID", help=_("only those of this Interest"))
    listing.add_argument(
        "--sort", choices=("due", "urgency"), default="due", help=_("the next due or the most pressing first")
    )
    output.add_limit(listing, _("at most so many"))
    output.add_format(listing)
    listing.set_defaults(run=ls)
    finish = commands.add_parser("done", help=_("tasks are done"))
    finish.add_argument("ids", nargs="+", type=int, metavar="ID")
    finish.add_argument("--result", default="", metavar="TEXT", help=_("what came of it"))
    output.add_format(finish)
    finish.set_defaults(run=done)


def add(args: argparse.Namespace) -> int:
    """Add tasks, all or none of them, and print them."""
    from crm_tui.screens.task.task_dates import due_of, typed_due
    from crm_tui.services.task import tasks
    from crm_tui.store.tables import Interest

    lines = sys.stdin.read().splitlines() if args.title == "-" else [args.title]
    with opened(args) as desk:
        made = []
        with desk.store.work(desk.actor, "task.add") as work:
            if args.interest is not None:
                work.get(Interest, args.interest)
            for line in filter(str.strip, lines or [""]):
                if args.due is None:
                    title, due_at, all_day = due_of(line, desk.now, desk.zone)
                else:
                    title, (due_at, all_day) = line, typed_due(args.due, desk.now, desk.zone)
                task = tasks.add(
                    work,
                    title,
                    assignee_id=desk.user_id,
                    due_at=due_at,
                    due_all_day=all_day,
                    interest_id=args.interest,
                )
                made.append(task.key)
        _print(desk, made, args, one=args.title != "-")
    return 0


def ls(args: argparse.Namespace) -> int:
    """Print the open tasks."""
    from crm_tui.store.queries import task_urgency, tasks

    with opened(args) as desk:
        with desk.store.read() as connection:
            if args.interest is None:
                ids: Iterable[int] = tasks.ids_by_due(connection, desk.user_id)
            else:
                ids = [row.id for row in tasks.of_interest(connection, args.interest)]
        if args.sort == "urgency":
            ids = list(ids)
            ids = task_urgency.sorted_by_urgency(ids, _urgencies(desk, ids))
        _print(desk, list(islice(ids, args.limit)), args)
    return 0


def done(args: argparse.Namespace) -> int:
    """Finish tasks, all or none of them."""
    from crm_tui.services.task import tasks

    with opened(args) as desk:
        ids = list(dict.fromkeys(args.ids))
        with desk.store.work(desk.actor, "task.done", about=("task", ids)) as work:
            for task_id in ids:
                tasks.done(work, task_id, args.result)
        _print(desk, ids, args)
    return 0


def _print(desk: Desk, ids: list[int], args: argparse.Namespace, *, one: bool = False) -> None:
    found = list(_rows(desk, ids))
    urgencies = _urgencies(desk, ids)
    if args.json and one:
        output.json_object(_as_json(found[0], desk, urgencies))
    elif args.json:
        output.json_list(_as_json(row, desk, urgencies) for row in found)
    else:
        headings = (_("id"), _("due"), _("title"), _("Interest"), _("customer"), _("urgency"))
        output.table(headings, (_as_cells(row, desk, urgencies) for row in found), plain=args.plain)


def _urgencies(desk: Desk, ids: list[int]) -> "dict[int, Urgency]":
    from crm_tui import config
    from crm_tui.store.queries import task_urgency

    with desk.store.read() as connection:
        return task_urgency.of_tasks(connection, ids, desk.now, config.load().config.urgency)


def _rows(desk: Desk, ids: list[int]) -> "Iterator[TaskRow]":
    from crm_tui.store.queries import tasks

    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        with desk.store.read() as connection:
            found = tasks.rows(connection, batch)
        yield from (found[task_id] for task_id in batch if task_id in found)


def _as_json(row: "TaskRow", desk: Desk, urgencies: "dict[int, Urgency]") -> dict[str, Any]:
    urgency = urgencies.get(row.id)
    return {
        "id": row.id,
        "title": row.title,
        "status": row.status,
        "due": _due(row, desk),
        "due_all_day": row.due_all_day,
        "priority": row.priority,
        "kind": row.kind,
        "interest_id": row.interest_id,
        "interest": row.interest,
        "customer": row.customer,
        "urgency": None if urgency is None else round(urgency.figure, 2),
        "urgency_terms": {}
        if urgency is None
        else {name: round(one, 2) for name, one in urgency.terms if round(one, 2)},
    }


def _due(row: "TaskRow", desk: Desk) -> str | None:
    """An instant, or the date alone of a task that is due on a whole day (kept as the end of that day)."""
    if row.due_at is not None and row.due_all_day:
        return (row.due_at - timedelta(seconds=1)).astimezone(desk.zone).date().isoformat()
    return output.iso(row.due_at, desk.zone)


def _as_cells(row: "TaskRow", desk: Desk, urgencies: "dict[int, Urgency]") -> tuple[object, ...]:
    from crm_tui.screens.wording import due_text

    due = due_text(row.due_at, desk.now, desk.zone, all_day=row.due_all_day)
    pressing = f"{urgencies[row.id].figure:.1f}" if row.id in urgencies else ""
    return row.id, due, row.title, row.interest, row.customer, pressing
