"""The demo's people and letters: the same every time, well-formed, and nothing left unsaid."""

import email
import email.policy
import string
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_tui.demo import files, talks
from crm_tui.demo.agenda import DUE_TODAY, OVERDUE, Agenda
from crm_tui.demo.content import LANGUAGES
from crm_tui.demo.content.language import LOST_STEPS, PRICES, SALE_STEPS, SERVICE_STEPS
from crm_tui.demo.letters import Writer, letters, message_id, place_of, subject
from crm_tui.demo.people import SERVICE_ADDRESS, colleagues, firms
from crm_tui.domain.identity import address
from crm_tui.domain.wall import to_wall
from crm_tui.parsing.letter import parse
from tests.stores import new_store

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SIZE = 700


def test_the_same_arguments_make_the_same_letters() -> None:
    first = list(letters(talks.plan("ru", 300, NOW)))
    again = list(letters(talks.plan("ru", 300, NOW)))
    other = list(letters(talks.plan("ru", 300, NOW, seed="another")))
    assert first == again
    assert first != other


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_of_letters_of_the_size_asked_for_oldest_first_and_in_the_past(language: str) -> None:
    company = talks.plan(language, SIZE, NOW)
    made = list(letters(company))
    times = [letter[3] for _user, letter in made]
    assert len(made) == SIZE
    assert times == sorted(times)
    assert times[-1] < NOW.timestamp() < times[-1] + 3600
    assert NOW - timedelta(days=420) < datetime.fromtimestamp(times[0], UTC) < NOW - timedelta(days=300)
    spoken = Counter(talk.language for talk in company.talks)
    assert set(spoken) == set(LANGUAGES)
    assert spoken.most_common(1)[0][0] == language


def test_every_letter_parses_and_no_slot_is_left_open() -> None:
    for language in LANGUAGES:
        for _user, (_folder, raw, _flags, when) in letters(talks.plan(language, SIZE, NOW)):
            letter = parse(raw)
            assert letter.subject
            assert letter.text
            assert "{" not in letter.subject + letter.text
            assert letter.date is not None
            assert letter.date.timestamp() == when
            assert max(map(len, raw.split(b"\r\n"))) <= 998
            assert not set(raw.replace(b"\r\n", b"")) & set(b"\r\n")


def test_a_standard_parser_reads_the_same_text_and_attachments() -> None:
    kinds: Counter[str] = Counter()
    for _user, (_folder, raw, _flags, _when) in letters(talks.plan("uk", SIZE, NOW)):
        standard = email.message_from_bytes(raw, policy=email.policy.default)
        ours = parse(raw)
        assert standard["Subject"] == ours.subject
        assert not standard.defects
        assert [item.name for item in ours.attachments if item.name] == [
            part.get_filename() for part in standard.walk() if part.get_filename()
        ]
        kinds[ours.kind] += 1
    assert set(kinds) == {"letter", "list", "auto_reply", "bounce", "invitation"}


def test_interests_stand_in_every_state_and_something_has_just_come() -> None:
    company = talks.plan("kk", SIZE, NOW)
    states = Counter(talk.state for talk in company.talks if talk.state)
    assert states == {**talks.SALES, **talks.SERVICES}
    assert states.total() == 120
    fresh = [talk for talk in company.talks if talk.fresh]
    assert len(fresh) == talks.FRESH
    assert {company.firms[talk.firm].known for talk in fresh} == {"customer", ""}
    writer = Writer(company)
    assert {writer.place(talk, 0) for talk in fresh} == {("INBOX", ())}


def test_an_answer_quotes_and_refers_to_what_it_answers() -> None:
    company = talks.plan("en", SIZE, NOW)
    talk = next(talk for talk in company.talks if talk.state == "won")
    writer = Writer(company)
    first, second = (parse(writer.letter(talk, step)) for step in (0, 1))
    assert second.in_reply_to == first.message_id
    assert second.subject == f"Re: {first.subject}"
    line = next(line for line in first.text.split("\n") if len(line) > 40)
    assert f"> {line}" in second.text
    assert second.attachments[0].name.endswith(".xlsx")


