"""``crm daemon``: all that the program does by the clock, without its screens (L-24)."""

import argparse
import fcntl
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_tui.cli import exit_codes, output, passwords
from crm_tui.cli import sync as sync_command
from crm_tui.cli.opening import Desk, opened
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.config.table import Notify
    from crm_tui.services.task.reminders import Due
    from crm_tui.store.tables import MailAccount


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm daemon``."""
    parser.add_argument(
        "--once",
        action="store_true",
        help=_("do what is due now, and end: for a timer; else until interrupted"),
    )
    parser.add_argument(
        "--account", action="append", metavar="NAME", help=_("only this account; may be given several times")
    )
    parser.add_argument("--no-mail", action="store_true", help=_("leave the mail servers alone"))
    output.add_format(parser, plain=False)


def run(args: argparse.Namespace) -> int:
    """Remind, run processes and triggers, send and get mail. Raises Conflict where another one does so already."""
    from crm_tui.store.queries import accounts

    with opened(args) as desk, _alone(desk):
        chosen: list[MailAccount] = []
        if not args.no_mail:
            with desk.store.read() as connection:
                chosen = accounts.called(connection, args.account or ())
        teller = Teller(desk, args)
        return _once(desk, chosen, teller, args) if args.once else _on_and_on(desk, chosen, teller, args)


def _once(desk: Desk, chosen: "list[MailAccount]", teller: "Teller", args: argparse.Namespace) -> int:
    from crm_tui.services.process import process_tick, trigger_tick
    from crm_tui.services.task.reminder_clock import ReminderClock
    from crm_tui.sync.reminding import tell_due

    process_tick.run(desk.store)
    trigger_tick.tick(desk.store)
    code = exit_codes.OK
    if chosen:
        code = exit_codes.of_errors(sync_command.sync_chosen(desk, chosen, passwords.credentials())[1])
    clock = ReminderClock(desk.store, desk.user_id)
    while tell_due(desk.store, clock, teller.tell):
        pass
    return code or (exit_codes.OK if teller.is_heard else exit_codes.FAILED)


def _on_and_on(desk: Desk, chosen: "list[MailAccount]", teller: "Teller", args: argparse.Namespace) -> int:
    from crm_tui.sync.reminding import Reminding

    # Without names an account that is added later is taken up too.
    named = [account.key for account in chosen] if args.account or args.no_mail else None
    stop = threading.Event()
    thread = Reminding(desk.store, desk.user_id, teller.tell, stop)
    try:
        return sync_command.run_scheduler(
            desk, chosen, passwords.credentials(), account_ids=named, beside=thread.start
        )
    finally:
        stop.set()
        if thread.is_alive():
            thread.join(sync_command.JOIN_SECONDS)


class Teller:
    """Says what is due: a line each on standard output, and to the program of the settings where one is meant."""

    def __init__(self, desk: Desk, args: argparse.Namespace) -> None:
        self._desk = desk
        self._json = args.json
        self.is_heard = True
        """False once the program of the settings could not be run."""

    def tell(self, due: "Sequence[Due]") -> bool:
        """Whether the person heard of it, as far as we know."""
        from crm_tui import config
        from crm_tui.services.task import notify_command
        from crm_tui.widgets import attention

        wanted = config.load().config.notify
        for one in due:
            self._print(one, wanted)
        said = self._private() if wanted.private else "\n".join(one.text for one in due)
        if wanted.method != "command":
            if wanted.method != "none" and sys.stdout.isatty():
                sys.stdout.write(attention.sequence(wanted.method, said, os.environ))
                sys.stdout.flush()
            return True
        trouble = notify_command.hand_over(wanted.command, said)
        if trouble:
            output.talk(_("The reminder was handed to nobody: {reason}").format(reason=trouble))
            self.is_heard = False
        return not trouble

    def _print(self, one: "Due", wanted: "Notify") -> None:
        """What is printed may be kept by whoever runs us: without a terminal it says no more than it may."""
        text = self._private() if wanted.private and not sys.stdout.isatty() else one.text
        at = one.subject_at or one.due_at
        if self._json:
            shown = {"id": one.id, "kind": one.subject_kind, "record_id": one.subject_id, "text": text}
            times = {"due": output.iso(one.due_at, self._desk.zone), "at": output.iso(at, self._desk.zone)}
            sys.stdout.write(
                output.to_json({"schema_version": output.SCHEMA_VERSION, **shown, **times}) + "\n"
            )
        else:
            output.line(f"{at.astimezone(self._desk.zone):%d.%m.%Y %H:%M}  {text}")
        sys.stdout.flush()

    @staticmethod
    def _private() -> str:
        return _("Something new in the CRM.")


@contextmanager
def _alone(desk: Desk) -> Iterator[None]:
    """Be the only daemon on the store. Raises Conflict (``daemon_running``)."""
    from crm_tui.domain.errors import Conflict

    path = desk.store.path.with_name(f"{desk.store.path.name}.daemon.lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                "daemon_running", pid=os.pread(descriptor, 20, 0).decode("ascii", "replace")
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)
