"""The screens in every language: nothing stays English, nothing is cut off for being long."""

import getpass
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from crm_tui import i18n
from crm_tui.app import CrmApp
from crm_tui.commands import registry
from crm_tui.domain import money
from crm_tui.domain.event import dates, recurrence_words
from crm_tui.domain.event.date_words import WEEKDAY_ABBREVIATIONS
from crm_tui.domain.event.recurrence import Rule
from crm_tui.screens.event.calendar_words import before_text, rule_text
from crm_tui.screens.shell import modes
from crm_tui.screens.wording import size_text, weekday
from crm_tui.services.event import calendar
from crm_tui.services.interest import interests
from crm_tui.services.ports import Ports
from crm_tui.services.task import tasks
from crm_tui.store.tables import Reminder, State
from crm_tui.widgets.footer import Footer
from tests.screens.keyboard import screen_text, settle
from tests.screens.mailbox import Mailbox
from tests.stores import START
from tests.waiting import settled

OTHERS = ("ru", "uk", "kk")
WIDTH, HEIGHT = 80, 24
KEY_NAMES = {"Enter", "Ctrl", "Esc", "Tab"}
NAMES = {"olga", "newco", "example", "Aliya", getpass.getuser()}
"""Of people and addresses: they stay as they are written."""
MODE_TITLES = {
    "en": ("Today", "Mail", "My Tasks", "Calendar", "Interests"),
    "ru": ("Сегодня", "Почта", "Мои задачи", "Календарь", "Интересы"),
    "uk": ("Сьогодні", "Пошта", "Мої завдання", "Календар", "Інтереси"),
    "kk": ("Бүгін", "Пошта", "Тапсырмаларым", "Күнтізбе", "Қызығушылықтар"),
}
SHOWN = {
    "en": ("Inquiries not processed: 1", "Inbox", "Overdue", "Week 47", "Waiting for client"),
    "ru": ("Необработанные обращения: 1", "Входящие", "Просрочено", "Неделя 47", "Ожидание клиента"),
    "uk": ("Неопрацьовані звернення: 1", "Вхідні", "Прострочено", "Тиждень 47", "Очікування клієнта"),
    "kk": ("Өңделмеген өтініштер: 1", "Кіріс", "Мерзімі өткен", "47-апта", "Клиентті күту"),
}
"""What each mode must say, in the order of the modes."""


@pytest.fixture
def speaking(make_app: Callable[..., CrmApp]) -> Callable[[str], CrmApp]:
    """An app in a language, and that language for the rest of the test."""

    def make(language: str) -> CrmApp:
        i18n.activate(language)
        return make_app()

    return make


@pytest.fixture
def office(ports: Ports) -> None:
    """One thing of each kind, named in Cyrillic, so that a Latin word on the screen can only be ours."""
    box = Mailbox(ports, "я2")
    box.letter("Цена насосов", "Сколько стоят?", sender="Ольга Ким <olga@newco.example>")
    owner = ports.actor.user_id
    assert owner is not None
    with ports.store.work(ports.actor, "setup") as work:
        interest = interests.add(work, "Насосы", owner_id=owner)
        (waiting,) = work.all(State, scenario_id=interest.scenario_id, code="waiting")
        interests.move(work, interest.key, waiting.key)
        tasks.add(work, "Позвонить", assignee_id=owner, due_at=START - timedelta(hours=20))
        begins = datetime.fromisoformat("2026-11-19T18:00")
        calendar.add(
            work,
            "Планёрка",
            dtstart=begins,
            dtend=begins + timedelta(hours=1),
            zone="Asia/Almaty",
            owner_id=owner,
            reminder_minutes=None,
        )
    with ports.store.facts("setup") as work:
        for reminder in work.all(Reminder):  # its popup would stand in the way
            work.remove(reminder)
    ports.store.feed.drain()


async def go(pilot: Pilot[int], app: CrmApp, mode: modes.Mode) -> None:
    """Into a mode by its digit."""
    await pilot.press(mode.digit)
    await settled(pilot, lambda: app.current_mode == mode.name)
    await settle(pilot)


