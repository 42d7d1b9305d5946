"""All that is held of a person is found, handed over and erased, in every table and in the bytes of the file."""

import base64
import json
import sqlite3
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, String, Table, insert, select
from sqlmodel import AutoString

from crm_tui.domain.errors import Refused
from crm_tui.services.document import documents
from crm_tui.services.interest import interests
from crm_tui.services.party import contact_info, contacts, customers
from crm_tui.services.privacy import person_search, personal_data, personal_export
from crm_tui.services.privacy.not_personal import NOT_PERSONAL
from crm_tui.services.privacy.personal_tables import PERSONAL
from crm_tui.services.record import history
from crm_tui.store import health
from crm_tui.store.tables import Contact, Customer, Interest, Letter, Placement, every_table, found, models
from crm_tui.store.tables.base import Json
from crm_tui.store.tables.papers import Document
from crm_tui.store.tables.processes import RouteMap, RouteMapVersion
from tests.services.conftest import Office

ADDRESS = "zhanibekova.q7x@planted.example"
NUMBER = "+77015559912"
NAME = "Zhanibekova Quralay"
OWN = ("version", "id")


def marker(table: str, column: str) -> str:
    """A word that stands nowhere else."""
    return f"mk{zlib.crc32(f'{table}.{column}'.encode()):08x}"


def words_of(table: Table) -> set[str]:
    kinds = (String, AutoString, Json, LargeBinary)
    return {column.name for column in table.columns if isinstance(column.type, kinds)}


def test_c_13_every_table_is_known_to_hold_personal_data_or_not() -> None:
    tables = every_table().tables
    assert set(PERSONAL) | set(NOT_PERSONAL) == set(tables)
    assert not set(PERSONAL) & set(NOT_PERSONAL)


@pytest.mark.parametrize("name", sorted(PERSONAL))
def test_c_13_every_column_of_words_is_erased_or_a_code(name: str) -> None:
    entry, table = PERSONAL[name], found(name)
    assert words_of(table) == set(entry.erased) | set(entry.codes)
    assert not set(entry.erased) & set(entry.codes)


