"""Quick search, the form of the filter, and the saved filters, by keyboard alone."""

from collections.abc import Callable

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.letter.flags import Flag
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.letter.mail_filter_form import FilterForm
from crm_tui.screens.lists.condition_editor import ConditionEditor
from crm_tui.screens.lists.saved_filters import SavedFilters
from crm_tui.services.ports import Ports
from crm_tui.store.tables import SavedFilter
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox
from tests.screens.test_mail import on_layout


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    made = Mailbox(ports)
    made.letter("Price of 20 pumps", "What do they cost? 100% sure we buy.")
    made.letter("Договор поставки", "Прошу прислать накладную.", sender="Пётр Иванов <petr@zavod.example>")
    made.letter("Pump news", "Buy now!", sender="Pump news <news@pumps.example>", flags=Flag.SEEN)
    made.letter("Our offer for pumps", "As agreed.", folder="sent", flags=Flag.SEEN)
    return made


async def opened(app: CrmApp, pilot: object, *keys: str) -> MailScreen:
    await pilot.press("1", *keys)  # type: ignore[attr-defined]
    await settle(pilot)  # type: ignore[arg-type]
    assert isinstance(app.screen_stack[0], MailScreen)
    return app.screen_stack[0]


def subjects(app: CrmApp) -> list[str]:
    text = screen_text(app)
    known = ("Price of 20", "Договор поставки", "Pump news", "Our offer")
    return [one for one in known if one in text.replace("Pump news      Pump news", "Pump news")]


