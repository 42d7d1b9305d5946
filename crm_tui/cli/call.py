"""``crm call``: a telephone exchange or a softphone says that a call is on, has ended, or was missed (ELP-02, B5).

In the dial plan of Asterisk, for instance: ``System(crm call "${CALLERID(num)}" --user olga)``, and on its ``h``
extension the same with ``--ended``, or ``--missed`` where ``${DIALSTATUS}`` is not ``ANSWER``. What is printed says
whose customer it is, for an exchange that puts calls through.
"""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.services.party.phone_lookup import Caller


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm call``."""
    parser.add_argument(
        "number", metavar="NUMBER", help=_("who calls: a number, in any form that telephones use")
    )
    over = parser.add_mutually_exclusive_group()
    over.add_argument("--ended", action="store_true", help=_("the talk is over: ask what was said"))
    over.add_argument(
        "--missed",
        action="store_true",
        help=_("nobody took it: note that, and tell whoever the caller belongs to, else you, to call back"),
    )
    parser.add_argument(
        "--user",
        default="",
        metavar="LOGIN",
        help=_("whose telephone it is; without it yours, or where the call rang"),
    )
    output.add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Tell the program that is open, and print who may be calling. Raises Invalid."""
    from crm_tui.services.interaction import telephony
    from crm_tui.services.record import field_setting
    from crm_tui.store.work import Actor

    with opened(args) as desk:
        if args.missed:  # noted by the telephone: no act of a person, whose u would take it back
            tell, unit = telephony.call_missed, desk.store.work(Actor.program("call"), "call.missed")
        elif args.ended:
            tell, unit = telephony.call_ended, desk.store.facts("call.ended")
        else:
            tell, unit = telephony.call_on, desk.store.facts("call.on")
        with unit as work:
            user_id = desk.user_id
            if args.user:
                user_id = field_setting.user_named(work.connection, args.user)
            elif args.ended or args.missed:
                user_id = telephony.rang_at(work.connection, args.number, work.now) or user_id
            callers = tell(work, user_id, args.number)
        with desk.store.read() as connection:
            owners = [telephony.owner_of(connection, one) for one in callers]
    _print(args, callers, owners)
    return exit_codes.OK


def _print(args: argparse.Namespace, callers: "Sequence[Caller]", owners: Sequence[str]) -> None:
    found = list(zip(callers, owners, strict=True))
    if args.json:
        told = [
            {"kind": one.kind, "id": one.id, "name": one.name, "firm": one.firm, "owner": owner}
            for one, owner in found
        ]
        output.json_object({"callers": told})
        return
    headings = (_("kind"), _("id"), _("name"), _("firm"), _("number"), _("owner"))
    rows = [(one.kind, one.id, one.name, one.firm, one.number, owner) for one, owner in found]
    output.table(headings, rows, plain=args.plain)
