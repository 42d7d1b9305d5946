"""The mail accounts (MAIL-03, 36, 37): when each got its mail last, what stands in the way, and its settings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual.content import Content

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.account import account_forms
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Confirm
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.wording import list_date
from crm_tui.services import messages
from crm_tui.services.account import accounts
from crm_tui.services.account.last_fault import last_fault
from crm_tui.services.ports import SyncState
from crm_tui.store.queries import accounts as queries
from crm_tui.store.tables import MailAccount
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag


class AccountsScreen(ListScreen[None]):
    """The list, and what can be done with an account."""

    SCOPES = ("accounts",)
    TABLES = frozenset({"mail_account"})
    CURSOR = "account"

    def list_title(self) -> str:
        return _("Mail accounts")

    def make_list(self) -> RecordList:
        columns = (
            Column("name", _("Account"), flex=2, min_width=12, sortable=False),
            Column("address", _("Address"), flex=2, min_width=16, sortable=False, drop=1),
            Column("got", _("Got mail"), width=9, sortable=False),
            Column("state", _("State"), flex=4, min_width=40, sortable=False),
        )
        empty = Content(_("No mail account yet. n: add one, step by step."))
        return RecordList(SmallSource(columns, self._rows), Order(""), empty=empty)

    def sync_changed(self) -> None:
        self._list.reload()

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("accounts.edit")

    def command_accounts_new(self, argument: str = "") -> None:
        self.shell.run_command("everywhere.add_account")

    def command_accounts_password(self, argument: str = "") -> None:
        self.shell.run_command("everywhere.password", self._current().name)

    async def command_accounts_edit(self, argument: str = "") -> None:
        account = self._current()
        title = _("Settings of {account}").format(account=clean(account.name))
        await self._fill(account, title, account_forms.settings_fields(account), account_forms.settings_of)

    async def command_accounts_servers(self, argument: str = "") -> None:
        account = self._current()
        title = _("Servers of {account}").format(account=clean(account.name))
        await self._fill(account, title, account_forms.server_fields(account), account_forms.servers_of)

    async def command_accounts_signature(self, argument: str = "") -> None:
        account = self._current()
        title = _("Signature of {account}").format(account=clean(account.name))
        fields, read = account_forms.signature_fields(account), account_forms.signature_of
        await self._fill(account, title, fields, read, intro=account_forms.signature_intro())

    def command_accounts_fetch(self, argument: str = "") -> None:
        """Of the marked ones, or of the one under the cursor, and of no other (MAIL-36)."""
        chosen = self._list.marked_ids() or (self._current().key,)
        self.shell.get_mail(chosen)
        self.shell.say(
            ngettext("Getting mail of {n} account …", "Getting mail of {n} accounts …", len(chosen)).format(
                n=len(chosen)
            )
        )

    async def command_accounts_stop(self, argument: str = "") -> None:
        account = self._current()
        name = clean(account.name)
        if await self.app.push_screen_wait(Confirm(_("Stop using {account}?").format(account=name))):
            await self.act("account.remove", lambda work: accounts.remove(work, account.key))
            if self.shell.ports.sync is not None:
                self.shell.ports.sync.fetch()
            self.shell.say(_("{account} is not used any more; u takes it back.").format(account=name))

    # Parts of them

    async def _fill(
        self,
        account: MailAccount,
        title: str,
        fields: Sequence[Field],
        read: Callable[[Mapping[str, str]], dict[str, Any]],
        *,
        intro: str = "",
    ) -> None:
        async def save(values: Mapping[str, str]) -> None:
            settings = read(values)
            await self.act("account.change", lambda work: accounts.update(work, account.key, **settings))

        if await self.app.push_screen_wait(FormDialog(title, fields, save=save, intro=intro)) is not None:
            self.shell.say(_("The settings are kept."))

    def _rows(self) -> list[Row]:
        with self.store.read() as connection:
            known = queries.in_use(connection)
        sync = self.shell.ports.sync
        states = {one.account_id: one for one in sync.states()} if sync is not None else {}
        return [self._row(account, states.get(account.key)) for account in known]

    def _row(self, account: MailAccount, state: SyncState | None) -> Row:
        now, zone = self._now(), self._zone()
        got = account.last_success_at
        trouble = trouble_of(account, state)
        if trouble and account.last_error_at is not None:
            trouble = f"{list_date(account.last_error_at, now, zone)} {trouble}"
        flags = RowFlag.OVERDUE if trouble else RowFlag.NONE
        cells = (
            clean(account.name),
            clean(account.address),
            list_date(got, now, zone) if got is not None else _("never"),
            trouble or doing(state),
        )
        return Row(account.key, cells, flags)

    def _current(self) -> MailAccount:
        with self.store.read() as connection:
            for account in queries.in_use(connection):
                if account.key == self._list.current_id:
                    return account
        raise Refused("nothing_chosen")


def trouble_of(account: MailAccount, state: SyncState | None) -> str:
    """The sentence of what keeps the account from its mail, as it is now or as the last try left it."""
    if state is not None and state.error is not None:
        return messages.of_error(state.error)
    return last_fault(account)


def doing(state: SyncState | None) -> str:
    """What the sync does with the account now; empty while it waits for its time."""
    if state is None or state.state != "syncing":
        return _("waits for new letters") if state is not None and state.state == "listening" else ""
    if not state.total:
        return _("getting mail …")
    return _("getting mail: {done} of {total}").format(done=state.done, total=state.total)
