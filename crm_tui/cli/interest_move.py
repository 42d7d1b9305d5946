"""``crm interest move`` and ``close``: the same verbs as on the board."""

import argparse
import sys
from typing import TYPE_CHECKING

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.domain.errors import CrmError
    from crm_tui.store.tables import State, StateChange
    from crm_tui.store.work import Work


def add_arguments(moving: argparse.ArgumentParser, closing: argparse.ArgumentParser) -> None:
    """Their arguments."""
    moving.add_argument("ids", nargs="+", type=int, metavar="ID")
    moving.add_argument("--to", required=True, metavar="STATE", help=_("code or name of the state"))
    closing.add_argument("ids", nargs="+", type=int, metavar="ID")
    how = closing.add_mutually_exclusive_group(required=True)
    how.add_argument("--won", action="store_true", help=_("as won"))
    how.add_argument("--lost", metavar="REASON", help=_("as lost, for a reason of the list"))
    for parser in (moving, closing):
        parser.add_argument(
            "--comment", default="", metavar="TEXT", help=_("what is to be known of the move")
        )
        parser.add_argument("--status", default="", metavar="TEXT", help=_("how it stands in a few words"))
        output.add_format(parser)
    moving.set_defaults(run=move)
    closing.set_defaults(run=close)


def move(args: argparse.Namespace) -> int:
    """Move Interests to a state of their scenario."""
    return _carry_out(args, "", "")


def close(args: argparse.Namespace) -> int:
    """Close Interests as won or lost."""
    return _carry_out(args, "won" if args.won else "lost", args.lost or "")


def _carry_out(args: argparse.Namespace, outcome: str, reason: str) -> int:
    """What can be moved is; what cannot is told on standard error, and the command fails."""
    from crm_tui.services import messages
    from crm_tui.services.interest import interests
    from crm_tui.services.record import lists

    with opened(args) as desk:
        changes: list[StateChange] = []
        refused: dict[int, CrmError] = {}
        with desk.store.work(desk.actor, "interest.change_state", about=("interest", args.ids)) as work:
            code = lists.code_of(work.connection, "lost_reason", reason)
            for state, ids in _targets(work, args, outcome):
                moved = interests.move_many(
                    work, ids, state.key, args.comment, short_status=args.status, reason=code
                )
                changes += moved.changes
                refused |= moved.refused
        for key, error in refused.items():
            print(f"{key}: {messages.of_error(error)}", file=sys.stderr)
        if args.json:
            output.json_list(
                {"id": one.interest_id, "from": one.from_state_id, "to": one.to_state_id} for one in changes
            )
        else:
            output.table((_("id"),), ((one.interest_id,) for one in changes), plain=args.plain)
    return exit_codes.FAILED if refused else exit_codes.OK


def _targets(work: "Work", args: argparse.Namespace, outcome: str) -> "list[tuple[State, list[int]]]":
    """Each scenario has a state of its own: the states meant, with the Interests that go there."""
    from crm_tui.domain.errors import NotFound, Refused
    from crm_tui.domain.text import fold
    from crm_tui.services.interest import scenarios
    from crm_tui.store.tables import Interest

    by_scenario: dict[int, list[int]] = {}
    for key in dict.fromkeys(args.ids):
        by_scenario.setdefault(work.get(Interest, key).scenario_id, []).append(key)
    found = []
    for scenario_id, ids in by_scenario.items():
        there = scenarios.states(work, scenario_id)
        if outcome:
            meant = [one for one in there if one.outcome == outcome]
            if not meant:
                raise Refused("no_closing_state", outcome=outcome)
        else:
            wanted = fold(args.to)
            meant = [one for one in there if wanted in (one.code, fold(one.name), fold(_(one.name)))]
            if not meant:
                raise NotFound("no_such_state", code=args.to)
        found.append((meant[0], ids))
    return found
