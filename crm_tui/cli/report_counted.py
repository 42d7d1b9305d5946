"""``crm report reasons`` and ``crm report activity``: why Interests ended, and what everybody did (KZ-15, KZ-17)."""

import argparse
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import opened
from crm_tui.cli.report_choice import add_period, period_of, scenario_of
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.store.queries.report_figures import Closed, Doings


def add_arguments(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The two commands, among those of ``crm report``."""
    ended = commands.add_parser("reasons", help=_("how many Interests were won, and lost for which reason"))
    ended.add_argument("--scenario", metavar="NAME", help=_("code or name; the first scenario without it"))
    done = commands.add_parser(
        "activity", help=_("calls, meetings, letters, tasks and Interests of everybody")
    )
    for made, act in ((ended, reasons), (done, activity)):
        add_period(made)
        output.add_format(made)
        made.set_defaults(run=act)


def reasons(args: argparse.Namespace) -> int:
    """Print won ones, then lost ones, the most frequent reason first."""
    from crm_tui.domain.money import Money, as_typed
    from crm_tui.services.record import lists
    from crm_tui.store.queries import report_figures

    with opened(args) as desk, desk.store.read() as connection:
        key = scenario_of(connection, args.scenario)[0]
        found = report_figures.closed(connection, key, period_of(args, desk))
        words = lists.names(connection, "lost_reason")

    def sums(one: "Closed") -> str:
        return " + ".join(
            f"{as_typed(Money(minor, code))} {code}" for code, minor in sorted(one.sums.items())
        )

    if args.json:
        output.json_list(
            {
                "outcome": one.outcome,
                "reason": one.reason,
                "number": len(one.ids),
                "ids": one.ids,
                "sums": one.sums,
            }
            for one in found
        )
    else:
        names = {"won": _("won"), "lost": _("lost")}
        headings = (_("outcome"), _("reason"), _("Interests"), _("amount"))
        cells = (
            (names.get(one.outcome, one.outcome), words.get(one.reason, one.reason), len(one.ids), sums(one))
            for one in found
        )
        output.table(headings, cells, plain=args.plain)
    return exit_codes.OK


def activity(args: argparse.Namespace) -> int:
    """Print a line for everybody who works here."""
    from crm_tui.store.queries import report_figures

    with opened(args) as desk, desk.store.read() as connection:
        found = report_figures.doings(connection, period_of(args, desk))
    if args.json:
        output.json_list({"name": one.name, **_numbers(one)} for one in found)
    else:
        headings = (
            _("name"), _("calls"), _("meetings"), _("letters"), _("tasks"), _("Interests"), _("won"),
        )  # fmt: skip
        output.table(headings, ((one.name, *_numbers(one).values()) for one in found), plain=args.plain)
    return exit_codes.OK


def _numbers(one: "Doings") -> dict[str, Any]:
    return {
        "calls": len(one.calls), "meetings": len(one.meetings), "letters_sent": len(one.letters),
        "tasks_done": len(one.tasks), "interests_made": len(one.made), "interests_won": len(one.won),
    }  # fmt: skip
