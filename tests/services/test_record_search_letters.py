"""The palette names an accepted letter once: as a letter, not as a call or meeting too."""

from crm_tui.services.inquiry import inquiries
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.services.record.record_search import StoredRecords
from tests.calls import log_call
from tests.services.conftest import Office


def test_an_accepted_letter_is_found_once(office: Office) -> None:
    place = office.letter("Twenty pumps")
    with office.store.work(office.actor, "inquiry.accept") as work:
        accepted = inquiries.accept(work, place.letter_id, Acceptance(name="Olga"))
    with office.store.work(office.actor, "interest.log_call") as work:
        log_call(work, accepted.interest_id, result="They want pumps")
    commands = [one.command for one in StoredRecords(office.store, "UTC")("pumps")]
    assert sorted(commands) == [
        "everywhere.show_interaction",
        "everywhere.show_interest",
        "everywhere.show_letter",
    ]
