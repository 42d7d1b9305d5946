"""``crm account login``: a person agrees at the provider, and its refresh token is kept in the keyring or vault."""

import argparse
import sys
import threading
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output, passwords
from crm_tui.cli.opening import opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.store.tables import MailAccount
    from crm_tui.sync.oauth import Endpoints, Tokens


def add_oauth_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm account add`` for accounts without a password."""
    parser.add_argument(
        "--oauth",
        metavar="PROVIDER",
        choices=("microsoft", "google", "yandex"),
        help=_("log in with OAuth: microsoft, google, yandex; then: crm account login NAME"),
    )
    parser.add_argument(
        "--client-id", metavar="ID", help=_("what this program is called at the OAuth provider")
    )
    parser.add_argument(
        "--token-command", metavar="CMD", help=_("program whose first line is an OAuth access token")
    )


def oauth_settings(args: argparse.Namespace) -> dict[str, Any]:
    """Columns of the account. Raises Invalid where the client id is missing."""
    import shlex

    from crm_tui.domain.errors import Invalid

    if args.token_command:
        return {"auth": "oauth", "oauth": {"token_command": shlex.split(args.token_command)}}
    if not args.oauth:
        return {}
    if not args.client_id:
        raise Invalid("client_id_missing")
    return {"auth": "oauth", "oauth": {"provider": args.oauth, "client_id": args.client_id}}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm account login``."""
    parser.add_argument("name", metavar="NAME")
    parser.add_argument(
        "--paste",
        action="store_true",
        help=_("the browser is on another machine: type the address that it came back to"),
    )
    parser.add_argument(
        "--client-secret-stdin",
        action="store_true",
        help=_("read the provider's client secret from standard input first"),
    )
    parser.set_defaults(run=login)


def login(args: argparse.Namespace) -> int:
    """Have the person agree, and keep what came of it."""
    from crm_tui.domain.errors import Refused
    from crm_tui.store.queries import accounts
    from crm_tui.sync import oauth

    with opened(args) as desk:
        with desk.store.read() as connection:
            account = accounts.called(connection, [args.name])[0]
        if account.auth != "oauth":
            raise Refused("account_has_password", account=account.name)
        secrets = passwords.credentials()
        if (account.oauth or {}).get("token_command"):
            secrets.tokens.access(account)
            output.talk(_("The command gives a token."))
            return exit_codes.OK
        secret = sys.stdin.readline().strip() if args.client_secret_stdin else ""
        tokens = _agreed(oauth.endpoints(account.oauth or {}), paste=args.paste, secret=secret)
        place = _kept(secrets, account, tokens, secret)
        with desk.store.work(desk.actor, "account.login") as work:
            work.change(account, password_source=place)
    output.talk(_("Logged in; the access is kept in: {place}").format(place=place))
    return exit_codes.OK


def _kept(secrets: Any, account: "MailAccount", tokens: "Tokens", client_secret: str) -> str:
    name, secret = secrets.tokens.keep(account.address, tokens, client_secret)
    return passwords.keep(secrets, name, secret)


def _agreed(ends: "Endpoints", *, paste: bool, secret: str) -> "Tokens":
    from crm_tui.sync import oauth
    from crm_tui.sync.oauth_loopback import Loopback

    stop = threading.Event()
    if ends.device:
        code = oauth.begin_device(ends)
        output.talk(
            _("Open {address} in any browser and type {code}").format(
                address=code.address, code=code.user_code
            )
        )
        return oauth.wait_for_device(ends, code, stop)
    with Loopback() as loopback:
        request = oauth.begin_browser(ends, loopback.redirect)
        output.talk(_("Open this address in a browser:"))
        output.talk(request.address)
        if paste:
            output.talk(_("Then paste the address that the browser came to, though it shows an error:"))
            came_to = sys.stdin.readline()
        else:
            came_to = loopback.wait(stop)
    return oauth.exchange(ends, request, oauth.code_of(request, came_to), secret)
