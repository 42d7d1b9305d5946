"""``crm map simulate``: every way through a map, and past Interests flown through it (M-05)."""

import argparse
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output
from crm_tui.cli.map_finding import at_desk, meant
from crm_tui.cli.map_report import ENDED
from crm_tui.i18n import N_, _

if TYPE_CHECKING:
    from crm_tui.domain.route.route_map import Route
    from crm_tui.domain.route.route_walk import RouteWalk
    from crm_tui.services.process.process_flown import Replay


ENDINGS = {**ENDED, "stopped": N_("stopped")}
"""How a process ended, beside the points at which it would stand."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("map", metavar="MAP", help=_("code, number or name, or a file"))
    parser.add_argument("--past", action="store_true", help=_("fly past Interests through the map"))
    output.add_limit(parser, _("with --past: at most so many Interests, the newest"))
    output.add_format(parser, plain=False)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what was found; fails where a process could be stuck. A state of the scenario that no process comes to
    is told too: the map may mean it so."""
    from crm_tui.domain.route.route_walk import walk
    from crm_tui.services.route import route_facts

    with at_desk(args) as desk:
        found = meant(desk, args.map)
        with desk.store.read() as connection:
            states = route_facts.known(connection, found.route).states if found.route.scenario else {}
        walked = walk(found.route, list(states))
        replay = None
        if args.past:
            from crm_tui.services.process import process_replay

            with desk.store.read() as connection:
                most = args.limit or process_replay.MOST
                replay = process_replay.replay(connection, found.route, desk.now, limit=most)
    if args.json:
        past = {} if replay is None else {"past": _past(replay)}
        output.json_object({"code": found.code, **_walked(walked), **past})
    else:
        _print(found.route, walked)
        if replay is not None:
            _print_past(replay)
    return exit_codes.FAILED if walked.stuck else exit_codes.OK


def _walked(found: "RouteWalk") -> dict[str, Any]:
    least = {
        name: {
            code: None if one is None else {"touches": one.touches, "steps": one.steps}
            for code, one in of.items()
        }
        for name, of in (("states", found.states), ("points", found.points))
    }
    return {
        **least,
        "ends": [
            {
                "point": one.point,
                "successful": one.successful,
                "asks_reason": one.asks_reason,
                "touches": None if one.least is None else one.least.touches,
            }
            for one in found.ends
        ],
        "stuck": [{"point": one.point, "code": one.code} for one in found.stuck],
        "loops": found.loops,
        "proved": found.proved,
    }


def _print(route: "Route", found: "RouteWalk") -> None:
    from crm_tui.domain.route.route_problem import Problem
    from crm_tui.services.route import route_sentences

    for one in found.stuck:
        output.line(route_sentences.of_problem(route, Problem(one.point, one.code)))
    if not found.proved:
        output.line(_("Too tangled: not every way was looked at."))
    headings = (_("ends at"), _("outcome"), _("least touches"), _("least steps"))
    ends = [
        (
            _name(route, one.point),
            _("successful") if one.successful else _("unsuccessful, asks why"),
            "–" if one.least is None else str(one.least.touches),
            "–" if one.least is None else str(one.least.steps),
        )
        for one in found.ends
    ]
    output.table(headings, ends, plain=False)
    states = [
        (code, "–" if least is None else str(least.touches), "–" if least is None else str(least.steps))
        for code, least in found.states.items()
    ]
    if states:
        output.line("")
        output.table((_("state"), _("least touches"), _("least steps")), states, plain=False)


def _past(replay: "Replay") -> dict[str, Any]:
    return {
        "interests": len(replay.flown),
        "cut": replay.cut,
        "stands": dict(replay.stands),
        "late": dict(replay.broken),
        "letters": [
            {"template": template, "reason": reason, "count": count}
            for (template, reason), count in replay.letters.items()
        ],
        "missing": dict(replay.missing),
        "in_another_state": replay.apart,
    }


def _print_past(replay: "Replay") -> None:
    from crm_tui.services.messages_process import REASONS

    output.line("")
    output.line(_("Past Interests: {count}").format(count=len(replay.flown)))
    for title, counted in (
        (_("would stand at"), replay.stands),
        (_("deadline broken at"), replay.broken),
        (_("missing"), replay.missing),
    ):
        rows = [
            (_(ENDINGS[what]) if what in ENDINGS else what, count) for what, count in counted.most_common()
        ]
        if rows:
            output.line("")
            output.table((title, _("Interests")), rows, plain=False)
    letters = [
        (template, _(REASONS[reason]) if reason in REASONS else reason or _("sent"), count)
        for (template, reason), count in replay.letters.most_common()
    ]
    if letters:
        output.line("")
        output.table((_("letter"), _("would be"), _("times")), letters, plain=False)


def _name(route: "Route", point_id: str) -> str:
    point = route.by_id.get(point_id)
    return point_id if point is None else point.name or point_id
