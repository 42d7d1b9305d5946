"""Personal settings: every row of the settings file with its meaning, changed one by one and in force at once."""

import asyncio
from collections.abc import Iterable, Mapping

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui import config, theming
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.account.account_forms import signature_fields, signature_intro, signature_of
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.shell.settings_source import SettingRow, SettingsSource, in_words, setting_rows
from crm_tui.services.account import accounts as account_verbs
from crm_tui.store.queries import accounts
from crm_tui.store.tables import MailAccount
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order


class SettingsScreen(ListScreen[None]):
    """The settings (MAIL-17…21, 41, 43), and the signature of each account (MAIL-35)."""

    SCOPES = ("settings",)
    TABLES = frozenset({"mail_account"})

    def list_title(self) -> str:
        return _("Settings")

    def make_list(self) -> RecordList:
        return RecordList(SettingsSource(self._settings()), Order(""))

    def below(self) -> Iterable[Widget]:
        yield Static(Content(""), id="setting-note")

    def reload(self) -> None:
        source = self._list.source
        assert isinstance(source, SettingsSource)
        source.settings = self._settings()
        self._list.reload()
        self._explain()

    def on_record_list_highlighted(self, _event: RecordList.Highlighted) -> None:
        self._explain()

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("settings.change")

    async def command_settings_change(self, argument: str = "") -> None:
        """Another value for the setting under the cursor."""
        row = self._current()
        if row.account_id is not None:
            await self._change_signature(row.account_id)
            return
        self._refuse_overridden(row)
        typed: str | None = argument
        if not argument:
            typed = await self._asked(row)
        if typed is not None:
            await self._put(row, _value(row, typed))

    async def command_settings_reset(self, argument: str = "") -> None:
        """The default value for the setting under the cursor."""
        row = self._current()
        if row.account_id is not None:
            await self._change_signature(row.account_id)
            return
        self._refuse_overridden(row)
        await self._put(row, row.default)

    async def _asked(self, row: SettingRow) -> str | None:
        options = self._options(row)
        if options:
            return await self.app.push_screen_wait(Choice(row.meaning, options))

        def judged(typed: str) -> str:
            _value(row, typed)
            return ""

        return await self.app.push_screen_wait(
            Prompt(row.meaning, str(row.value), preview=judged, may_be_empty=row.kind is str)
        )

    async def _put(self, row: SettingRow, value: object) -> None:
        try:
            await asyncio.to_thread(config.write, row.name, value)
        except OSError as error:
            raise Refused(
                "cannot_write", path=str(config.config_file()), reason=error.strerror or str(error)
            ) from error
        except ValueError as error:  # the value was looked at before: it is the file
            raise Refused(
                "settings_file_unreadable", path=str(config.config_file()), reason=clean(str(error))
            ) from error
        self.shell.take_settings()
        self.reload()
        if row.at_start:
            self.shell.say(_("Kept: {value}. It shows at the next start.").format(value=in_words(value)))
        else:
            self.shell.say(_("Kept: {value}").format(value=in_words(value)))

    async def _change_signature(self, account_id: int) -> None:
        account = next(one for one in self._accounts() if one.key == account_id)

        async def keep(values: Mapping[str, str]) -> None:
            signature = signature_of(values)
            await self.act("account.change", lambda work: account_verbs.update(work, account_id, **signature))

        title = _("Signature of {account}").format(account=clean(account.name))
        form = FormDialog(title, signature_fields(account), save=keep, intro=signature_intro())
        if await self.app.push_screen_wait(form) is not None:
            self.reload()

    def _options(self, row: SettingRow) -> list[tuple[str, str]]:
        if row.kind is bool:
            return [(str(value), in_words(value)) for value in (True, False)]
        if row.name == "mail.primary_account":
            named = [(one.name, clean(f"{one.name} — {one.address}")) for one in self._accounts()]
            return [("", _("the first one")), *named]
        if row.name == "ui.theme":
            return [(name, in_words(name)) for name in ("auto", *theming.load()[0])]
        return [(value, in_words(value)) for value in row.choices]

    def _refuse_overridden(self, row: SettingRow) -> None:
        origin = self.shell.settings.origins.get(row.name, "")
        if origin.startswith(config.PREFIX):
            raise Refused("setting_from_environment", variable=origin)

    def _explain(self) -> None:
        """Say in full what the setting under the cursor is, how the file calls it and whence its value comes."""
        current = self._list.current_id
        text = ""
        if current is not None:
            row = self._current()
            origin = self.shell.settings.origins.get(row.name, _("default"))
            text = f"{row.meaning}\n" + (f"{row.name} — {origin}" if row.account_id is None else "")
        self.query_one("#setting-note", Static).update(Content(text))

    def _current(self) -> SettingRow:
        source, current = self._list.source, self._list.current_id
        assert isinstance(source, SettingsSource)
        if current is None:
            raise Refused("nothing_chosen")
        return source.settings[current]

    def _settings(self) -> list[SettingRow]:
        return setting_rows(self.shell.settings, self._accounts())

    def _accounts(self) -> list[MailAccount]:
        with self.store.read() as connection:
            return accounts.in_use(connection)


def _value(row: SettingRow, typed: str) -> object:
    """What is typed as a value of the setting. Raises Invalid, with the reason."""
    value: object = typed
    if row.kind is bool:
        value = {"true": True, "false": False}.get(typed.lower(), typed)
    elif row.kind in (int, float):
        try:
            value = row.kind(typed.replace(",", "."))
        except ValueError:
            value = typed
    if wrong := config.refusal(row.name, value):
        raise Invalid("setting_refused", value=clean(typed), reason=wrong)
    return value
