"""``crm account``: the mail accounts of this store."""

import argparse
import shlex
import sys
from typing import TYPE_CHECKING, Any

from crm_tui.cli import account_login, exit_codes, output, passwords
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.services.account.providers import Provider
    from crm_tui.store.tables import MailAccount

SECURITIES = ("tls", "starttls", "none")
_PORTS = {
    "imap": {"tls": 993, "starttls": 143, "none": 143},
    "pop3": {"tls": 995, "starttls": 110, "none": 110},
    "smtp": {"tls": 465, "starttls": 587, "none": 25},
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm account``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    new = commands.add_parser(
        "add", help=_("a new account; servers of well-known providers are found by the address")
    )
    new.add_argument("name", metavar="NAME", help=_("what the account is called here"))
    new.add_argument("address", metavar="ADDRESS", help=_("its e-mail address"))
    new.add_argument(
        "--provider", metavar="NAME", help=_("use the servers of this provider: gmail, yandex …")
    )
    new.add_argument("--sender-name", default="", metavar="TEXT", help=_("the name that letters are from"))
    new.add_argument(
        "--kind", choices=("imap", "pop3"), default="imap", help=_("how mail is fetched; pop3 has no folders")
    )
    new.add_argument(
        "--keep-on-server-days",
        type=int,
        metavar="N",
        help=_("pop3: delete a letter there N days after it was fetched; else it stays"),
    )
    for kind in _PORTS:
        server = kind.upper()
        new.add_argument(f"--{kind}-host", metavar="HOST", help=_("{server} server").format(server=server))
        new.add_argument(f"--{kind}-port", type=int, metavar="PORT", help=_("its port"))
        new.add_argument(
            f"--{kind}-security", choices=SECURITIES, help=_("its encryption; none only on this machine")
        )
        new.add_argument(f"--{kind}-user", metavar="NAME", help=_("login name; else the address"))
    new.add_argument("--ca-file", metavar="FILE", help=_("certificate authority of the servers' own"))
    secret = new.add_mutually_exclusive_group()
    secret.add_argument(
        "--password-command", metavar="CMD", help=_("program whose first line is the password")
    )
    secret.add_argument(
        "--password-stdin", action="store_true", help=_("read the password from standard input")
    )
    account_login.add_oauth_arguments(new)
    new.add_argument(
        "--move-accepted",
        action="store_true",
        help=_("move accepted inquiries to the folder for processed ones"),
    )
    new.add_argument(
        "--decline-needs-reason", action="store_true", help=_("ask for a reason when a letter is declined")
    )
    new.set_defaults(run=add)
    testing = commands.add_parser("test", help=_("log in to its servers and change nothing"))
    testing.add_argument("name", metavar="NAME")
    output.add_format(testing)
    testing.set_defaults(run=test)
    listing = commands.add_parser(
        "list", aliases=["ls"], help=_("all accounts, with their last success or fault")
    )
    output.add_format(listing)
    listing.set_defaults(run=ls)
    changing = commands.add_parser(
        "password", help=_("keep another password, asked for or from standard input")
    )
    changing.add_argument("name", metavar="NAME")
    changing.set_defaults(run=password)
    account_login.add_arguments(
        commands.add_parser("login", help=_("agree at the OAuth provider that this program reads and sends"))
    )
    removing = commands.add_parser("remove", help=_("stop using it; its letters stay here and on the server"))
    removing.add_argument("name", metavar="NAME")
    removing.set_defaults(run=remove)


def add(args: argparse.Namespace) -> int:
    """Add an account; its password goes into the keyring or the vault, never into the store."""
    from crm_tui.domain.errors import Invalid
    from crm_tui.services.account import accounts, providers
    from crm_tui.store.tables import MailAccount

    provider = providers.by_name(args.provider) if args.provider else providers.by_address(args.address)
    if args.provider and provider is None:
        known = ", ".join(one.name for one in providers.PROVIDERS)
        raise Invalid("no_such_provider", name=args.provider, known=known)
    settings = _settings(args, provider)
    with opened(args) as desk:
        accounts.check(MailAccount(name=args.name, address=args.address, **{"imap_user": "", **settings}))
        if not args.password_command and settings.get("auth") != "oauth":
            settings["password_source"] = _kept(args.address, from_stdin=args.password_stdin)
        with desk.store.work(desk.actor, "account.add") as work:
            account = accounts.add(work, args.name, args.address, **settings)
    output.line(account.name)
    if provider is not None and provider.note:
        output.talk(f"{provider.name}: {_(provider.note)}")
    output.talk(_("See whether it works: crm account test {name}").format(name=shlex.quote(account.name)))
    return exit_codes.OK


def test(args: argparse.Namespace) -> int:
    """Log in to the IMAP and SMTP servers and print the folders."""
    from crm_tui.sync.accounts import check_account

    with opened(args) as desk:
        found = check_account(_account(desk, args.name), passwords.credentials())
    if args.json:
        folders = [
            {"folder": one.name, "role": one.role, "subscribed": one.subscribed, "total": one.messages}
            for one in found.folders
        ]
        output.json_object(
            {"account": args.name, "folders": folders, "capabilities": list(found.capabilities)}
        )
    else:
        cells = ((one.messages, one.name, one.role) for one in found.folders)
        output.table((_("total"), _("folder"), _("role")), cells, plain=args.plain)
    return exit_codes.OK


def ls(args: argparse.Namespace) -> int:
    """Print the accounts."""
    from crm_tui.services.account.last_fault import last_fault
    from crm_tui.store.queries import accounts

    with opened(args) as desk, desk.store.read() as connection:
        found = accounts.in_use(connection)
        if args.json:
            output.json_list(_as_json(one, desk) for one in found)
            return exit_codes.OK
        headings = (_("name"), _("address"), _("IMAP server"), _("last success"), _("fault"))
        cells = (
            (
                one.name,
                one.address,
                f"{one.imap_host}:{one.imap_port}",
                output.moment(one.last_success_at, desk.zone),
                one.last_error if args.plain else last_fault(one),
            )
            for one in found
        )
        output.table(headings, cells, plain=args.plain)
    return exit_codes.OK


def password(args: argparse.Namespace) -> int:
    """Keep another password."""
    with opened(args) as desk:
        account = _account(desk, args.name)
        place = _kept(account.address, from_stdin=not sys.stdin.isatty())
        with desk.store.work(desk.actor, "account.change") as work:
            work.change(account, password_source=place, password_command=None)
    return exit_codes.OK


def remove(args: argparse.Namespace) -> int:
    """Stop using an account, and forget its password."""
    from crm_tui.services.account import accounts
    from crm_tui.sync.credentials import Credentials

    with opened(args) as desk:
        account = _account(desk, args.name)
        with desk.store.work(desk.actor, "account.remove") as work:
            accounts.remove(work, account.key)
        secrets = Credentials()
        for name in (account.address, secrets.tokens.name_of(account.address)):
            secrets.forget(name)
    return exit_codes.OK


def _account(desk: Desk, name: str) -> "MailAccount":
    from crm_tui.store.queries import accounts

    with desk.store.read() as connection:
        return accounts.called(connection, [name])[0]


def _settings(args: argparse.Namespace, provider: "Provider | None") -> dict[str, Any]:
    """Columns of the account: what is told, over what the provider is known for."""
    settings = {} if provider is None else provider.settings(args.kind)
    for column, server in (
        ("imap", args.kind),
        ("smtp", "smtp"),
    ):  # the columns of the incoming server are shared
        told = {part: getattr(args, f"{server}_{part}") for part in ("host", "port", "security", "user")}
        settings.update({f"{column}_{part}": value for part, value in told.items() if value is not None})
        security = settings.get(f"{column}_security", "tls" if column == "imap" else None)
        if security in _PORTS[server] and told["port"] is None:
            settings[f"{column}_port"] = _PORTS[server][security]
    if args.ca_file is not None:
        settings["ca_file"] = args.ca_file
    settings.setdefault("imap_host", "")
    settings["kind"] = args.kind
    settings["keep_on_server_days"] = args.keep_on_server_days
    settings |= account_login.oauth_settings(args)
    settings["sender_name"] = args.sender_name
    settings["move_accepted"] = args.move_accepted
    settings["decline_needs_reason"] = args.decline_needs_reason
    if args.password_command:
        settings["password_source"] = "command"
        settings["password_command"] = shlex.split(args.password_command)
    return settings


def _kept(address: str, *, from_stdin: bool) -> str:
    """Take a password and keep it; ``ask`` where there is none, else the place."""
    secret = passwords.taken(address, from_stdin=from_stdin)
    return "ask" if secret is None else passwords.keep(passwords.credentials(), address, secret)


def _as_json(one: "MailAccount", desk: Desk) -> dict[str, Any]:
    return {
        "id": one.key,
        "name": one.name,
        "address": one.address,
        "kind": one.kind,
        one.kind: {
            "host": one.imap_host, "port": one.imap_port, "security": one.imap_security, "user": one.imap_user,
        },
        "smtp": {
            "host": one.smtp_host, "port": one.smtp_port, "security": one.smtp_security, "user": one.smtp_user,
        },
        "auth": one.auth,
        "password_source": one.password_source,
        "last_success": output.iso(one.last_success_at, desk.zone),
        "last_error": one.last_error,
        "last_error_at": output.iso(one.last_error_at, desk.zone),
    }  # fmt: skip