def english_words(text: str) -> set[str]:
    """Latin words that are no names of keys."""
    return set(re.findall(r"[A-Za-z]{3,}", text)) - KEY_NAMES


WITH_DIGIT = [mode for mode in modes.MODES if mode.digit]


def assert_frame(app: CrmApp, language: str) -> None:
    """The mode's title and the most useful keys are whole and in the language; no line is too long."""
    lines = screen_text(app).splitlines()
    assert len(lines) == HEIGHT
    assert max(map(cell_len, lines)) <= WIDTH
    keys = app.screen.query_one(Footer).keys
    assert {title for _key, title in keys} <= {i18n._(one.title) for one in registry.all_commands()}
    whole = [f"{key} {title}" for key, title in keys if f"{key} {title}" in lines[-1]]
    assert len(whole) >= 3, lines[-1]
    assert keys[-1][1] == i18n._("Help")
    assert f"? {keys[-1][1]}" in lines[-1]
    assert "…" not in lines[-1]
    if language != "en":
        assert not english_words(screen_text(app))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_five_modes_speak_the_language_at_80x24(
    speaking: Callable[[str], CrmApp], office: None, language: str
) -> None:
    app = speaking(language)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        for mode, title, shown in zip(WITH_DIGIT, MODE_TITLES[language], SHOWN[language], strict=True):
            await go(pilot, app, mode)
            assert f"[{mode.digit} {title}]" in screen_text(app).splitlines()[0]
            assert shown in screen_text(app)
            assert_frame(app, language)


async def test_long_kazakh_words_keep_the_frame_at_60x16(
    speaking: Callable[[str], CrmApp], office: None
) -> None:
    app = speaking("kk")
    async with app.run_test(size=(60, 16)) as pilot:
        for mode, title in zip(WITH_DIGIT, MODE_TITLES["kk"], strict=True):
            await go(pilot, app, mode)
            lines = screen_text(app).splitlines()
            assert len(lines) == 16
            assert max(map(cell_len, lines)) <= 60
            assert f"[{mode.digit} {title}]" in lines[0]
            assert "? Анықтама" in lines[-1]
            assert "…" not in lines[-1]
            assert not english_words("\n".join(lines))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("digit", ["1", "2", "4"])
async def test_headings_of_lists_are_whole_at_80x24(
    speaking: Callable[[str], CrmApp], office: None, language: str, digit: str
) -> None:
    app = speaking(language)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.press(digit)
        await settle(pilot)
        headings = screen_text(app).splitlines()[1].partition("│")
        assert "…" not in (headings[2] or headings[0])


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    "keys",
    [("1", "a"), ("1", "a", "enter"), ("1", "enter"), ("4", "n"), ("4", "enter"), ("3", "n", "enter")],
    ids=["accept", "accept-2", "reader", "new-interest", "card", "new-event"],
)
async def test_dialogs_speak_the_language(
    speaking: Callable[[str], CrmApp], office: None, language: str, keys: tuple[str, ...]
) -> None:
    app = speaking(language)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        lines = screen_text(app).splitlines()
        assert max(map(cell_len, lines)) <= WIDTH
        assert english_words("\n".join(lines)) <= NAMES


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_weekdays_are_called_alike_everywhere(language: str) -> None:
    i18n.activate(language)
    monday = date(2026, 11, 16)
    names = tuple(weekday(monday + timedelta(days=day)) for day in range(7))
    assert names == WEEKDAY_ABBREVIATIONS[language]
    moment = dates.Moment(date(2026, 11, 21), None, ZoneInfo("Asia/Almaty"))
    assert dates.echo(moment, language, monday).split()[0] == names[5]


