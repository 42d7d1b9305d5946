"""Today by keyboard alone (story A1)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from crm_tui.app import CrmApp
from crm_tui.domain.text import fold
from crm_tui.screens.event.calendar import CalendarScreen
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.task.tasks import TasksScreen
from crm_tui.screens.task.today import TodayScreen
from crm_tui.services.account import accounts
from crm_tui.services.event import calendar
from crm_tui.services.inquiry import inquiries
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.ports import Ports
from crm_tui.services.task import tasks
from crm_tui.store.queries import today
from crm_tui.store.tables import Folder, Interest, Letter, Placement, Reminder, Task
from tests.screens.keyboard import screen_text, settle, type_text
from tests.stores import START
from tests.waiting import settled

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
ACCOUNT = "sales@office.example"


def arrive(ports: Ports, subjects: list[str], *, unread: bool = True) -> list[int]:
    """Letters in the inbox of the one account, a minute apart, the last the newest; ids of the letters."""
    with ports.store.facts("setup") as work:
        (inbox,) = work.all(Folder, role="inbox")
        known = len(work.all(Letter))
        found = []
        for number, subject in enumerate(subjects, known):
            letter = work.add(
                Letter(
                    identity=str(number),
                    size=1000,
                    subject=subject,
                    sender_name="Olga Kim",
                    sender_address="olga@newco.example",
                    recipients={},
                    date=START - timedelta(hours=3) + timedelta(minutes=number),
                    body_state="full",
                )
            )
            work.add(
                Placement(
                    letter_id=letter.key,
                    folder_id=inbox.key,
                    date_key=int(letter.date.timestamp()),
                    sender_key="olga kim",
                    subject_key=fold(subject),
                    unread=unread,
                    flags=0 if unread else 1,
                    srv_folder_id=inbox.key,
                    srv_uid=100 + number,
                )
            )
            found.append(letter.key)
        return found


@pytest.fixture
def morning(ports: Ports) -> Interest:
    """What story A1 gives: 3 new letters, 4 tasks today of which 1 is overdue, 2 meetings, 1 neglected Interest."""
    user_id = ports.actor.user_id
    assert user_id is not None
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)
    with ports.store.work(ports.actor, "setup") as work:
        account = accounts.add(work, "office", ACCOUNT, imap_host="127.0.0.1")
    with ports.store.facts("setup") as work:
        work.add(Folder(account_id=account.key, name="Inbox", srv_name="INBOX", role="inbox"))
    arrive(ports, ["Read before"], unread=False)
    letters = arrive(ports, ["Spam offer", "Pumps", "Valves", "Pipes"])
    with ports.store.work(ports.actor, "setup") as work:
        inquiries.decline(work, letters[0])
        for title, hours in (("Call Aigul", 1), ("Send the offer", 2), ("Late one", -20), ("Report", 3)):
            tasks.add(work, title, assignee_id=user_id, due_at=START + timedelta(hours=hours))
        tasks.add(work, "Next week", assignee_id=user_id, due_at=START + timedelta(days=5))
        meetings = (
            ("Board", "2026-11-19T18:00"),
            ("Planning", "2026-11-20T10:00"),
            ("Fair", "2026-11-25T10:00"),
        )
        for summary, start in meetings:
            begins = datetime.fromisoformat(start)
            calendar.add(
                work,
                summary,
                dtstart=begins,
                dtend=begins + timedelta(hours=1),
                zone="Asia/Almaty",
                owner_id=user_id,
                reminder_minutes=None,
            )
        interest = interests.add(work, "Forgotten deal", owner_id=user_id)
        fresh = interests.add(work, "Fresh deal", owner_id=user_id)
        assert fresh.key
    with ports.store.facts("setup") as work:
        for reminder in work.all(Reminder):
            work.remove(reminder)
        stale = work.get(Interest, interest.key)
        work.change(stale, changed_at=START - timedelta(days=40))
        for task in work.all(Task, interest_id=interest.key) + work.all(Task, interest_id=fresh.key):
            work.change(task, due_at=START + timedelta(days=9))
    ports.store.feed.drain()
    return interest


def status(ports: Ports, title: str) -> str:
    with ports.store.facts("look") as work:
        return next(task.status for task in work.all(Task) if task.title == title)


@SIZES
async def test_elma_09_idx_38_four_blocks_on_one_screen(
    app: CrmApp, morning: Interest, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, TodayScreen)
        lines = [line[5:].strip() for line in screen_text(app).splitlines()]
        text = "\n".join(lines)
        for heading in (
            "Inquiries not processed: 4",
            "Tasks until tonight: 4 · overdue: 1",
            "Meetings today and tomorrow: 2",
            "Neglected: 1",
        ):
            assert heading in screen_text(app)
        order = [
            "Pipes",
            "Valves",
            "Pumps",
            "Read before",
            "Late one",
            "Call Aigul",
            "Send the offer",
            "Report",
        ]
        order += ["Board", "Planning", "Forgotten deal"]
        assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)
        for word in ("Spam offer", "Next week", "Fair", "Fresh deal", "No mail account"):
            assert word not in text
        assert "today 18:00–19:00" in text
        assert "tomorrow 10:00–11:00" in text
        assert "40 days" in text


@SIZES
@pytest.mark.parametrize(
    ("down", "done", "move", "undo"), [("j", "d", "z", "u"), ("о", "в", "я", "г")], ids=["latin", "russian"]
)
async def test_tasks_are_done_and_moved_where_they_stand(
    app: CrmApp,
    ports: Ports,
    morning: Interest,
    size: tuple[int, int],
    down: str,
    done: str,
    move: str,
    undo: str,
) -> None:
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press(done)
        await settle(pilot)
        assert "This is not a task." in screen_text(app)
        await pilot.press(down, down, down, down, done)
        await settle(pilot)
        assert status(ports, "Late one") == "done"
        assert "Tasks until tonight: 3" in screen_text(app)
        await pilot.press(undo)
        await settle(pilot)
        assert status(ports, "Late one") == "open"
        assert "Tasks until tonight: 4 · overdue: 1" in screen_text(app)
        await pilot.press(move)
        await settle(pilot)
        await type_text(pilot, "завтра 10:00")
        await pilot.press("enter")
        await settle(pilot)
        assert "Tasks until tonight: 3 · overdue: 1" in screen_text(app)


@SIZES
async def test_a_task_in_one_line(
    app: CrmApp, ports: Ports, morning: Interest, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        await type_text(pilot, "Позвонить сегодня 18:30")
        await pilot.press("enter")
        await settle(pilot)
        assert status(ports, "Позвонить") == "open"
        assert "today 18:30" in screen_text(app)


async def test_enter_opens_what_the_row_stands_for(app: CrmApp, ports: Ports, morning: Interest) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("G", "enter")
        await settle(pilot)
        assert isinstance(app.screen, InterestScreen)
        assert "Forgotten deal" in screen_text(app)
        await pilot.press("0", "k", "enter")
        await settle(pilot)
        assert isinstance(app.screen, CalendarScreen)
        assert "Fri 20.11 10:00–11:00 · Planning" in screen_text(app)
        await pilot.press("0", "k", "k", "enter")
        await settle(pilot)
        assert isinstance(app.screen, TasksScreen)
        assert "▌" in next(line for line in screen_text(app).splitlines() if "Report" in line)


async def test_mail_10_an_inquiry_is_accepted_from_here(app: CrmApp, ports: Ports, morning: Interest) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("a")
        await settle(pilot)
        for _step in range(3):
            await pilot.press("enter")
            await settle(pilot)
        await pilot.press("0")
        await settle(pilot)
        assert "Inquiries not processed: 3" in screen_text(app)
        assert "Pipes" not in screen_text(app).split("Tasks until")[0]


async def test_the_cursor_stays_when_something_arrives(app: CrmApp, ports: Ports, morning: Interest) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("j", "j", "j", "j", "j")
        await settle(pilot)
        arrive(ports, ["Brand new"])
        await settle(pilot)
        text = screen_text(app)
        assert "Inquiries not processed: 5" in text
        assert "Brand new" in text
        assert "Call Aigul" in next(line for line in text.splitlines() if line.startswith("▌"))


async def test_elma_09_a_heading_says_when_not_all_stand_below_it_and_enter_lists_them(
    app: CrmApp, ports: Ports, morning: Interest
) -> None:
    arrive(ports, [f"Letter {number}" for number in range(9)])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Inquiries not processed: 13 · the newest 5 stand here" in screen_text(app)
        assert "Neglected: 1\n" in screen_text(app) + "\n"
        await pilot.press(*"jjjjj", "enter")
        await settle(pilot)
        assert isinstance(app.screen, MailScreen)
        assert "Inquiries not decided" in screen_text(app)
        assert "13 letters found." in screen_text(app)


@SIZES
async def test_a_first_start_says_how_to_add_an_account(app: CrmApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert "crm account add NAME YOU@EXAMPLE.COM" in screen_text(app)
        assert "Nothing waits for you." in screen_text(app)


def test_inquiries_are_found_by_the_index_of_the_dates(ports: Ports, morning: Interest) -> None:
    plans: list[str] = []

    def explain(connection, _cursor, statement, parameters, *_more) -> None:  # type: ignore[no-untyped-def]
        rows = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plans.extend(row[3] for row in rows if "placement" in row[3])

    with ports.store.read() as connection:
        event.listen(connection, "before_cursor_execute", explain)
        assert today.inquiries(connection, 5)[0] == 4
    assert any("ix_placement_by_date" in plan for plan in plans)
    assert all("ix_placement_by_date" in plan or "PRIMARY KEY" in plan for plan in plans)


def test_no_more_inquiries_are_counted_than_are_of_use(
    ports: Ports, morning: Interest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "COUNTED", 2)
    with ports.store.read() as connection:
        count, newest = today.inquiries(connection, 5)
        assert today.inquiries_at_once(connection, 5) == (count, newest)
    assert (count, len(newest)) == (2, 4)


async def test_where_inquiries_are_far_to_seek_the_screen_waits_for_them(
    app: CrmApp, ports: Ports, morning: Interest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "AT_ONCE", 0)
    with ports.store.read() as connection:
        assert today.inquiries_at_once(connection, 5) is None
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "Inquiries not processed: 4" in screen_text(app))
        await pilot.press("j", "j", "enter")
        await settled(pilot, lambda: "This letter has no text." in screen_text(app))
        assert "Pumps" in screen_text(app)


async def test_meetings_at_one_time_are_no_alarm(app: CrmApp, morning: Interest, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        calendar.add(
            work,
            "Second board",
            dtstart=datetime.fromisoformat("2026-11-19T18:30"),
            dtend=datetime.fromisoformat("2026-11-19T19:30"),
            zone="Asia/Almaty",
            owner_id=ports.actor.user_id or 0,
            reminder_minutes=None,
        )
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        signs = {line[:4].strip() for line in screen_text(app).splitlines() if "oard" in line}
        assert signs == {""}
