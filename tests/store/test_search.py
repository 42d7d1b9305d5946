"""Search over letters and records."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from crm_tui.domain.letter.flags import Flag
from crm_tui.domain.query import parse
from crm_tui.store import health
from crm_tui.store.engine import Store
from crm_tui.store.finding import search_letters, search_records
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Interest,
    Lead,
    Letter,
    LetterText,
    Scenario,
    State,
    Task,
    User,
    table_of,
)
from crm_tui.store.undo import undo
from crm_tui.store.work import Actor
from tests.store.letters import NOON, account, folder, letter
from tests.stores import TestClock, new_store

ME = Actor("me", 1)


def found(store: Store, line: str, **options: object) -> list[int]:
    with store.read() as connection:
        query = parse(line, NOON + timedelta(minutes=1), UTC)
        return list(search_letters(connection, query, **options))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = new_store(tmp_path / "store", TestClock())
    with store.work(ME, "user.add") as work:
        work.add(User(login="me", name="Me"))
    return store


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Подписали договоры поставки", "договор"),
        ("Прошу договор", "договорами"),
        ("Новый счёт на оплату", "счет"),
        ("Новый счет на оплату", "СЧЁТ"),
        ("Надішліть рахунки сьогодні", "рахунків"),
        ("Тауарларды жеткізу", "тауар"),
        ("The invoice is attached", "invoice"),
        ("The invoice is attached", "invo"),
        ("The invoice is attached", "attach* inv"),
        ("Ärger mit Müller", "muller"),
        ("Order № 77-12/б", "77-12"),
        ("Call at 10:00, see https://example.com/a?b=c", "https://example.com"),
        ("Straße", "strasse"),
        ("купить вагон леса", '"вагон леса"'),
        ("one two three", "three one"),
    ],
)
def test_a_letter_is_found_by_forms_and_beginnings_of_its_words(store: Store, text: str, line: str) -> None:
    inbox = folder(store, account(store))
    letter(store, inbox, "other", "nothing of it")
    wanted = letter(store, inbox, "re", text)
    assert found(store, line) == wanted


@pytest.mark.parametrize(
    ("line", "finds_word", "finds_beginning"),
    [
        ("б", True, False),
        ("план б", True, False),
        ("from:б", False, False),
        ("subject:б", True, False),
        ("план б*", True, False),
        ("бе", False, True),
        ("from:бе", False, True),
        ("x@б", False, False),
    ],
)
def test_one_letter_is_a_word_and_two_are_a_beginning(
    store: Store, line: str, finds_word: bool, finds_beginning: bool
) -> None:
    inbox = folder(store, account(store))
    (beginning,) = letter(store, inbox, "План бетонных работ", "x@бета", sender=("Беке", "x@example.com"))
    (word,) = letter(store, inbox, "План Б", "запасной")
    found_now = found(store, line)
    assert (word in found_now, beginning in found_now) == (finds_word, finds_beginning)


def test_words_in_subject_and_text_are_one_letter_and_a_missing_word_is_none(store: Store) -> None:
    inbox = folder(store, account(store))
    wanted = letter(store, inbox, "Поставка", "цемента")
    assert found(store, "поставки цемент") == wanted
    assert found(store, "поставки песок") == []
    assert found(store, '"цемента поставка"') == []
    assert found(store, "поставк -цемент") == []


def test_fields_narrow_the_search(store: Store) -> None:
    account_id = account(store)
    inbox, sent = folder(store, account_id), folder(store, account_id, "Отправленные", "sent")
    (asked,) = letter(
        store,
        inbox,
        "Договор аренды",
        "текст",
        days_ago=3,
        flags=Flag.SEEN | Flag.FLAGGED,
        has_attachments=True,
    )
    (answered,) = letter(
        store, sent, "Re: аренда", "договоры внутри", sender=("Мы", "me@example.org"), to="aigul@example.com"
    )
    assert found(store, "договор") == [answered, asked]
    assert found(store, "from:aigul") == [asked]
    assert found(store, "to:aigul договор") == [answered]
    assert found(store, "subject:договоры") == [asked]
    assert found(store, "folder:отправл") == [answered]
    assert found(store, "договор folder:inbox") == [asked]
    assert found(store, "-folder:inbox") == [answered]
    assert found(store, "is:unread") == [answered]
    assert found(store, "договор is:read") == [asked]
    assert found(store, "is:important") == [asked]
    assert found(store, "has:attachment") == [asked]
    assert found(store, "after:2026-11-18") == [answered]
    assert found(store, "договор before:2026-11-18") == [asked]
    assert found(store, "договор", folder_ids=[inbox]) == [asked]
    assert found(store, "-аренда") == []
    assert found(store, "договор -внутри") == [asked]
    assert found(store, "-внутри") == [asked]


def test_newest_first_whatever_order_they_came_in_and_page_by_page(store: Store) -> None:
    account_id = account(store)
    folders = [folder(store, account_id), folder(store, account_id, "Archive", "archive")]
    ages = [5, 1, 9, 3, 3, 7, 2, 8, 0, 4]
    places = {age: [] for age in ages}  # type: dict[int, list[int]]
    for number, age in enumerate(ages):
        places[age] += letter(
            store, folders if age == 7 else folders[0], f"report {number}", "rain", days_ago=age
        )
    in_order = [one for age in sorted(places) for one in sorted(places[age], reverse=age != 7)]
    for line in ("rain", "before:2027-01-01"):
        everything = found(store, line)
        assert sorted(everything) == sorted(in_order)
        by_date = [next(age for age, ids in places.items() if one in ids) for one in everything]
        assert by_date == sorted(by_date)
        pages: list[int] = []
        while page := found(store, line, limit=3, before=pages[-1] if pages else None):
            assert len(page) <= 4
            pages += page
        assert pages == everything


def test_a_letter_is_found_by_its_header_before_its_text_is_here(store: Store) -> None:
    inbox = folder(store, account(store))
    places = letter(store, inbox, "Смета", None)
    assert found(store, "смета") == places
    assert found(store, "кирпич") == []
    with store.arrivals("body") as work:
        row = work.find(Letter, subject="Смета")
        assert row is not None
        work.connection.execute(insert(table_of(LetterText)).values(letter_id=row.key, text="кирпичи"))
        work.touch(Letter, [row.key])
    assert found(store, "смета") == places
    assert found(store, "смета кирпич") == places
    assert health.check(store.path) == []


def test_hidden_folders_and_deleted_places_are_not_found(store: Store) -> None:
    account_id = account(store)
    inbox, hidden = folder(store, account_id), folder(store, account_id, "Old", "", hidden=True)
    letter(store, hidden, "secret", "plan")
    (place,) = letter(store, inbox, "open", "plan")
    assert found(store, "plan") == [place]
    with store.work(ME, "letter.delete") as work:
        from crm_tui.store.tables import Placement

        work.change_many(Placement, [place], deleted=True)
    assert found(store, "plan") == []
    assert found(store, "is:unread") == []


def test_more_hits_than_one_look_and_a_rare_condition(store: Store) -> None:
    inbox = folder(store, account(store))
    (old,) = letter(store, inbox, "weekly", "report", days_ago=900, flags=Flag.FLAGGED)
    with store.arrivals("many") as work:
        from crm_tui.store.tables import Placement

        for number in range(900):
            row = work.add(
                Letter(
                    identity=str(number), size=1, subject="weekly report", date=NOON - timedelta(hours=number)
                )
            )
            work.add(
                Placement(
                    letter_id=row.key, folder_id=inbox, date_key=int(row.date.timestamp()), sender_key=""
                )
            )
    assert found(store, "report is:important") == [old]
    assert len(found(store, "report", limit=1000)) == 901
    assert len(found(store, "report", limit=50)) == 50
    assert found(store, "-report") == []


def records(store: Store, text: str) -> list[tuple[str, str, str]]:
    with store.read() as connection:
        return [(row.kind, row.title, row.subtitle) for row in search_records(connection, text)]


def test_a_name_is_found_in_other_letters_too(store: Store) -> None:
    now = store.clock()
    with store.work(ME, "customer.add") as work:
        for name in ("Ольга Щербакова", "Olga Zarechnaya", "Совсем другое"):
            work.add(Customer(name=name, name_fold="", created_at=now, changed_at=now))
    both = {"Ольга Щербакова", "Olga Zarechnaya"}
    assert {title for _kind, title, _beside in records(store, "olga")} == both
    assert {title for _kind, title, _beside in records(store, "ольга")} == both
    assert [title for _kind, title, _beside in records(store, "olga shcherb")] == ["Ольга Щербакова"]
    assert [title for _kind, title, _beside in records(store, "заречн")] == ["Olga Zarechnaya"]
    assert records(store, "xo") == []


def test_records_follow_every_change_and_undo(store: Store) -> None:
    now = store.clock()
    with store.work(ME, "customer.add") as work:
        customer = work.add(
            Customer(name="ТОО Алмаз", name_fold="", city="Шымкент", created_at=now, changed_at=now)
        )
        contact = work.add(
            Contact(customer_id=customer.key, name="Жұмабек", name_fold="", created_at=now, changed_at=now)
        )
        info = work.add(
            ContactInfo(
                owner_kind="contact", owner_id=contact.key, kind="email", value="ZH@x.kz", normal="zh@x.kz"
            )
        )
        work.add(Lead(name="Пётр", name_fold="", company="Ромашка", created_at=now, changed_at=now))
        scenario = work.add(Scenario(code="sale", name="Sale"))
        state = work.add(State(scenario_id=scenario.key, code="new", name="New", position=0))
        work.add(
            Interest(
                name="Насосы",
                name_fold="",
                scenario_id=scenario.key,
                state_id=state.key,
                customer_id=customer.key,
                state_since=now,
                created_at=now,
                changed_at=now,
            )
        )
        work.add(Task(title="Позвонить", title_fold="", assignee_id=1, created_at=now, changed_at=now))
    assert records(store, "алмазы") == [("customer", "ТОО Алмаз", "Шымкент")]
    assert records(store, "zh@x") == [("contact", "Жұмабек", "ТОО Алмаз")]
    assert records(store, "петр ром") == [("lead", "Пётр", "Ромашка")]
    assert records(store, "насос") == [("interest", "Насосы", "ТОО Алмаз, New")]
    assert records(store, "позвон") == [("task", "Позвонить", "")]
    with store.work(ME, "contact.forget") as work:
        work.remove(info)
        work.change(customer, name="ТОО Рубин")
    assert records(store, "zh@x") == []
    assert records(store, "алмаз") == []
    assert records(store, "рубин")[0][1] == "ТОО Рубин"
    undo(store, ME)
    assert [row[1] for row in records(store, "алмаз")] == ["ТОО Алмаз"]
    assert records(store, "zh@x") == [("contact", "Жұмабек", "ТОО Алмаз")]
    assert health.check(store.path) == []


def test_a_title_counts_more_than_notes_and_the_answer_is_limited(store: Store) -> None:
    now = store.clock()
    with store.work(ME, "task.add") as work:
        for number in range(30):
            work.add(
                Task(
                    title=f"Task {number}",
                    title_fold="",
                    notes="pump " * 3,
                    assignee_id=1,
                    created_at=now,
                    changed_at=now,
                )
            )
        work.add(Task(title="Pump", title_fold="", assignee_id=1, created_at=now, changed_at=now))
        work.add(Task(title="Other", title_fold="", assignee_id=1, created_at=now, changed_at=now))
    rows = records(store, "pump")
    assert rows[0][1] == "Pump"
    assert len(rows) == 31
    with store.read() as connection:
        assert len(search_records(connection, "pump", limit=5)) == 5


SPECIAL = [
    '"',
    "'",
    "*",
    "^",
    "(",
    ")",
    "{",
    "}",
    ":",
    "-",
    "+",
    "NEAR",
    "AND",
    "OR",
    "NOT",
    "\x00",
    "%",
    "_",
    "\\",
    ";",
]
LINES = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    *SPECIAL,
                    "from:",
                    "to:",
                    "subject:",
                    "folder:",
                    "-subject:",
                    "after:",
                    "is:",
                    "договор",
                    "🙂",
                    "ё",
                ]
            ),
            st.text(max_size=6),
        ),
        max_size=12,
    ).map("".join),
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = new_store(tmp_path_factory.mktemp("search") / "store", TestClock())
    with store.work(ME, "user.add") as work:
        work.add(User(login="me", name="Me"))
        now = store.clock()
        work.add(Task(title="договор", title_fold="", assignee_id=1, created_at=now, changed_at=now))
    letter(store, folder(store, account(store)), "договор NEAR (a) 50% _", 'x "quoted" AND y')
    return store


@settings(max_examples=150)
@given(line=LINES)
def test_assurance_26_any_search_line_is_answered(filled: Store, line: str) -> None:
    letters = found(filled, line)
    assert set(letters) <= {1}
    with filled.read() as connection:
        assert len(search_records(connection, line)) <= 1


@pytest.mark.parametrize("line", ["§§", "🙂", "* *", "from:🙂", '"!"'])
def test_what_has_no_word_finds_nothing(filled: Store, line: str) -> None:
    assert found(filled, line) == []
    with filled.read() as connection:
        assert search_records(connection, line) == []


def test_an_index_of_another_layout_is_built_anew(store: Store) -> None:
    wanted = letter(store, folder(store, account(store)), "Поставка", "цемента")
    store.close()
    from crm_tui.store import driver

    connection = driver.dbapi.connect(str(store.path))
    connection.execute("DROP TABLE letter_fts")
    connection.execute("PRAGMA user_version=0")
    connection.commit()
    connection.close()
    assert found(Store(store.path, TestClock()), "цемент") == wanted


def test_a_missing_document_is_told_by_the_check(store: Store) -> None:
    letter(store, folder(store, account(store)), "Поставка", "цемента")
    with store.arrivals("careless") as work:
        work.connection.execute(
            insert(table_of(Letter)).values(
                identity="x",
                size=1,
                message_id="",
                in_reply_to="",
                references="",
                thread_key="",
                subject="",
                sender_name="",
                sender_address="",
                recipients={},
                date=NOON,
                kind="letter",
                snippet="",
                has_attachments=False,
                body_state="none",
            )
        )
    (problem,) = health.check(store.path)
    assert (problem.code, problem.detail) == ("search", "letter 2")
