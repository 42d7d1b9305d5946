"""What the timeline of an Interest says of who acted, and where it puts what is still to come."""

from datetime import timedelta

import pytest

from crm_tui.screens.interest.timeline_source import HISTORY, TO_DO, TimelineSource
from crm_tui.screens.wording import actor_text
from crm_tui.services.event import calendar
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.ports import Ports
from crm_tui.widgets.row_source import Order, is_heading, section_of


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        ("Olga Kim", "Olga Kim"),
        ("rule:1.2 Sale (quick) / Meeting", "rule 1.2 Sale (quick) / Meeting"),
        ("program:demo", "the program"),
        ("rule:\x1b[31mred", "rule ␛[31mred"),
    ],
)
def test_c_11_who_acted_is_said_in_words(actor: str, said: str) -> None:
    assert actor_text(actor) == said


def test_kz_14_a_meeting_to_come_is_to_do_and_one_that_was_is_history(ports: Ports) -> None:
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)
    with ports.store.work(ports.actor, "setup") as work:
        owner_id = ports.actor.user_id
        assert owner_id is not None
        interest = interests.add(work, "Twenty pumps", owner_id=owner_id)
        for summary, days in (("Was shown", -2), ("Will be shown", 2)):
            begins = work.now + timedelta(days=days)
            calendar.add(
                work, summary, dtstart=begins, dtend=begins + timedelta(hours=1), zone=ports.zone,
                owner_id=owner_id, interest_id=interest.key,
            )  # fmt: skip
    source = TimelineSource(ports.store, interest.key, ports.clock, ports.zone)
    within: dict[str, int] = {}
    section = -1
    for row_id in source.ids(Order(""), ""):
        if is_heading(row_id):
            section = section_of(row_id)
        else:
            within[str(source.rows([row_id])[row_id].cells[2])] = section
    assert within["Will be shown"] == TO_DO
    assert within["Was shown"] == HISTORY