class Planted:
    """A contact person with a row in every personal table, a marker in each column of words."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.ids: dict[str, int] = {"user": office.user.key, "mail_account": office.account.key}
        self.ids["folder"] = office.folders["inbox"].key
        self.markers: dict[str, str] = {}
        with office.store.read() as connection:
            state = found("state")
            row = connection.execute(select(state.c.id, state.c.scenario_id)).first()
            assert row is not None
            self.ids["state"], self.ids["scenario"] = row.id, row.scenario_id
        classes = models()
        with office.store.work(office.actor, "plant") as work:
            office.store.defer_foreign_keys(work.connection)
            drawn = work.add(RouteMap(code="sale", name="Sale", kind="object", changed_at=work.now))
            version = work.add(RouteMapVersion(map_id=drawn.key, number=1, route={}, at=work.now))
            self.ids |= {"route_map": drawn.key, "route_map_version": version.key}
            first = ("customer", "contact", "lead")  # others refer to these without a foreign key
            for table in sorted(every_table().sorted_tables, key=lambda each: each.name not in first):
                if table.name not in PERSONAL:
                    continue
                values = {
                    each.name: self.value(table, each) for each in table.columns if each.name not in OWN
                }
                values |= self.special(table.name)
                if table.name in classes:
                    self.ids[table.name] = work.add(classes[table.name](**values)).key
                else:
                    work.connection.execute(insert(table).values(values))
                    if "id" in table.c:
                        raise AssertionError(table.name)
            acts = {"customer_id": self.ids["customer"], "entity_id": self.ids["legal_entity"], "version": 1}
            work.connection.execute(insert(found("customer_entity")).values(acts))
            work.touch(Letter, [self.ids["letter"]])

    def value(self, table: Table, column: Any) -> Any:
        entry = PERSONAL[table.name]
        for key in column.foreign_keys:
            target = key.column.table.name
            return None if target == table.name else self.ids.get(target)
        if column.name in entry.erased:
            word = marker(table.name, column.name)
            self.markers[f"{table.name}.{column.name}"] = word
            if isinstance(column.type, LargeBinary):
                return zlib.compress(word.encode()) if table.name == "file_content" else word.encode()
            return {"k": f"{word} {NAME}"} if isinstance(column.type, Json) else f"{word} {NAME}"
        if isinstance(column.type, Json):
            return []
        naive = column.name in ("dtstart", "dtend", "recurrence_id")
        now = self.office.clock()
        by_type: dict[type, Any] = {
            str: f"{table.name}.{column.name}",
            datetime: now.replace(tzinfo=None) if naive else now,
            date: now.date(),
            bool: False,
            int: None if column.nullable else 1,
        }
        kind = getattr(column.type, "impl", column.type)  # what a decorated type is made of
        return by_type[kind.python_type]

    def special(self, name: str) -> dict[str, Any]:
        """What must be something in particular for the rows to hang together."""
        contact = self.ids.get("contact", 0)
        word = self.markers.get
        info = {"owner_kind": "contact", "owner_id": contact}
        hung = {"subject_kind": "contact", "subject_id": contact}
        return {
            "customer": {"is_person": True, "merged_into_id": None, "trashed_at": None},
            "contact": {"name": NAME, "trashed_at": None},
            "lead": {"trashed_at": None},
            "legal_entity": {"trashed_at": None},
            "contact_info": info | {"kind": "email", "value": word("contact_info.value"), "normal": ADDRESS},
            "card_file": info,
            "not_duplicate": {"kind": "contact", "one_id": contact, "other_id": contact + 1000},
            "visit": {"kind": "contact", "record_id": contact},
            "reminder": hung,
            "notification": hung,
            "letter": {"sender_address": ADDRESS, "message_id": word("letter.message_id"),
                       "recipients": {"to": [[word("letter.recipients"), "sales@office.example"]]}},
            "letter_link": {"kind": "interest", "record_id": self.ids.get("interest", 0)},
            "thread_id": {"message_id": word("letter.message_id"), "leads_to": word("thread_id.leads_to")},
            "correspondent": {"address": ADDRESS},
            "relation": {"from_id": self.ids.get("customer"), "to_id": self.ids.get("customer")},
            "outbox": {"status": "sent", "recipients": [ADDRESS]},
            "interest": {"amount_minor": None, "trashed_at": None},
            "document": {"kind": "other", "amount_minor": None},
            "mail_rule": {"condition": {"k": NAME}},
            "process": {"object_kind": "contact", "object_id": contact, "held_state_id": None},
        }.get(name, {})  # fmt: skip


LEFT_OUT = {
    "contact.name", "correspondent_word.word", "contact_info.normal", "letter.sender_address",
    "correspondent.address", "outbox.recipients", "mail_rule.condition", "thread_id.message_id",
}  # fmt: skip
"""Where something else stands than the marker."""


def bytes_of(path: Path) -> bytes:
    return b"".join(path.with_name(path.name + end).read_bytes() for end in ("", "-wal"))


def test_c_13_the_copy_has_every_word_and_the_erased_file_none(office: Office, tmp_path: Path) -> None:
    planted = Planted(office)
    contact = planted.ids["contact"]
    with office.store.work(office.actor, "task.gone") as work:
        gone = contacts.add(work, "Somebody Else")
        contact_info.set_all(work, "contact", contact, [("email", ADDRESS), ("mobile", NUMBER)])
    with office.store.read() as connection:
        person = person_search.find(connection, "contact", contact)
        counts = personal_export.write(connection, person, tmp_path / "person.zip", office.clock())
    assert sorted(name for name in PERSONAL if name not in counts) == []
    with zipfile.ZipFile(tmp_path / "person.zip") as packed:
        everything = b"\n".join(packed.read(name) for name in packed.namelist()).decode()
        assert json.loads(packed.read("person.json"))["person"]["name"] == person.title
    missing = {where for where, word in planted.markers.items() if word not in everything} - LEFT_OUT
    assert missing - {"contact_info.value"} == set()
    said = [word.encode() for word in planted.markers.values()]
    content = zlib.compress(planted.markers["file_content.content"].encode())
    said += [ADDRESS.encode(), NUMBER.encode(), b"Zhanibekova", content, base64.b64encode(content)]
    before = bytes_of(office.store.path)
    assert all(word in before for word in said[-5:])

    done = personal_data.erase(office.store, office.actor, "contact", contact, keep=False)

    assert done.rinsed.whole
    after = bytes_of(office.store.path).lower()
    found_there = {where for where, word in planted.markers.items() if word.encode() in after}
    named = ("saved_filter", "mail_rule", "segment", "import_run")  # are ours: only the name in them goes
    assert {where for where in found_there if where.split(".")[0] not in named} == set()
    for word in said[-5:]:
        assert word.lower() not in after
    with office.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM letter_fts('zhanibekova')").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM record_fts('zhanibekova')").scalar_one() == 0
        assert connection.execute(
            select(found("contact").c.name).where(found("contact").c.id == gone.key)
        ).scalar_one()
    assert [problem for problem in health.check(office.store.path) if problem.code == "search"] == []


def test_l_13_the_erasure_is_journalled_without_what_was_erased_and_is_not_undone(office: Office) -> None:
    with office.store.work(office.actor, "contact.add") as work:
        contact = contacts.add(work, NAME, notes="Likes pumps.", infos=[("email", ADDRESS)])
    with office.store.work(office.actor, "contact.change") as work:
        contacts.change(work, contact.key, role="Buyer")
    personal_data.erase(office.store, office.actor, "contact", contact.key)
    with office.store.read() as connection:
        lines = history.of(connection, "contact", contact.key)
        entry = connection.exec_driver_sql(
            "SELECT actor, command, undoable FROM journal_entry ORDER BY id DESC LIMIT 1"
        ).one()
        undoable = connection.exec_driver_sql(
            "SELECT count(*) FROM journal_row r JOIN journal_entry e ON e.id = r.entry_id "
            "WHERE undoable AND table_name IN ('contact', 'contact_info')"
        ).scalar_one()
    assert undoable == 0
    assert tuple(entry) == (office.actor.name, personal_data.COMMAND, 0)
    assert lines[0].command == personal_data.COMMAND
    assert not any(
        value in ("Likes pumps.", "Buyer", NAME) for line in lines for value in (line.before, line.after)
    )


def test_c_13_the_journal_is_guarded_again_after(office: Office) -> None:
    with office.store.work(office.actor, "contact.add") as work:
        contact = contacts.add(work, NAME)
    personal_data.erase(office.store, office.actor, "contact", contact.key)
    with sqlite3.connect(office.store.path) as connection:
        for act in ("DELETE FROM journal_row", "UPDATE journal_entry SET actor = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(act)
    connection.close()


def test_c_13_papers_with_money_stay_with_the_name_replaced(office: Office) -> None:
    with office.store.work(office.actor, "enter") as work:
        customer = customers.add(work, "Айгүл Серікова", is_person=True, notes="Private.")
        paper = documents.add(
            work, "invoice", title="Invoice for Айгүл Серікова", customer_id=customer.key, amount_minor=500
        )
        note = documents.add(work, "letter", title="Note of Серікова", customer_id=customer.key)
        deal = interests.add(work, "Pumps for Серіковой", customer_id=customer.key, amount_minor=7000)
        talk = interests.add(work, "Talk", customer_id=customer.key)
    with office.store.read() as connection:
        counts = {
            each.table: (each.erased, each.kept)
            for each in personal_data.preview(connection, "customer", customer.key).counts
        }
    assert (counts["document"], counts["interest"]) == ((1, 1), (1, 1))
    personal_data.erase(office.store, office.actor, "customer", customer.key)
    with office.store.work(office.actor, "look") as work:
        titles = [work.get(Document, key).title for key in (paper.key, note.key)]
        names = [work.get(Interest, key).name for key in (deal.key, talk.key)]
        kept = work.get(Customer, customer.key)
    assert titles == ["Invoice for [erased]", "[erased]"]
    assert names == ["Pumps for [erased]", "[erased]"]
    assert (kept.name, kept.notes, kept.trashed_at is None) == ("[erased]", "", False)


def test_c_13_a_firm_is_no_person_and_a_shared_address_is_not_theirs(office: Office) -> None:
    letter = office.letter(sender=("Info", "info@newco.example"))
    with office.store.work(office.actor, "enter") as work:
        firm = customers.add(work, "Newco", infos=[("email", "info@newco.example")])
        contact = contacts.add(work, NAME, customer_id=firm.key, infos=[("email", "info@newco.example")])
    with office.store.read() as connection:
        with pytest.raises(Refused) as refused:
            person_search.find(connection, "customer", firm.key)
        person = person_search.find(connection, "contact", contact.key)
    assert refused.value.code == "erase_firm"
    assert (person.shared, person.addresses, person.of("letter")) == (("info@newco.example",), (), set())
    personal_data.erase(office.store, office.actor, "contact", contact.key)
    with office.store.work(office.actor, "look") as work:
        assert work.get(Letter, letter.letter_id).subject == "Price of 20 pumps"


@pytest.mark.parametrize("from_server", [False, True])
def test_c_13_letters_are_not_fetched_again_and_go_from_the_server_when_asked(
    office: Office, from_server: bool
) -> None:
    letter = office.letter(sender=(NAME, ADDRESS))
    with office.store.work(office.actor, "enter") as work:
        contact = contacts.add(work, NAME, infos=[("email", ADDRESS)])
    personal_data.erase(office.store, office.actor, "contact", contact.key, from_server=from_server)
    with office.store.work(office.actor, "look") as work:
        erased, place = work.get(Letter, letter.letter_id), work.get(Placement, letter.key)
    assert (erased.body_state, erased.sender_address, erased.identity) == (
        "erased",
        "",
        "Price of 20 pumps/1",
    )
    assert (place.deleted, place.sender_key, place.srv_uid) == (from_server, "", 101)


def test_c_13_letters_from_an_address_of_earlier_are_theirs_and_once_more_does_no_harm(
    office: Office,
) -> None:
    letter = office.letter(sender=(NAME, ADDRESS))
    nobodys = office.letter("Without a sender", sender=("", ""), number=2)
    with office.store.work(office.actor, "enter") as work:
        contact = contacts.add(work, NAME, infos=[("email", ADDRESS)])
        other = contacts.add(work, "Olga Kim", notes="Not [erased] yet.")
    with office.store.work(office.actor, "contact.change") as work:
        contact_info.set_all(work, "contact", contact.key, [("email", "quralay@elsewhere.example")])
        contacts.change(work, contact.key, name="Married Name")
    for _time in range(2):
        personal_data.erase(office.store, office.actor, "contact", contact.key)
    with office.store.work(office.actor, "look") as work:
        assert work.get(Letter, letter.letter_id).subject == "[erased]"
        assert work.get(Letter, nobodys.letter_id).subject == "Without a sender"
        assert work.get(Contact, other.key).notes == "Not [erased] yet."
    with office.store.read() as connection:
        assert person_search.find(connection, "contact", contact.key).words == ()


def test_c_13_letters_on_their_way_stop_the_erasure(office: Office) -> None:
    planted = Planted(office)
    with office.store.facts("queue") as work:
        outbox = found("outbox")
        work.connection.execute(outbox.update().values(status="queued"))
    with pytest.raises(Refused) as refused:
        personal_data.erase(office.store, office.actor, "contact", planted.ids["contact"])
    assert refused.value.code == "erase_on_the_way"
    with office.store.work(office.actor, "look") as work:
        assert work.get(Contact, planted.ids["contact"]).name == NAME
