"""The Mail screen by keyboard alone: folders, list, marks, moves, decisions."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain import layouts
from crm_tui.domain.letter.flags import Flag
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.letter.mail_folders import tree_rows
from crm_tui.screens.letter.reader import LetterScreen
from crm_tui.services.ports import Ports
from crm_tui.store.queries import folders as folder_queries
from crm_tui.store.tables import Placement
from crm_tui.widgets.folder_tree import FolderTree
from crm_tui.widgets.record_list import RecordList
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox

SIZES = [(80, 24), (120, 40)]
LAYOUTS = ["latin", "ru", "uk"]
CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюёіїєґ"


def on_layout(key: str, layout: str) -> str:
    """What the key prints on another layout."""
    typed = {
        layouts.translate(letter, layout): letter
        for letter in CYRILLIC + CYRILLIC.upper()
        if layouts.translate(letter, layout) != letter
    }
    return typed.get(key, key)


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    return Mailbox(ports)


def mail_screen(app: CrmApp) -> MailScreen:
    assert isinstance(app.screen, MailScreen)
    return app.screen


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
async def test_mail_05_folders_with_counts_the_letters_of_one_and_its_account(
    app: CrmApp, mailbox: Mailbox, size: tuple[int, int]
) -> None:
    mailbox.letter("Price of 20 pumps")
    mailbox.letter("An old question", flags=Flag.SEEN)
    mailbox.letter("Our offer", folder="sent", flags=Flag.SEEN)
    mailbox.folder("Suppliers")
    async with app.run_test(size=size) as pilot:
        await pilot.press("1")
        await settle(pilot)
        text = screen_text(app)
        assert "office" in text
        assert "1/2" in text
        assert "Suppliers" in text
        assert "Price of 20 pumps" in text
        assert "Our offer" not in text
        await pilot.press("shift+tab", "j", "j")
        await settle(pilot)
        text = screen_text(app)
        assert "Our offer" in text
        assert "To" in text.split("Subject")[0]
        assert "Aliya" in text
        await pilot.press("k", "k", "enter")
        await settle(pilot)
        assert app.focused is not None
        assert app.focused.id != "mail-folders"


async def test_mail_05_a_branch_is_folded_and_unfolded(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.folder("Suppliers")
    mailbox.folder("Suppliers/Pumps")
    mailbox.letter()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        assert "Pumps " in screen_text(app)
        await pilot.press("shift+tab", "G", "k", "-")
        await settle(pilot)
        assert "Suppliers" in screen_text(app)
        assert "Pumps " not in screen_text(app)
        await pilot.press("minus")
        await settle(pilot)
        assert "Pumps " in screen_text(app)


def test_mail_05_roles_come_first_names_are_cleaned_levels_follow_the_delimiter(mailbox: Mailbox) -> None:
    for name in ("Zebra", "a/b/c", "evil\x1b]0;x\x07", "INBOX/Sub"):
        mailbox.folder(name)
    with mailbox.store.read() as connection:
        rows = tree_rows(folder_queries.rows(connection))
    assert [(row.depth, row.title) for row in rows] == [
        (0, "office"),
        (1, "Inbox"),
        (2, "Sub"),
        (1, "Processed"),
        (1, "Sent"),
        (1, "Trash"),
        (1, "Zebra"),
        (1, "a"),
        (2, "b"),
        (3, "c"),
        (1, "evil␛]0;x�"),
    ]
    assert [row.title for row in rows if row.folder_id is None] == ["office", "a", "b"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
async def test_mail_15_marks_of_one_letter_and_of_several(
    app: CrmApp, mailbox: Mailbox, layout: str, size: tuple[int, int]
) -> None:
    first, second, third = (mailbox.letter(f"Letter {number}") for number in range(3))
    async with app.run_test(size=size) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press(on_layout("o", layout))
        await settle(pilot)
        assert mailbox.is_read(first)
        await pilot.press(on_layout("V", layout), on_layout("o", layout))
        await settle(pilot)
        assert [mailbox.is_read(key) for key in (first, second, third)] == [True, True, True]
        await pilot.press(on_layout("o", layout))
        await settle(pilot)
        assert not mailbox.is_read(second)
        await pilot.press("*")
        await settle(pilot)
        assert all(mailbox.place(key).flags & Flag.FLAGGED for key in (first, second, third))
        assert "!" in screen_text(app)
        assert "^" in screen_text(app), "not yet on the server"
        await pilot.press(on_layout("u", layout))
        await settle(pilot)
        assert not any(mailbox.place(key).flags & Flag.FLAGGED for key in (first, second, third))


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_mail_08_move_to_a_folder_typed_in_part_delete_and_back(
    app: CrmApp, mailbox: Mailbox, layout: str
) -> None:
    suppliers = mailbox.folder("Поставщики")
    first, second = mailbox.letter("Moves"), mailbox.letter("Goes")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press(on_layout("M", layout))
        await settle(pilot)
        assert isinstance(app.screen, Choice)
        await type_text(pilot, "пост")
        await pilot.press("enter")
        await settle(pilot)
        assert mailbox.place(first).folder_id == suppliers
        assert mailbox.place(first).srv_folder_id == mailbox.folders["inbox"], "the sync moves it there"
        assert "Moves" not in screen_text(app).replace("Moves to", "")
        await pilot.press(on_layout("D", layout))
        await settle(pilot)
        assert mailbox.place(second).folder_id == mailbox.folders["trash"]
        assert "No letters here" in screen_text(app)
        await pilot.press(on_layout("g", layout), on_layout("f", layout))
        await settle(pilot)
        await type_text(pilot, "trash")
        await pilot.press("enter")
        await settle(pilot)
        assert "Goes" in screen_text(app)
        await pilot.press(on_layout("I", layout))
        await settle(pilot)
        assert mailbox.place(second).folder_id == mailbox.folders["inbox"]


async def test_mail_08_what_the_sync_brings_and_takes_shows_at_once(app: CrmApp, mailbox: Mailbox) -> None:
    first = mailbox.letter("The first")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        mailbox.letter("The newcomer")
        await settle(pilot)
        text = screen_text(app)
        assert "The newcomer" in text
        assert "2/2" in text
        with mailbox.store.facts("sync") as work:
            work.change_many(Placement, [first], flags=int(Flag.SEEN), unread=False)
        await settle(pilot)
        assert "1/2" in screen_text(app)
        with mailbox.store.facts("sync") as work:
            work.change_many(Placement, [first], deleted=True)
        await settle(pilot)
        assert "The first" not in screen_text(app)


async def test_mail_10_accept_asks_the_wizard(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("a")
        await settle(pilot)
        assert type(app.screen).__name__ == "IntakeWizard"
        await pilot.press("escape")
        await settle(pilot)
        assert mailbox.inquiries() == {}
        mail_screen(app)


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_mail_12_declined_at_once_where_no_reason_is_asked_for(
    app: CrmApp, mailbox: Mailbox, layout: str
) -> None:
    mailbox.letter()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press(on_layout("x", layout))
        await settle(pilot)
        assert list(mailbox.inquiries().values()) == [("declined", "")]
        assert " X " in screen_text(app), "a sign, not only a colour"
        await pilot.press(on_layout("x", layout))
        await settle(pilot)
        assert "decided before: declined" in screen_text(app)


async def test_mail_12_without_the_reason_asked_for_nothing_is_declined(app: CrmApp, ports: Ports) -> None:
    mailbox = Mailbox(ports, needs_reason=True)
    mailbox.letter("One")
    mailbox.letter("Two")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert mailbox.inquiries() == {}
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert list(mailbox.inquiries().values()) == [("declined", "Not for us")]
        await pilot.press("j", "x")
        await settle(pilot)
        await pilot.press("6")
        await settle(pilot)
        assert isinstance(app.screen, Prompt)
        await type_text(pilot, "spam of a rival")
        await pilot.press("enter")
        await settle(pilot)
        assert ("declined", "spam of a rival") in mailbox.inquiries().values()


async def test_mail_13_a_task_from_the_letter(app: CrmApp, mailbox: Mailbox) -> None:
    place = mailbox.letter("Price of 20 pumps")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("t")
        await settle(pilot)
        await pilot.press("end")
        await type_text(pilot, " tomorrow 10:00")
        await pilot.press("enter")
        await settle(pilot)
        (task,) = mailbox.tasks()
        assert task.title == "Price of 20 pumps"
        assert task.letter_id == mailbox.place(place).letter_id
        assert task.due_at is not None


async def test_mail_14_commands_depend_on_the_folder(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter("Sent one", folder="sent", flags=Flag.SEEN)
    mailbox.letter("Binned one", folder="trash", flags=Flag.SEEN)
    mailbox.letter("Fresh one")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        assert "Accept inquiry" in screen_text(app)
        assert "Restore" not in screen_text(app)
        for folder, offered in (("sent", False), ("trash", True)):
            await pilot.press("g", "f")
            await settle(pilot)
            await type_text(pilot, folder)
            await pilot.press("enter")
            await settle(pilot)
            assert "Accept inquiry" not in screen_text(app)
            assert ("Restore" in screen_text(app)) is offered
            await pilot.press("a")
            await settle(pilot)
            mail_screen(app)


async def test_mail_16_sorted_by_each_column(app: CrmApp, mailbox: Mailbox) -> None:
    for subject, sender in (("B two", "Zoe <z@x.example>"), ("A three", "Ann <a@x.example>")):
        mailbox.letter(subject, sender=sender)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settle(pilot)

        def order() -> bool:
            text = screen_text(app)
            return text.index("A three") < text.index("B two")

        assert not order()
        await pilot.press("O")
        await settle(pilot)
        assert order(), "by sender"
        await pilot.press("O")
        await settle(pilot)
        assert order(), "by subject"
        await pilot.press("O")
        await settle(pilot)
        assert order(), "the oldest first"


async def test_the_first_key_is_for_the_letters_and_not_for_the_folders(
    app: CrmApp, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.letter("Delivery")
    focused: list[str] = []
    monkeypatch.setattr(FolderTree, "_on_focus", lambda _tree, _event: focused.append("folders"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        assert isinstance(app.focused, RecordList)
        assert not focused


async def test_mail_44_search_in_the_folder_as_typed_and_in_all_folders(
    app: CrmApp, mailbox: Mailbox
) -> None:
    mailbox.letter("Delivery", "The pumps are delivered by Friday.")
    mailbox.letter("Offer", "Nothing to see.", sender="Игорь <igor@x.example>")
    mailbox.letter("Elsewhere", "Pumps too.", folder="processed", flags=Flag.SEEN)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("/")
        await type_text(pilot, "pump")
        await settle(pilot)
        text = screen_text(app)
        assert "\n/pump" in text, "what is typed is seen"
        assert "Delivery" in text, "found by its text"
        assert "Offer" not in text
        assert "Elsewhere" not in text
        assert "in this folder; g/ looks in all" in text
        await pilot.press("enter", "g", "/")
        await settle(pilot)
        text = screen_text(app)
        assert "\n/pump" in text, "the same words, in all folders"
        assert "Elsewhere" in text
        await pilot.press("escape")
        await settle(pilot)
        assert "Offer" in screen_text(app)
        await pilot.press("/")
        await type_text(pilot, "from:игорь is:unread is:old")
        await settle(pilot)
        assert "not searched for: is:old" in screen_text(app)
        assert "Offer" in screen_text(app)
        assert "Delivery" not in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("end")
        before = mail_screen(app).letter_at_hand()
        await pilot.press("g", "/")
        await settle(pilot)
        await type_text(pilot, "pumps")
        await settle(pilot)
        text = screen_text(app)
        assert "Delivery" in text
        assert "Elsewhere" in text
        await pilot.press("enter", "escape")
        await settle(pilot)
        assert "Elsewhere" not in screen_text(app)
        assert "Offer" in screen_text(app)
        assert mail_screen(app).letter_at_hand() == before
        await pilot.press("g", "/")
        await type_text(pilot, "pumps")
        await pilot.press("escape")
        await settle(pilot)
        assert "Offer" in screen_text(app), "one Esc leads back also while the words are typed"
        assert mail_screen(app).letter_at_hand() == before


@pytest.mark.parametrize(("words", "second"), [("plan b", "u"), ("план б", "е")], ids=["latin", "cyrillic"])
async def test_mail_44_a_word_of_one_letter_waits_for_its_second_or_enter(
    app: CrmApp, mailbox: Mailbox, words: str, second: str
) -> None:
    plan, letter = words.split()
    mailbox.letter(f"{words}{second}ta", "Begins with it.")
    mailbox.letter(f"Alone {words}", "A word of its own.")
    mailbox.letter(f"Third {plan}", "Nothing of it.")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "/")
        await type_text(pilot, letter)
        await settle(pilot)
        text = screen_text(app)
        assert "Third" in text, "nothing is looked for yet"
        assert "one letter more" in text, "and that is said"
        await pilot.press("backspace")
        await type_text(pilot, words)
        await settle(pilot)
        text = screen_text(app)
        assert "Third" in text, "the word before it is looked for"
        assert "one letter more" in text
        await type_text(pilot, second)
        await settle(pilot)
        text = screen_text(app)
        assert "Alone" not in text
        assert f"{words}{second}ta" in text
        assert "one letter more" not in text
        await pilot.press("backspace", "enter")
        await settle(pilot)
        text = screen_text(app)
        assert "Alone" in text
        assert f"{words}{second}ta" not in text
        assert "Third" not in text
        assert "one letter more" not in text


@pytest.mark.parametrize(("forward", "back"), [("]", "["), ("ъ", "х"), ("ї", "х")], ids=["latin", "ru", "uk"])
async def test_next_and_previous_unread(app: CrmApp, mailbox: Mailbox, forward: str, back: str) -> None:
    keys = [mailbox.letter(f"Letter {n}", flags=0 if n in (0, 3) else Flag.SEEN) for n in range(5)]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press(forward)
        await settle(pilot)
        assert mail_screen(app).letter_at_hand() == keys[3]
        await pilot.press(back)
        await settle(pilot)
        assert mail_screen(app).letter_at_hand() == keys[0]
        await pilot.press(back)
        await settle(pilot)
        assert "No unread letter" in screen_text(app)


async def test_without_an_account_it_says_how_to_make_one(app: CrmApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        assert "add_account" in screen_text(app)
        await pilot.press("x", "a", "D", "enter", "S")
        await settle(pilot)
        mail_screen(app)


async def test_the_session_comes_back_to_folder_letter_and_view(
    app: CrmApp, ports: Ports, mailbox: Mailbox
) -> None:
    places = [mailbox.letter(f"Letter {n}", folder="processed", flags=Flag.SEEN) for n in range(3)]
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1", "g", "f")
        await settle(pilot)
        await type_text(pilot, "proc")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("j", "v", "v")
        await settle(pilot)
        await pilot.press("Q")
    again = CrmApp(ports, app.settings)
    async with again.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        screen = mail_screen(again)
        assert screen.letter_at_hand() == places[1]
        assert screen.view == "normal"
        assert "Letter 2" in screen_text(again)


async def test_hostile_names_are_shown_as_text(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter(
        "Price [bold]now[/bold] =?utf-8?b?G10wO293bmVkBw==?=",
        "[red]text[/red]\x1b[31m",
        sender="[x] <a@b.example>",
    )
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        text = screen_text(app)
        assert isinstance(app.screen, LetterScreen)
        assert "[bold]now[/bold] ␛]0;owned" in text
        assert "[red]text[/red]␛[31m" in text
        assert "\x1b" not in text
