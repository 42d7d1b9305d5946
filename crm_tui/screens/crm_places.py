"""For the app: the commands of the CRM core that work in any place, together."""

from crm_tui.screens.card_paper_commands import CardPaperCommands
from crm_tui.screens.card_process_commands import CardProcessCommands
from crm_tui.screens.clean_data import CleanDataCommands
from crm_tui.screens.dynamics_place import DynamicsPlace
from crm_tui.screens.exchange_commands import ExchangeCommands
from crm_tui.screens.handover import HandoverCommands
from crm_tui.screens.intake_places import IntakePlaces
from crm_tui.screens.party_places import PartyPlaces
from crm_tui.screens.visits import Visits
from crm_tui.screens.work_calendar_place import WorkCalendarPlace


class CrmPlaces(
    PartyPlaces,
    CleanDataCommands,
    DynamicsPlace,
    HandoverCommands,
    ExchangeCommands,
    CardPaperCommands,
    CardProcessCommands,
    IntakePlaces,
    Visits,
    WorkCalendarPlace,
):
    """Customers, contact persons and leads; duplicates and history; import and export; files and documents;
    intake, journal of contacts, briefing."""
