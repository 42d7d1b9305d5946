"""The folder for inquiries that are dealt with, where the server has none yet."""

from crm_tui.services.inquiry import inquiries
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.store.tables import Folder, MailAccount, Placement
from crm_tui.store.undo import undo
from tests.services.conftest import Office


def test_it_is_wanted_on_the_server_and_outlives_the_undo_of_the_act_that_wanted_it(office: Office) -> None:
    place = office.letter()
    with office.store.facts("setup") as work:
        work.change(work.get(MailAccount, office.account.key), move_accepted=True)
    with office.store.work(office.actor, "inquiry.accept") as work:
        inquiries.accept(work, place.letter_id, Acceptance(name="Olga"))
    with office.store.facts("sync") as work:
        (made,) = work.all(Folder, role="processed")
        assert (made.srv_name, made.intent) == (None, "create")
        assert work.get(Placement, place.key).folder_id == made.key
        work.change(made, srv_name="Processed", intent=None)
    undo(office.store, office.actor)
    with office.store.facts("look") as work:
        assert work.get(Placement, place.key).folder_id == office.folders["inbox"].key
        assert work.get(Folder, made.key).srv_name == "Processed"
