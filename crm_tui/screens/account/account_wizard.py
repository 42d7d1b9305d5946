"""A new mail account in three steps: who, which servers, which password; then a login that proves it."""

import shlex
from collections.abc import Mapping
from functools import partial
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from crm_tui.commands.command import Command
from crm_tui.domain.errors import CrmError, Invalid, Refused
from crm_tui.domain.identity import address
from crm_tui.i18n import N_, _, ngettext
from crm_tui.screens.account.account_secrets import MASTERS, keep_password, keeping_options
from crm_tui.screens.account.account_servers import ServerFields
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmDialog
from crm_tui.screens.forms.form_fields import SideChoice, step_field
from crm_tui.screens.shell.outside import ask_outside
from crm_tui.services import users
from crm_tui.services.account import accounts, providers
from crm_tui.services.ports import MailSync
from crm_tui.store.tables import MailAccount
from crm_tui.widgets.choice_field import ChoiceField
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.text_field import TextField

STEPS = (N_("Whose mailbox"), N_("Servers"), N_("Password"))
SECRET = frozenset({"password", *MASTERS})  # never kept for the next session


class AccountWizard(ServerFields, Acting, CrmDialog[int]):
    """Answers the id of the new account. Enter goes on, Esc goes back, on the first step it gives up.

    Nothing is stored before the login has worked. ``asks_zone``: this is the first account, so the person's time
    zone is asked too.
    """

    SCOPES = ("form",)

    def __init__(self, sync: MailSync, *, asks_zone: bool = False) -> None:
        super().__init__()
        self._sync = sync
        self._asks_zone = asks_zone
        self._step = 0
        self._attempt = 0
        self._filled_for = ""
        self._warned = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog form"):
            yield Static(Content(""), classes="dialog-title")
            yield Static(Content(""), classes="dialog-intro")
            with Grid(classes="form-fields step"):
                yield from self._row(_("Your name"), TextField(id="sender"))
                yield from self._row(_("E-mail address"), TextField(id="address"))
                yield from self._row(_("Time zone"), TextField(self.shell.ports.zone, id="zone"))
            with Grid(classes="form-fields step"):
                yield from self.server_rows()
            with Grid(classes="form-fields step"):
                yield from self._row(_("Password"), TextField(password=True, id="password"))
                yield from self._row(_("or a command giving it"), TextField(id="command"))
                yield from self._row(_("Where it is kept"), SideChoice([], id="keep"))
                yield from self._row(_("Master password"), TextField(password=True, id="master"))
                yield from self._row(_("The same once more"), TextField(password=True, id="again"))
            yield Static(Content(""), classes="dialog-note")
        yield Footer()

    async def on_mount(self) -> None:
        self._display("zone", self._asks_zone)
        session = self.shell.ports.session
        if session is not None:
            self.restore_session(session.load(self.place))
        self._show_step()
        self.query_one("#keep", ChoiceField).offer(await ask_outside(partial(keeping_options, self._sync)))
        self._show_masters()

    # Session

    def session_state(self) -> dict[str, Any]:
        return {
            field.id: field.value for field in self.query(TextField) if field.id and field.id not in SECRET
        }

    def restore_session(self, state: Mapping[str, Any]) -> None:
        for field in self.query(TextField):
            if field.id and field.id in state and field.id not in SECRET:
                field.value = str(state[field.id])
        self._filled_for = address.domain_of(self._text("address")) if self._text("imap-host") else ""

    def _forget(self) -> None:
        if self.shell.ports.session is not None:
            self.shell.ports.session.save(self.place, {})

    # Going through the steps

    def command_everywhere_back(self, argument: str = "") -> None:
        """A step back; from the first one out. There the first Esc says that what was typed is given up."""
        self._attempt += 1  # a login under way is of no interest any more
        if self._step:
            self._step -= 1
            self._show_step()
        elif self._text("address") and not self._warned:
            self._warned = True
            self._say("! " + _("Not kept: Esc once more gives up what was typed."))
        else:
            self._forget()
            self.dismiss(None)

    def on_input_changed(self, _event: Input.Changed) -> None:
        self._warned = False
        self.session_changed()

    def on_key(self, event: events.Key) -> None:
        if step_field(self, event.key):
            event.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._go_on(event.input)

    def on_choice_field_submitted(self, event: ChoiceField.Submitted) -> None:
        self._go_on(event.field)

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        self.choice_changed(event.field)
        self._show_masters()

    def title_of(self, command: Command) -> str:
        if command.id != "form.save":
            return super().title_of(command)
        return _("Next") if self._step < len(STEPS) - 1 else _("Finish")

    def _go_on(self, widget: Widget | None) -> None:
        """To the next field that must be filled in, else to the next step."""
        missing = self._missing()
        if missing is not None:
            if missing is widget:
                self._say(_("! Something must be typed here; Esc goes back."))
            missing.focus()
        elif self._step == len(STEPS) - 1:
            self.shell.run_command("form.save")
        else:
            try:
                self._leave_step()
            except CrmError as error:
                self._say(f"! {self.shell.explain(error)}")
                return
            self._step += 1
            self._show_step()

    def _missing(self) -> TextField | None:
        needed: tuple[str, ...] = (("address",), ("imap-host",), ("password", *MASTERS))[self._step]
        if self._text("command"):
            needed = tuple(name for name in needed if name not in SECRET)
        fields = (self.query_one(f"#{name}", TextField) for name in needed)
        return next((field for field in fields if field.display and not field.value.strip()), None)

    def _leave_step(self) -> None:
        if self._step == 0:
            typed = self._text("address")
            if not address.is_valid(typed):
                raise Invalid("not_an_address", value=typed)
            users.check_zone(self._text("zone"))
            self.propose_servers(typed)

    def _show_step(self) -> None:
        title = _("Mail account — {step} of 3: {name}").format(step=self._step + 1, name=_(STEPS[self._step]))
        self.query_one(".dialog-title", Static).update(Content(title))
        self.query_one(".dialog-intro", Static).update(Content(self._intro()))
        for number, step in enumerate(self.query(".step")):
            step.display = number == self._step
        list(self.query(".step"))[self._step].query(TextField).first().focus()
        self._say("")
        self.show_kind()
        self._show_masters()

    def _intro(self) -> str:
        provider = providers.by_address(self._text("address"))
        if self._step == 0:
            return _("Enter goes on, Esc goes back. Nothing is stored before the login has worked.")
        if self._step == 1:
            if provider is not None:
                return _("The servers of {name} are known.").format(name=provider.name)
            return _("These are the usual names; your provider may call its servers otherwise.")
        return _(provider.note) if provider is not None and provider.note else ""

    def _show_masters(self) -> None:
        keep = self.query_one("#keep", ChoiceField).value
        self._display("master", keep in ("make", "unlock"))
        self._display("again", keep == "make")

    # The login

    async def command_form_save(self, argument: str = "") -> None:
        """On the last step, log in to the servers; when that works, the account is added and its mail fetched."""
        if self._step < len(STEPS) - 1:
            self._go_on(self.focused)
            return
        self._attempt += 1
        attempt = self._attempt
        try:
            account, zone = self._account(), users.check_zone(self._text("zone"))
            self._say(_("Logging in to {host} …").format(host=account.imap_host))
            password = self._text("password", strip=False)
            found = await ask_outside(partial(self._sync.check, account, password))
            if attempt != self._attempt:
                return
            account_id = await self._add(account, zone)
        except CrmError as error:
            if attempt == self._attempt:
                self._say(f"! {self.shell.explain(error)}")
            return
        self._sync.fetch()
        count = sum(letters for _name, _role, letters in found.folders)
        self.shell.say(
            ngettext(
                "The account is added; {n} letter is being fetched.",
                "The account is added; {n} letters are being fetched.",
                count,
            ).format(n=count)
        )
        self._forget()
        self.dismiss(account_id)

    def _account(self) -> MailAccount:
        """The account as filled in. Raises Invalid or Refused."""
        typed = self._text("address")
        command = self._text("command")
        try:
            argv = shlex.split(command) or None
        except ValueError as error:
            raise Invalid("password_command_failed", reason=str(error)) from None
        account = MailAccount(
            name=typed,
            address=typed,
            sender_name=self._text("sender"),
            **self.server_settings(typed),
            password_command=argv,
            capabilities=[],
        )
        with self.store.read() as connection:
            if accounts.is_taken(connection, typed):
                raise Refused("account_name_taken", name=typed)
        accounts.check(account)
        return account

    async def _add(self, account: MailAccount, zone: str) -> int:
        source = "command"
        if account.password_command is None:
            source = await keep_password(
                self._sync,
                account.address,
                self._text("password", strip=False),
                self.query_one("#keep", ChoiceField).value,
                (self._text("master", strip=False), self._text("again", strip=False)),
            )
        settings = account.model_dump(
            exclude={"id", "version", "name", "address", "owner_id", "capabilities", "password_source"}
        )

        def add(work: Any) -> int:
            if self._asks_zone:
                users.change_zone(work, zone)
            added = accounts.add(work, account.name, account.address, password_source=source, **settings)
            return added.key

        account_id = await self.act("account.add", add)
        if self._asks_zone:
            self.shell.ports.zone = zone
        return account_id

    # Fields

    def _text(self, name: str, *, strip: bool = True) -> str:
        value = self.query_one(f"#{name}", TextField).value
        return value.strip() if strip else value

    def _row(self, label: str, field: Widget) -> ComposeResult:
        yield Static(Content(label), classes="form-label", id=f"label-{field.id}")
        field.add_class("form-field")
        yield field

    def _display(self, name: str, shown: bool) -> None:
        for widget in (self.query_one(f"#label-{name}"), self.query_one(f"#{name}")):
            widget.display = shown

    def _say(self, text: str) -> None:
        self.query_one(".dialog-note", Static).update(Content(text))
