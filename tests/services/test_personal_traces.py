"""What the program wrote beside the store says nothing of a person who was erased, or is named (C-13)."""

import json
from pathlib import Path

from crm_tui import paths
from crm_tui.screens.record.personal_text import erasure_lines
from crm_tui.services import unkept
from crm_tui.services.party import contacts
from crm_tui.services.privacy import personal_data
from crm_tui.services.unkept import UnkeptLetter
from crm_tui.services.writing.compose import Writing
from tests.services.conftest import Office

NAME, ADDRESS = "Жанибекова Құралай", "quralay@planted.example"


def _erased(office: Office) -> personal_data.Erasure:
    with office.store.work(office.actor, "contact.add") as work:
        contact = contacts.add(work, NAME, infos=[("email", ADDRESS)])
    return personal_data.erase(office.store, office.actor, "contact", contact.key)


def _beside(office: Office, ending: str) -> Path:
    return office.store.path.with_name(f"{office.store.path.name}.unkept-{ending}")


def test_c_13_unkept_text_about_the_person_goes_and_the_rest_stays(office: Office) -> None:
    account = office.account.key
    answered = office.letter(sender=(NAME, ADDRESS)).letter_id
    others = Writing(account, to="olga@newco.example", subject="Price", body="Good day")
    letters = [
        UnkeptLetter(None, others),
        UnkeptLetter(None, Writing(account, to=ADDRESS, body="To them")),
        UnkeptLetter(None, Writing(account, body="Whom we saw: жанибекова ҚҰРАЛАЙ")),
        UnkeptLetter(None, Writing(account, body="An answer", reply_to_letter_id=answered)),
    ]
    states = {"mail": {"filter": "plain"}, "customers": {"typed": [NAME]}}
    unkept.write(office.store, office.user.key, states, letters)
    _beside(office, "2.not-taken").write_text(json.dumps({"letters": [], "states": {"mail": {NAME: 1}}}))

    done = _erased(office)

    left = json.loads(_beside(office, str(office.user.key)).read_text("utf-8"))
    assert [fields["body"] for _draft, fields in left["letters"]] == ["Good day"]
    assert left["states"] == {"mail": {"filter": "plain"}}
    assert not _beside(office, "2.not-taken").exists()
    assert done.traces == ()


def test_c_13_lines_and_the_last_picture_that_name_the_person_go(office: Office) -> None:
    paths.command_history().write_text(f"customers\nmail_to {ADDRESS.upper()}\ntasks\n", "utf-8")
    drafts = [one.with_name(f"{one.name}.x8.new") for one in (paths.command_history(), paths.last_picture())]
    for file in (paths.last_picture(), *drafts):
        file.write_text(NAME, "utf-8")
    assert _erased(office).traces == ()
    assert paths.command_history().read_text("utf-8") == "customers\ntasks\n"
    assert not any(file.exists() for file in (paths.last_picture(), *drafts))


def test_c_13_files_that_only_a_reader_can_judge_are_named_with_what_to_do(office: Office) -> None:
    unreadable = [_beside(office, "3"), _beside(office, "4.not-taken"), _beside(office, "5.x8.new")]
    for file, content in zip(
        unreadable, ("{", '{"letters": [], "states": {}, "later": 1}', "[1]"), strict=True
    ):
        file.write_text(content)
    (paths.opened() / "x").mkdir(parents=True)
    paths.hook_log().write_text(f"post-task: no such customer {NAME}\n", "utf-8")
    done = _erased(office)
    assert done.traces == (*unreadable, paths.opened(), paths.hook_log())
    lines = list(erasure_lines(done))
    at = next(number for number, line in enumerate(lines) if "look through them" in line)
    assert lines[at + 1 : at + 6] == [str(path) for path in done.traces]
