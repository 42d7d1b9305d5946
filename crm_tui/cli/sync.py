"""``crm sync``: get and send mail once, or until it is interrupted."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_tui.cli import exit_codes, output, passwords
from crm_tui.cli.opening import Desk, opened
from crm_tui.domain.errors import CrmError, NotFound
from crm_tui.i18n import N_, _

if TYPE_CHECKING:
    from crm_tui.store.tables import MailAccount
    from crm_tui.sync.accounts import AccountResult, Report
    from crm_tui.sync.credentials import Credentials
    from crm_tui.sync.passing import Progress
    from crm_tui.sync.scheduler import AccountStatus

STAGES = {
    "folders": N_("folders"),
    "headers": N_("headers"),
    "bodies": N_("letters"),
    "changes": N_("changes"),
}
WAIT_SECONDS = 1.0
JOIN_SECONDS = 2.0
_COUNTS = ("new", "changed", "gone", "bodies", "pushed", "unreadable")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm sync``."""
    parser.add_argument(
        "--once", action="store_true", help=_("one pass over each account; else until interrupted")
    )
    parser.add_argument(
        "--account", action="append", metavar="NAME", help=_("only this account; may be given several times")
    )
    output.add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Sync. One account's trouble never keeps another from its mail; the exit code tells of the worst."""
    from crm_tui.services.process import process_tick
    from crm_tui.store.queries import accounts
    from crm_tui.sync import texting

    with opened(args) as desk:
        with desk.store.read() as connection:
            chosen = accounts.called(connection, args.account or ())
        if not chosen:
            raise NotFound("no_accounts")
        secrets = passwords.credentials()
        if args.once:
            process_tick.run(desk.store)  # before the letters: of what is late one may tell
            texting.send_due(desk.store)
            report, troubles = sync_chosen(desk, chosen, secrets)
            _print(report, args)
            return exit_codes.of_errors(troubles)
        return run_scheduler(desk, chosen, secrets, account_ids=[account.key for account in chosen])


def sync_chosen(
    desk: Desk, chosen: "list[MailAccount]", secrets: "Credentials"
) -> "tuple[Report, list[CrmError]]":
    """Send what is due and make one pass over each account; troubles are said on standard error, and answered."""
    from crm_tui.services import messages
    from crm_tui.sync.accounts import sync_once
    from crm_tui.sync.outbox import release, send_due

    names = {account.key: account.name for account in chosen}
    _ask_before(chosen, secrets)
    progress = _Line(names)
    # Letters are sent first: their copies reach the server's folder for sent ones in the same pass.
    release(desk.store, list(names), by_hand=True)
    sent = send_due(desk.store, secrets, account_ids=list(names))
    try:
        report = sync_once(desk.store, list(names), credentials=secrets, progress=progress.tell)
    finally:  # also when it is interrupted
        progress.clear()
    troubles: list[CrmError] = []
    for result in report.results:
        if result.error is not None:
            output.talk(f"{result.name}: {messages.of_error(result.error)}")
            troubles.append(result.error)
    for outbox_id, error in sent.items():
        if error is not None:
            output.talk(_("letter {id}: {reason}").format(id=outbox_id, reason=messages.of_error(error)))
            troubles.append(error)
    return report, troubles


def _print(report: "Report", args: argparse.Namespace) -> None:
    if args.json:
        output.json_list(_as_json(result) for result in report.results)
    else:
        headings = (_("new"), _("changed"), _("gone"), _("sent changes"), _("account"))
        cells = (
            (c.new, c.changed, c.gone, c.pushed, one.name) for one in report.results for c in (one.counts,)
        )
        output.table(headings, cells, plain=args.plain)


def _ask_before(chosen: "list[MailAccount]", secrets: "Credentials") -> None:
    """Ask for what is missing before the passes begin, and never after: their progress and a question would mix."""
    if secrets.ask is None:
        return
    for account in chosen:
        if not account.password_command:
            try:
                secrets.password(account.address)
            except CrmError:
                continue  # told by the pass of this account
    secrets.ask = None


def run_scheduler(
    desk: Desk,
    chosen: "list[MailAccount]",
    secrets: "Credentials",
    *,
    account_ids: list[int] | None,
    beside: Callable[[], None] = lambda: None,
) -> int:
    """Let the clock and the servers work until we are interrupted or terminated. ``account_ids``: None for all, those
    too that come later. ``beside`` is called once when they do."""
    from crm_tui import config
    from crm_tui.sync.scheduler import Scheduler

    told = threading.Event()
    _ask_before(chosen, secrets)
    scheduler = Scheduler(
        desk.store,
        secrets,
        account_ids=account_ids,
        every_minutes=config.load().config.sync.every_minutes,
        listener=_Diary().tell,
    )
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: told.set())
    scheduler.start()
    try:
        beside()
        while not told.wait(WAIT_SECONDS):  # a wait without an end would not hear Ctrl+C everywhere
            pass
    finally:
        signal.signal(signal.SIGTERM, before)
        scheduler.stop()
    return exit_codes.OK


class _Line:
    """One line of progress on a terminal; nothing where standard error is a file."""

    def __init__(self, names: dict[int, str]) -> None:
        self._names = names
        self._shown = sys.stderr.isatty()
        self._lock = threading.Lock()

    def tell(self, progress: "Progress") -> None:
        """Show how far an account is. Called from several threads."""
        if not self._shown:
            return
        from crm_tui.domain.text import clean, shorten

        stage = _(STAGES.get(progress.stage, progress.stage))
        count = f" {progress.done}/{progress.total}" if progress.total else ""
        words = f"{self._names.get(progress.account_id, '')}: {progress.folder} {stage}{count}"
        with self._lock:
            sys.stderr.write("\r\x1b[K" + shorten(clean(words), 78))
            sys.stderr.flush()

    def clear(self) -> None:
        """Give the line back."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


class _Diary:
    """A line on standard error whenever an account's state becomes another."""

    def __init__(self) -> None:
        self._last: dict[int, str] = {}
        self._lock = threading.Lock()

    def tell(self, status: "AccountStatus") -> None:
        """Called from several threads."""
        from crm_tui.services import messages

        states = {
            "waiting": _("up to date"),
            "syncing": _("getting mail"),
            "listening": _("listening to the server"),
        }
        words = messages.of_error(status.error) if status.error else states.get(status.state, status.state)
        with self._lock:
            if self._last.get(status.account_id) != words:
                self._last[status.account_id] = words
                output.talk(f"{status.name}: {words}")


def _as_json(result: "AccountResult") -> dict[str, Any]:
    return {
        "account": result.name,
        **{name: getattr(result.counts, name) for name in _COUNTS},
        "error": result.error.code if result.error else None,
    }
