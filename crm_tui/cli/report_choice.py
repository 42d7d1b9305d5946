"""What a report of the command line is asked for: of which scenario, and since when."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crm_tui.cli.opening import Desk, languages
from crm_tui.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

PERIOD = timedelta(days=365)


def scenario_of(connection: "Connection", wanted: str | None) -> tuple[int, str, str]:
    """Id, code and name of the scenario that is meant, the first one without a word. Raises NotFound."""
    from crm_tui.domain.errors import NotFound
    from crm_tui.domain.text import fold
    from crm_tui.store.queries import interests

    for found in interests.scenarios(connection):
        if wanted is None or fold(wanted) in (found[1], fold(found[2]), fold(_(found[2]))):
            return found
    raise NotFound("no_such_scenario", code=wanted or "")


def since_of(words: str | None, desk: Desk) -> datetime:
    """Since when a report counts. Raises Invalid."""
    from crm_tui.domain.errors import Invalid
    from crm_tui.domain.event import dates
    from crm_tui.domain.wall import day_start

    if words is None:
        return desk.now - PERIOD
    moment = dates.parse(words, desk.now, desk.zone, languages())
    if moment is None:
        raise Invalid("not_a_date", value=words)
    return day_start(moment.date, desk.zone)
