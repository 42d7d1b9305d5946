"""Commands about mail accounts, carried out by the app: add one, its password, get mail, how each is doing."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from crm_tui.domain.errors import LoginRefused, NetworkTrouble, NotFound, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.i18n import _
from crm_tui.screens.account.account_secrets import keep_password, keeping_options
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.shell.outside import ask_outside
from crm_tui.services import messages
from crm_tui.services.ports import MailSync, Ports, SyncState
from crm_tui.store.queries import accounts as account_queries
from crm_tui.store.tables import MailAccount

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.screens.forms.form import Field

    Base = App[int]
else:
    Base = object


class AccountCommands(Base):
    """One method a command ``everywhere.*`` about accounts."""

    if TYPE_CHECKING:
        ports: Ports
        message: str

        def say(self, text: str, *, trouble: bool = False) -> None: ...

        def get_mail(self, account_ids: Sequence[int] | None = None) -> None: ...

    async def command_everywhere_add_account(self, argument: str = "") -> None:
        from crm_tui.screens.account.account_wizard import AccountWizard

        first = not self._accounts()
        await self.push_screen_wait(AccountWizard(self._mail(), asks_zone=first))

    def command_everywhere_get_mail(self, argument: str = "") -> None:
        self._mail()
        if not self._accounts():
            raise Refused("no_account_yet")
        self.get_mail()

    async def command_everywhere_password(self, argument: str = "") -> None:
        """Unlock the passwords where that is what is missing, else ask for the password of an account."""
        mail = self._mail()
        wanting = {one.account_id: one for one in mail.states() if isinstance(one.error, LoginRefused)}
        locked = any(one.error is not None and one.error.code == "vault_locked" for one in wanting.values())
        if not argument and (locked or (not wanting and await ask_outside(partial(_is_locked, mail)))):
            await self._unlock(mail)
            return
        account = await self._account_meant(argument, wanting)
        if account is not None:
            await self._ask_password(mail, account, wanting.get(account.key))

    def command_everywhere_accounts(self, argument: str = "") -> None:
        """How each account is doing, and its settings (MAIL-03)."""
        from crm_tui.screens.account.accounts import AccountsScreen

        if not isinstance(self.screen, AccountsScreen):
            self.push_screen(AccountsScreen())

    def command_everywhere_folders(self, argument: str = "") -> None:
        """The list of folders, the cursor on the one that Mail shows (MAIL-05)."""
        from crm_tui.screens.letter.folders import FoldersScreen

        if not self._accounts():
            raise Refused("no_account_yet")
        folder_id = getattr(self.screen, "folder_id", None)
        self.push_screen(FoldersScreen(folder_id if isinstance(folder_id, int) else None))

    async def command_everywhere_rules(self, argument: str = "") -> None:
        """The rules of the account at hand; else of the only one, or of one that is chosen (MAIL-05, MAIL-52)."""
        from crm_tui.screens.letter.mail_rules import RulesScreen

        if isinstance(self.screen, RulesScreen):
            return
        at_hand = getattr(self.screen, "account_at_hand", None)
        account_id = at_hand() if at_hand is not None else None
        known = self._accounts()
        if not known:
            raise Refused("no_account_yet")
        if account_id is None and len(known) == 1:
            account_id = known[0].key
        if account_id is None:
            options = [(str(one.key), clean(one.name)) for one in known]
            chosen = await self.push_screen_wait(Choice(_("Rules of which account?"), options))
            account_id = None if chosen is None else int(chosen)
        if account_id is not None:
            await self.push_screen(RulesScreen(account_id))

    def greet(self) -> None:
        """Say how to begin where there is no account yet."""
        if self.ports.sync is not None and not self.message and not self._accounts():
            self.say(_("No mail account yet: type :add_account and Enter to set one up."))

    # Parts of them

    async def _unlock(self, mail: MailSync) -> None:
        from crm_tui.screens.forms.form import Field, FormDialog

        async def unlock(values: Mapping[str, str]) -> None:
            await asyncio.to_thread(mail.unlock, values["master"])

        form = FormDialog(
            _("Unlock the passwords"),
            [Field("master", _("Master password"), password=True)],
            save=unlock,
            intro=_("It opens the file of passwords for this session."),
        )
        if await self.push_screen_wait(form) is not None:
            self.get_mail()
            self.say(_("The passwords are open; getting mail …"))

    async def _ask_password(self, mail: MailSync, account: MailAccount, state: SyncState | None) -> None:
        from crm_tui.screens.forms.form import Field, FormDialog

        options = await ask_outside(partial(keeping_options, mail))
        error = None if state is None else state.error
        form = FormDialog(
            _("Password of {account}").format(account=account.name),
            [
                Field("password", _("Password"), password=True),
                Field("keep", _("Where it is kept"), options=options),
                *_master_fields(options[0][0]),
            ],
            save=partial(_take_password, mail, account),
            intro="" if error is None else messages.of_error(error),
        )
        if await self.push_screen_wait(form) is not None:
            self.get_mail([account.key])

    async def _account_meant(self, name: str, wanting: Mapping[int, SyncState]) -> MailAccount | None:
        known = self._accounts()
        if not known:
            raise Refused("no_account_yet")
        if name:
            known = [one for one in known if fold(name) in (fold(one.name), fold(one.address))]
            if not known:
                raise NotFound("no_such_account", name=clean(name))
        elif wanting:
            known = [one for one in known if one.key in wanting] or known
        if len(known) == 1:
            return known[0]
        chosen = await self.push_screen_wait(
            Choice(_("Password of which account?"), [(str(one.key), one.name) for one in known])
        )
        return next((one for one in known if str(one.key) == chosen), None)

    def _accounts(self) -> list[MailAccount]:
        with self.ports.store.read() as connection:
            return account_queries.in_use(connection)

    def _mail(self) -> MailSync:
        if self.ports.sync is None:
            raise Refused("no_sync_here")
        return self.ports.sync


async def _take_password(mail: MailSync, account: MailAccount, values: Mapping[str, str]) -> None:
    """Keep the password unless the server refuses it; a server that cannot be reached now may be asked later."""
    with contextlib.suppress(NetworkTrouble):
        await ask_outside(partial(mail.check, account, values["password"]))
    masters = (values.get("master", ""), values.get("again", ""))
    await keep_password(mail, account.address, values["password"], values["keep"], masters)


def _master_fields(best: str) -> "list[Field]":
    from crm_tui.screens.forms.form import Field

    if best == "make":
        return [
            Field("master", _("New master password"), password=True),
            Field("again", _("The same once more"), password=True),
        ]
    return [Field("master", _("Master password"), password=True)] if best == "unlock" else []


def _is_locked(mail: MailSync) -> bool:
    return mail.has_vault() and mail.keeps() == "session"
