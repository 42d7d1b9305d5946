"""For the app: the commands of the CRM core that work in any place, together."""

from crm_tui.screens.document.card_paper_commands import CardPaperCommands
from crm_tui.screens.event.work_calendar_place import WorkCalendarPlace
from crm_tui.screens.exchange.exchange_commands import ExchangeCommands
from crm_tui.screens.inquiry.intake_places import IntakePlaces
from crm_tui.screens.interest.dynamics_place import DynamicsPlace
from crm_tui.screens.party.party_places import PartyPlaces
from crm_tui.screens.process.card_process_commands import CardProcessCommands
from crm_tui.screens.record.clean_data import CleanDataCommands
from crm_tui.screens.shell.visits import Visits
from crm_tui.screens.task.handover import HandoverCommands


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
