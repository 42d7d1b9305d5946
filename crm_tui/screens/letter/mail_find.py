"""The search line of the Mail screen: where it looks, what of it is not understood, and on to all folders."""

from typing import TYPE_CHECKING

from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _
from crm_tui.screens.lists.list_search import SearchBar
from crm_tui.screens.shell.process_keys import key_of

if TYPE_CHECKING:
    from crm_tui.screens.letter.mail_filter import MailFilter

    Base = MailFilter
else:
    Base = object


class MailFind(Base):
    """For the Mail screen, before its filter."""

    _before_find: int | None = None
    """The letter to come back to from a search over all folders."""

    def search_remark(self, typed: str) -> str:
        """What a person should know of a search line; asked in a thread."""
        from crm_tui.domain import query

        strange = query.parse(typed, self.shell.ports.clock(), zone_of(self.shell.ports.zone)).not_understood
        if strange:
            return _("not understood, and not searched for: {piece}").format(piece=" ".join(strange))
        if self.folder_id is None or self.filtering is not None:
            return ""
        return _("in this folder; {key} looks in all").format(key=key_of(self.shell, "mail.find"))

    def command_mail_find(self, argument: str = "") -> None:
        """Search the letters of all folders, for what is looked for in this one where no words are given."""
        argument = argument or self._list.needle
        if self.folder_id is not None:
            self._before_find = self._list.current_id
        self.show_folder(None)
        self.query_one(SearchBar).open(argument)
