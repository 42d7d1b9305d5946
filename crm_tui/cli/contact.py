"""``crm contact``: list, show and add contact persons."""

import argparse
from dataclasses import asdict

from crm_tui.cli import output, party
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm contact``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser("ls", aliases=["list"], help=_("contact persons by name"))
    party.add_listing(listing)
    listing.set_defaults(run=ls)
    showing = commands.add_parser("show", help=_("one contact person with everything that was"))
    showing.add_argument("id", type=int, metavar="ID")
    output.add_format(showing, plain=False)
    showing.set_defaults(run=lambda args: party.print_card(args, "contact"))
    new = commands.add_parser(
        "add", help=_("a contact person from one line; the firm is made where it is new")
    )
    party.add_line(
        new, _("person, firm, e-mail, phone, in any order; - reads one a line from standard input")
    )
    new.set_defaults(run=add)


def ls(args: argparse.Namespace) -> int:
    """Print the list."""
    from crm_tui.store.queries import contacts

    with opened(args) as desk:
        with desk.store.read() as connection:
            ids = contacts.ids(connection, "name", needle=" ".join(args.words), limit=args.limit)
        _print(desk, list(ids), args)
    return 0


def add(args: argparse.Namespace) -> int:
    """Add contact persons and print them."""
    with opened(args) as desk:
        _print(desk, party.made(desk, "contact", args.line), args, one=args.line != "-")
    return 0


def _print(desk: Desk, ids: list[int], args: argparse.Namespace, *, one: bool = False) -> None:
    from crm_tui.store.queries import contacts

    with desk.store.read() as connection:
        rows = party.batches(connection, ids, contacts.rows)
        if args.json and one:
            output.json_object(asdict(next(rows)))
        elif args.json:
            output.json_list(asdict(row) for row in rows)
        else:
            headings = (_("id"), _("name"), _("customer"), _("role"), _("e-mail"), _("phone"))
            cells = ((row.id, row.name, row.customer, row.role, row.email, row.phone) for row in rows)
            output.table(headings, cells, plain=args.plain)
