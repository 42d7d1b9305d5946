"""``crm customer``: list, show and add customers."""

import argparse
from typing import TYPE_CHECKING, Any

from crm_tui.cli import output, party
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.store.queries.customers import CustomerRow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm customer``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser("ls", aliases=["list"], help=_("customers by name"))
    party.add_listing(listing)
    listing.add_argument("--kind", metavar="WORD", help=_("only those of this kind, by its name or code"))
    listing.add_argument("--status", metavar="WORD", help=_("only those of this status, by its name or code"))
    listing.add_argument("--mine", action="store_true", help=_("only my own"))
    listing.set_defaults(run=ls)
    showing = commands.add_parser("show", help=_("one customer with everything that was with it"))
    showing.add_argument("id", type=int, metavar="ID")
    output.add_format(showing, plain=False)
    showing.set_defaults(run=lambda args: party.print_card(args, "customer"))
    new = commands.add_parser("add", help=_("a customer and its contact person from one line"))
    party.add_line(
        new, _("person, firm, e-mail, phone, in any order; - reads one a line from standard input")
    )
    new.set_defaults(run=add)


def ls(args: argparse.Namespace) -> int:
    """Print the list."""
    from crm_tui.services.record import lists
    from crm_tui.store.queries import customers

    with opened(args) as desk:
        with desk.store.read() as connection:
            which = customers.Which(
                kind=lists.code_of(connection, "customer_kind", args.kind) if args.kind else None,
                status=lists.code_of(connection, "customer_status", args.status) if args.status else None,
                owner_id=desk.user_id if args.mine else None,
            )
            ids = customers.ids(
                connection, "name", needle=" ".join(args.words), which=which, limit=args.limit
            )
        _print(desk, list(ids), args)
    return 0


def add(args: argparse.Namespace) -> int:
    """Add customers and print them."""
    with opened(args) as desk:
        _print(desk, party.made(desk, "customer", args.line), args, one=args.line != "-")
    return 0


def _print(desk: Desk, ids: list[int], args: argparse.Namespace, *, one: bool = False) -> None:
    from crm_tui.services.record import lists
    from crm_tui.store.queries import customers

    with desk.store.read() as connection:
        rows = party.batches(connection, ids, customers.rows)
        if args.json and one:
            output.json_object(_as_json(next(rows), desk))
        elif args.json:
            output.json_list(_as_json(row, desk) for row in rows)
        else:
            kinds, statuses = (lists.names(connection, name) for name in ("customer_kind", "customer_status"))
            headings = (
                _("id"),
                _("customer"),
                _("city"),
                _("kind"),
                _("status"),
                _("owner"),
                _("last touch"),
            )
            touched = output.iso if args.plain else output.moment
            cells = (
                (
                    row.id,
                    row.name,
                    row.city,
                    row.kind if args.plain else kinds.get(row.kind, row.kind),
                    row.status if args.plain else statuses.get(row.status, row.status),
                    row.owner,
                    touched(row.last_touch, desk.zone),
                )
                for row in rows
            )
            output.table(headings, cells, plain=args.plain)


def _as_json(row: "CustomerRow", desk: Desk) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "city": row.city,
        "kind": row.kind,
        "status": row.status,
        "is_person": row.is_person,
        "owner": row.owner,
        "touch_days": row.touch_days,
        "last_touch": output.iso(row.last_touch, desk.zone),
        "open_interests": row.open_interests,
        "open_sum": [{"currency": currency, "amount_minor": minor} for currency, minor in row.open_sum],
    }
