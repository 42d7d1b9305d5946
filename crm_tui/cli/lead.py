"""``crm lead``: list, show, add leads, and make customers of them."""

import argparse
from typing import TYPE_CHECKING, Any

from crm_tui.cli import output, party
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.store.queries.leads import LeadRow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm lead``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser("ls", aliases=["list"], help=_("open leads, the newest first"))
    party.add_listing(listing)
    listing.add_argument("--all", action="store_true", help=_("converted and lost ones too"))
    listing.set_defaults(run=ls)
    showing = commands.add_parser("show", help=_("one lead with everything that was with it"))
    showing.add_argument("id", type=int, metavar="ID")
    output.add_format(showing, plain=False)
    showing.set_defaults(run=lambda args: party.print_card(args, "lead"))
    new = commands.add_parser("add", help=_("a lead from one line"))
    party.add_line(
        new, _("person, firm, e-mail, phone, in any order; - reads one a line from standard input")
    )
    new.set_defaults(run=add)
    converting = commands.add_parser("convert", help=_("make a customer and a contact person of a lead"))
    converting.add_argument("id", type=int, metavar="ID")
    converting.add_argument("--customer", type=int, metavar="ID", help=_("the customer it belongs to"))
    converting.add_argument("--name", default="", metavar="TEXT", help=_("name of the new customer"))
    output.add_format(converting, plain=False)
    converting.set_defaults(run=convert)


def ls(args: argparse.Namespace) -> int:
    """Print the list."""
    from crm_tui.store.queries import leads

    with opened(args) as desk:
        with desk.store.read() as connection:
            ids = leads.ids(
                connection,
                "created",
                descending=True,
                needle=" ".join(args.words),
                status=None if args.all else "open",
                limit=args.limit,
            )
        _print(desk, list(ids), args)
    return 0


def add(args: argparse.Namespace) -> int:
    """Add leads and print them."""
    with opened(args) as desk:
        _print(desk, party.made(desk, "lead", args.line), args, one=args.line != "-")
    return 0


def convert(args: argparse.Namespace) -> int:
    """Make a customer of a lead and say which."""
    from crm_tui.services.party import lead_conversion
    from crm_tui.store.queries import party_cards

    with opened(args) as desk:
        with desk.store.work(desk.actor, "lead.convert", about=("lead", [args.id])) as work:
            made = lead_conversion.convert(work, args.id, customer_id=args.customer, name=args.name)
        with desk.store.read() as connection:
            name = party_cards.name_of(connection, "customer", made.customer_id)
        if args.json:
            output.json_object(
                {"customer_id": made.customer_id, "contact_id": made.contact_id, "customer": name}
            )
        else:
            output.line(_("Customer {id}: {name}").format(id=made.customer_id, name=name))
    return 0


def _print(desk: Desk, ids: list[int], args: argparse.Namespace, *, one: bool = False) -> None:
    from crm_tui.store.queries import leads

    with desk.store.read() as connection:
        rows = party.batches(connection, ids, leads.rows)
        if args.json and one:
            output.json_object(_as_json(next(rows), desk))
        elif args.json:
            output.json_list(_as_json(row, desk) for row in rows)
        else:
            headings = (_("id"), _("name"), _("company"), _("city"), _("status"), _("owner"))
            cells = ((row.id, row.name, row.company, row.city, row.status, row.owner) for row in rows)
            output.table(headings, cells, plain=args.plain)


def _as_json(row: "LeadRow", desk: Desk) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "company": row.company,
        "city": row.city,
        "source": row.source,
        "status": row.status,
        "owner": row.owner,
        "created": output.iso(row.created_at, desk.zone),
        "last_touch": output.iso(row.last_touch, desk.zone),
        "open_interests": row.open_interests,
    }