def test_a_message_id_tells_the_place_in_the_plan() -> None:
    company = talks.plan("en", 300, NOW)
    talk = company.talks[7]
    assert place_of(message_id(talk, 0)) == (7, 0)
    assert place_of("<somebody@else.example>") is None
    assert place_of("a.b.c@else.example") is None


def test_colleagues_write_in_the_language_of_the_company_whatever_the_others_speak() -> None:
    company = talks.plan("ru", SIZE, NOW)
    notes = {(title, asked) for title, asked, _answered in company.texts.notes}
    written = [talk for talk in company.talks if talk.kind == "note"]
    assert {talk.language for talk in written} == set(LANGUAGES)
    writer = Writer(company)
    for talk in written:
        text = " ".join(parse(writer.letter(talk, 0)).text.split())
        assert any(subject(company, talk) == title and text.startswith(asked) for title, asked in notes)


def test_newcomers_are_strangers_and_differ() -> None:
    company = talks.plan("ru", 0, NOW)
    made = [talks.newcomer(company, count) for count in range(4)]
    assert {company.firms[talk.firm].known for talk in made} == {""}
    assert len({(talk.firm, talk.person, subject(company, talk)) for talk in made}) == 4


def test_people_have_distinct_usable_addresses_of_example_hosts() -> None:
    people = [human for firm in firms("jelken") for human in firm.people]
    people += [human for texts in LANGUAGES.values() for human in colleagues(texts)]
    addresses = [human.address for human in people]
    assert all(address.is_valid(each) and each.isascii() for each in addresses)
    assert all(each.endswith(".example") for each in addresses)
    assert len(set(addresses) - {"timur.akhmetov@jelken.example"}) == len(addresses) - 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    texts = LANGUAGES[language]
    assert set(texts.steps) == {*SALE_STEPS, *LOST_STEPS, *SERVICE_STEPS}
    assert len(texts.products) == len(PRICES)
    assert set(texts.folders) == {"processed", "newsletters", "suppliers"}
    slots = {"first", "product", "qty", "unit", "price", "total", "number", "date", "city", "firm"}
    for step in texts.steps.values():
        for sentence in (each for paragraph in step for each in paragraph):
            assert {name for _t, name, _f, _c in string.Formatter().parse(sentence) if name} <= slots


def test_every_conversation_of_the_service_desk_lies_in_its_own_mailbox() -> None:
    owners = {user for user, _letter in letters(talks.plan("ru", SIZE, NOW))}
    assert owners == {"irina.sokolova@jelken.example", SERVICE_ADDRESS}


def test_attachments_open() -> None:
    import io
    import zipfile

    book = zipfile.ZipFile(io.BytesIO(files.xlsx([["A & B", "2"]])))
    assert book.testzip() is None
    assert b"A &amp; B" in book.read("xl/worksheets/sheet1.xml")
    page = files.pdf(["One (1)", "Two"])
    offset = int(page.split(b"startxref\n")[1].split(b"\n")[0])
    assert page[offset:].startswith(b"xref")
    assert b"(One \\(1\\)) Tj" in page


def test_letters_parsed_beside_this_process_come_in_the_same_order() -> None:
    from crm_tui.demo.load import in_order

    made = list(letters(talks.plan("en", 240, NOW)))
    batches = [made[start : start + 40] for start in range(0, 240, 40)]
    assert list(in_order(batches, 2)) == list(in_order(batches, 0))


def test_overdue_tasks_are_overdue_on_every_day_of_the_week_and_at_every_hour(tmp_path: Path) -> None:
    company = talks.plan("ru", 0, NOW)
    with closing(new_store(tmp_path)) as store, store.facts("plan") as work:
        for hour in range(7 * 24):
            now = NOW + timedelta(hours=hour)
            agenda = Agenda(work, replace(company, now=now), 1)
            due = [agenda.due() for _task in range(1 + OVERDUE)]
            assert all(each < now for each in due[1:]), now
            soon = [agenda.due() for _task in range(DUE_TODAY)]
            assert all(each > now for each in soon), now
            assert all(7 <= to_wall(each, company.zone).hour < 22 for each in soon), "nobody works at night"