async def test_mail_44_quick_search_looks_at_every_column_and_the_text(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        for words, found in (
            ("price", ["Price of 20"]),  # subject
            ("petr@z", ["Договор поставки"]),  # sender by address
            ("Петр", ["Договор поставки"]),  # and by name
            ("накладные", ["Договор поставки"]),  # text, another form of the word
            ("ali", ["Price of 20", "Договор поставки", "Pump news"]),  # recipients
        ):
            await pilot.press("/")
            await type_text(pilot, words)
            await settle(pilot)
            assert subjects(app) == found, words
            await pilot.press("esc")


async def test_mail_44_quick_search_goes_over_all_folders(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "g", "/")
        await type_text(pilot, "pumps")
        await settle(pilot)
        assert subjects(app) == ["Price of 20", "Pump news", "Our offer"]


@pytest.mark.parametrize("by_threads", [False, True], ids=["letters", "threads"])
async def test_mail_44_what_is_found_in_all_folders_says_where_it_lies(
    app: CrmApp, mailbox: Mailbox, *, by_threads: bool
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, *(("J",) if by_threads else ()), "g", "/")
        await type_text(pilot, "pumps\n")
        await settle(pilot)
        lines = screen_text(app).splitlines()
        assert any("Folder" in line and "Subject" in line for line in lines)
        assert any("Our offer" in line and "Sent" in line for line in lines)
        assert any("Price of 20" in line and "Inbox" in line for line in lines)


@pytest.mark.parametrize("layout", ["latin", "uk"])
async def test_mail_45_the_form_has_two_modes_and_tab_goes_between_them(
    app: CrmApp, mailbox: Mailbox, layout: str
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press(on_layout("f", layout))
        await settle(pilot)
        assert isinstance(app.screen, FilterForm)
        for label in ("Period", "Sender", "Recipient", "Subject", "Text", "Owner", "Only unread"):
            assert label in screen_text(app)
        assert "Comparison" not in screen_text(app)
        await pilot.press("tab")
        await settle(pilot)
        assert "Comparison" in screen_text(app)
        assert "Recipient" not in screen_text(app)
        assert "Only unread" in screen_text(app)
        await pilot.press("tab", "esc")
        await settle(pilot)
        assert len(app.screen_stack) == 1


async def test_mail_46_each_field_of_the_simple_form_narrows(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        for downs, typed, found in (
            (0, "петр", ["Договор поставки"]),
            (1, "ali", ["Price of 20", "Договор поставки", "Pump news"]),
            (2, "20%", []),
            (3, "накладная", ["Договор поставки"]),
        ):
            await pilot.press("f", *["down"] * downs)
            await type_text(pilot, typed)
            await pilot.press("enter")
            await settle(pilot)
            assert subjects(app) == found, typed
            await pilot.press("esc")
            await settle(pilot)


async def test_mail_46_period_owner_and_unread_combine_with_and(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "f", "up")
        await type_text(pilot, "yesterday..today")
        await settle(pilot)
        assert "Date is between “yesterday” and “today”" in screen_text(app)
        await pilot.press("up", "up", "right", "enter")  # past "where" to "only unread"
        await settle(pilot)
        assert subjects(app) == ["Price of 20", "Договор поставки"]
        await pilot.press("f", "down", "down")
        await type_text(pilot, "price")
        await pilot.press("down", "down", "right", "enter")  # owner: me, who owns no mailbox here
        await settle(pilot)
        assert subjects(app) == []
        await pilot.press("f", "up", "end")
        await type_text(pilot, "the day after never")
        await pilot.press("enter")
        await settle(pilot)
        assert "is not a date that I understand" in screen_text(app)


async def test_mail_47_one_field_a_comparison_and_a_value(app: CrmApp, mailbox: Mailbox) -> None:
    everything = ["Price of 20", "Договор поставки", "Pump news"]
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        for keys, typed, found in (
            (["down", "right", "down"], "news", ["Price of 20", "Договор поставки"]),  # does not contain
            (["s", "down", "b", "down"], "pump", ["Pump news"]),  # subject begins with
            (["d", "down", "right", "right", "down"], "today", []),  # date is after
            (["m", "down", "left"], "", everything),  # mailing list is empty
            (["u"], "", ["Price of 20", "Договор поставки"]),  # unread: yes
        ):
            await pilot.press("f", "tab", *keys)
            await type_text(pilot, typed)
            await pilot.press("enter")
            await settle(pilot)
            assert subjects(app) == found, screen_text(app)
            await pilot.press("esc")
            await settle(pilot)


async def test_mail_47_more_conditions_in_the_editor(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, "f")
        await type_text(pilot, "petr")
        await pilot.press("ctrl+e")
        await settle(pilot)
        assert isinstance(app.screen, ConditionEditor)
        await pilot.press("home", "e", "e", "e", "e", "N")  # all, any, none, all, any
        await settle(pilot)
        await pilot.press("D", "home", "n")
        await settle(pilot)
        await pilot.press("space")
        await settle(pilot)
        await type_text(pilot, "subj")
        await pilot.press("enter", "down", "down")
        await type_text(pilot, "news")
        await pilot.press("enter")
        await settle(pilot)
        assert "Sender contains “petr” or Subject contains “news”" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert app.screen_stack[-1] is screen
        assert subjects(app) == ["Договор поставки", "Pump news"]
        await pilot.press("f")
        await settle(pilot)
        assert isinstance(app.screen, ConditionEditor), "what the form cannot show is edited in the editor"


async def test_mail_48_found_letters_stand_in_the_list_itself(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, "j", "j", "f")
        await type_text(pilot, "petr")
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is screen
        assert "Filter (this folder): Sender contains “petr”" in " ".join(screen_text(app).split())
        assert subjects(app) == ["Договор поставки"]
        await pilot.press("esc")
        await settle(pilot)
        assert subjects(app) == ["Price of 20", "Договор поставки", "Pump news"]
        assert "Filter (" not in screen_text(app)
        assert screen._list.position == 1, "the cursor stays on the letter found"


async def test_mail_48_over_all_folders_a_column_says_where(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, "f", "down", "down")
        await type_text(pilot, "pump")
        await pilot.press("up", "up", "up", "up", "right", "enter")
        await settle(pilot)
        text = screen_text(app)
        assert subjects(app) == ["Price of 20", "Pump news", "Our offer"]
        assert "Folder" in text
        assert ["Sent" in line for line in text.splitlines() if "Our offer" in line] == [True]
        await pilot.press("/")
        await type_text(pilot, "agreed")
        await settle(pilot)
        assert subjects(app) == ["Our offer"]
        await pilot.press("esc")
        await settle(pilot)
        assert screen.filtering is not None
        await pilot.press("O")  # sorted otherwise, still filtered
        await settle(pilot)
        assert screen._list.count == 3
        await pilot.press("esc")
        await settle(pilot)
        assert screen.folder_id == mailbox.folders["inbox"]


async def test_mail_48_another_folder_ends_the_filter(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, "f")
        await type_text(pilot, "petr")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("shift+tab", "j", "j")
        await settle(pilot)
        assert screen.filtering is None
        assert subjects(app) == ["Our offer"]


async def test_mail_48_the_filter_is_there_again_in_the_next_session(
    make_app: Callable[..., CrmApp], mailbox: Mailbox
) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "f")
        await pilot.press("down", "down", "down", "down", "down", "right", "enter")  # only unread
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
        app.save_session()
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        assert subjects(app) == ["Price of 20", "Договор поставки"]
        assert screen._list.position == 1, "the cursor stands where it stood"
        assert "Filter (this folder)" in screen_text(app)


async def test_elma_29_corp_45_a_filter_is_kept_and_applied_by_one_key(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, "f")
        await type_text(pilot, "petr")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("F")
        await settle(pilot)
        assert isinstance(app.screen, SavedFilters)
        await pilot.press("n")
        await settle(pilot)
        await type_text(pilot, "From the plant")
        await pilot.press("enter")
        await settle(pilot)
        assert "From the plant" in screen_text(app)
        await pilot.press("esc", "esc")
        await settle(pilot)
        assert screen.filtering is None
        await pilot.press("F", "enter")
        await settle(pilot)
        assert subjects(app) == ["Договор поставки"]
        assert "From the plant" in screen_text(app)
        await pilot.press("esc", ":")
        await type_text(pilot, "filter from")
        await pilot.press("enter")
        await settle(pilot)
        assert screen.filtering is not None
        assert screen.filtering.name == "From the plant"
        await pilot.press("esc", "shift+tab", "G", "enter")  # it stands below the folders, too
        await settle(pilot)
        assert "Saved filters" in screen_text(app)
        assert screen.filtering is not None
        assert screen.filtering.everywhere
        assert subjects(app) == ["Договор поставки"]


async def test_elma_30_folders_and_filters_of_everybody(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "f")
        await type_text(pilot, "petr")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("F", "N")
        await settle(pilot)
        await type_text(pilot, "Suppliers")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        await type_text(pilot, "Plant")
        await pilot.press("enter")
        await settle(pilot)
        folder, kept = rows(mailbox)
        assert kept.parent_id == folder.key
        await pilot.press("home", "D")
        await settle(pilot)
        assert "is not empty" in screen_text(app)
        await pilot.press("M")
        await settle(pilot)
        await type_text(pilot, "everybody")
        await pilot.press("enter")
        await settle(pilot)
        assert [one.user_id for one in rows(mailbox)] == [None, None]
        assert "Everybody's filters" in screen_text(app)


async def test_elma_31_a_filter_is_changed_renamed_deleted_and_brought_back(
    app: CrmApp, mailbox: Mailbox
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "F")
        assert "With files, last 30 days" in screen_text(app), "there are filters from the start"
        await pilot.press("enter")
        await settle(pilot)
        assert subjects(app) == ["Price of 20", "Договор поставки"]
        await pilot.press("F", "n")
        await settle(pilot)
        await type_text(pilot, "New ones")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        await type_text(pilot, " of all")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        await pilot.press("end", "e")
        await settle(pilot)
        await pilot.press("down", "down", "n", "enter")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        (kept,) = rows(mailbox)
        assert kept.name == "New ones of all"
        assert kept.condition == {"all": [{"field": "unread", "op": "equals", "value": False}]}
        await pilot.press("D")
        await settle(pilot)
        assert rows(mailbox) == []
        await pilot.press("u")
        await settle(pilot)
        assert [one.name for one in rows(mailbox)] == ["New ones of all"]


def rows(mailbox: Mailbox) -> list[SavedFilter]:
    with mailbox.store.facts("look") as work:
        return work.all(SavedFilter)
