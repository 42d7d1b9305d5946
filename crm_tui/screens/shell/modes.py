"""The modes of the program: each a screen with a stack of its own. A new mode is one line here."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from crm_tui.i18n import N_

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode: its name, the digit and the title shown, and the class of its screen as ``module:class``. One without
    a digit stands in the top line only while it is the present one."""

    name: str
    digit: str
    title: str
    screen: str

    def make(self) -> "CrmScreen[Any]":
        """The base screen of the mode; its module is imported now, not at start."""
        module, _colon, name = self.screen.partition(":")
        return cast("CrmScreen[Any]", getattr(import_module(module), name)())


MODES = (
    Mode("today", "0", N_("Today"), "crm_tui.screens.task.today:TodayScreen"),
    Mode("mail", "1", N_("Mail"), "crm_tui.screens.letter.mail:MailScreen"),
    Mode("tasks", "2", N_("My Tasks"), "crm_tui.screens.task.tasks:TasksScreen"),
    Mode("calendar", "3", N_("Calendar"), "crm_tui.screens.event.calendar:CalendarScreen"),
    Mode("interests", "4", N_("Interests"), "crm_tui.screens.interest.interests:InterestsScreen"),
    Mode("customers", "", N_("Customers"), "crm_tui.screens.party.customers:CustomersScreen"),
    Mode("leads", "", N_("Leads"), "crm_tui.screens.party.leads:LeadsScreen"),
    Mode("contacts", "", N_("Contact persons"), "crm_tui.screens.party.contacts:ContactsScreen"),
)