RULES = {
    "FREQ=DAILY": ("every day", "каждый день", "щодня", "күн сайын"),
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": (
        "every weekday",
        "по рабочим дням",
        "по робочих днях",
        "жұмыс күндері",
    ),
    "FREQ=WEEKLY;BYDAY=WE": ("every Wed", "каждый ср", "кожний ср", "ср сайын"),
    "FREQ=WEEKLY;BYDAY=MO,FR": ("every Mon, Fri", "каждые пн, пт", "кожні пн, пт", "дс, жм сайын"),
    "FREQ=WEEKLY;INTERVAL=2": ("every 2 weeks", "каждые 2 недели", "кожні 2 тижні", "2 апта сайын"),
    "FREQ=MONTHLY;BYDAY=-1FR": (
        "every month on the last Fri",
        "последний пт каждого месяца",
        "останній пт кожного місяця",
        "әр айдың соңғы жм",
    ),
    "FREQ=MONTHLY;BYDAY=2TU": (
        "every month on the second Tue",
        "второй вт каждого месяца",
        "другий вт кожного місяця",
        "әр айдың екінші сс",
    ),
    "FREQ=MONTHLY;BYMONTHDAY=15": (
        "every month on the 15",
        "15 числа каждого месяца",
        "15 числа кожного місяця",
        "әр айдың 15",
    ),
    "FREQ=YEARLY": ("every year", "каждый год", "щороку", "жыл сайын"),
}
LONGER = {
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO": (
        "every 2 weeks: Mon",
        "каждые 2 недели: пн",
        "кожні 2 тижні: пн",
        "2 апта сайын: дс",
    ),
    "FREQ=DAILY;INTERVAL=5;COUNT=3": (
        "every 5 days, 3 times",
        "каждые 5 дней, 3 раза",
        "кожні 5 днів, 3 рази",
        "5 күн сайын, 3 рет",
    ),
}


def in_all_languages(rule: str) -> list[str]:
    told = []
    for language in i18n.LANGUAGES:
        i18n.activate(language)
        told.append(rule_text(Rule.parse(rule)))
    return told


@pytest.mark.parametrize(("rule", "words"), (RULES | LONGER).items())
def test_repetitions_are_told_in_the_language(rule: str, words: tuple[str, ...]) -> None:
    assert in_all_languages(rule) == list(words)


@pytest.mark.parametrize("rule", RULES)
def test_an_ordinary_repetition_may_be_typed_as_it_is_told(rule: str) -> None:
    for language, told in zip(i18n.LANGUAGES, in_all_languages(rule), strict=True):
        assert recurrence_words.parse(told, [language]) == Rule.parse(rule), told


EXAMPLES = (
    "The date may be written in words: call Olga tomorrow 15:00",
    "For example: tomorrow 15:00, friday 10:00, 30.11 10:00, in 2 hours",
    "Say when: fri 15:00, tomorrow, every weekday 9:30.",
)
"""Messages that end in what may be typed."""


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("message", EXAMPLES)
def test_what_a_message_gives_as_an_example_is_understood(message: str, language: str) -> None:
    i18n.activate(language)
    told = i18n._(message)
    assert (told != message) is (language != "en")
    for example in told.partition(": ")[2].rstrip(".").split(", "):
        repetition, rest = recurrence_words.find(example, [language])
        moment, _rest = dates.find(rest, START, ZoneInfo("Asia/Almaty"), [language])
        assert moment is not None, example
        assert moment.day_told is (repetition is None), example


@pytest.mark.parametrize(
    ("language", "lead", "size", "amount"),
    [
        ("en", "15 minutes before", "12 KB", "₸1,200,000.50"),
        ("ru", "за 15 минут", "12 КБ", "1 200 000,50 ₸"),
        ("uk", "за 15 хвилин", "12 КБ", "1 200 000,50 ₸"),
        ("kk", "15 минут бұрын", "12 КБ", "1 200 000,50 ₸"),
    ],
)
def test_lead_times_sizes_and_money_follow_the_language(
    language: str, lead: str, size: str, amount: str
) -> None:
    i18n.activate(language)
    assert before_text(15) == lead
    assert size_text(12_000) == size
    shown = money.shown(money.Money(120_000_050, "KZT"), i18n.language())
    assert shown.replace("\u00a0", " ") == amount
