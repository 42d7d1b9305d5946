"""The picture shown while the program is being loaded: the same letters at the same cells as the list after it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.letter.mail_source import NEWEST_FIRST, LetterSource
from crm_tui.screens.shell import first_page
from crm_tui.services import users
from crm_tui.services.ports import Ports
from crm_tui.store import first_page as read_page
from crm_tui.store.tables import Letter
from crm_tui.widgets import glyphs
from crm_tui.widgets.glyphs import GlyphSet
from crm_tui.widgets.record_list import RecordList
from tests.screens.keyboard import screen_text, settle
from tests.screens.mailbox import Mailbox

SENDERS = [
    "Olga Kim <o@newco.example>",
    "bare@firm.example",
    "Әсел Қанатқызы <a@firm.example>",
    "你好 <n@x.example>",
]
SUBJECTS = [
    "Price of 20 pumps",
    "",
    "Счёт на оплату и акт сверки за третий квартал, очень срочно, " * 3,
    "e\x1b[2Jvil",
]


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    made = Mailbox(ports)
    for number in range(44):
        made.letter(SUBJECTS[number % 4], sender=SENDERS[number // 2 % 4], flags=number % 2)
    for number in range(4):
        made.letter(f"Sent {number}", folder="sent")
    assert ports.session is not None
    ports.session.save("app", {"mode": "mail"})
    with ports.store.work(ports.actor, "test") as work:
        users.change_zone(work, ports.zone)
    return made


def draw(ports: Ports, size: tuple[int, int], signs: GlyphSet = glyphs.UNICODE) -> first_page.Picture:
    return first_page.picture(ports.store.path, *size, ports.clock, signs, restore=True)


def plain(picture: first_page.Picture) -> list[str]:
    return picture.text.replace("\x1b[1m", "").replace("\x1b[m", "").split("\r\n")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40), (200, 50)])
async def test_what_the_picture_shows_the_list_shows_at_the_same_cells(
    make_app: Callable[..., CrmApp],
    ports: Ports,
    mailbox: Mailbox,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the signs of every terminal: a vt220 is sent ``ascii``, the Linux console ``console``."""
    assert ports.session is not None
    inbox, sent = mailbox.folders["inbox"], mailbox.folders["sent"]
    hidden = {"normal": False, "horizontal": False, "vertical": False}
    for state in (
        {"folder": inbox},
        {"folder": inbox, "previews": hidden},
        {"folder": sent, "previews": hidden, "columns": ["owner", "size"]},
    ):
        ports.session.save("MailScreen", state)
        app = make_app()
        async with app.run_test(size=size) as pilot:
            for signs in glyphs.SETS.values():
                monkeypatch.setattr(glyphs, "_current", signs)
                app.screen.query_one(RecordList).notify_style_update()
                app.screen.refresh(layout=True)
                await settle(pilot)
                shown = screen_text(app).translate(signs.substitutes).split("\n")
                compare(draw(ports, size, signs), shown, signs)


def compare(picture: first_page.Picture, shown: list[str], signs: GlyphSet) -> None:
    """What is drawn stands in the same cells of what is shown, and the terminal has all its signs."""
    drawn = plain(picture)
    assert not signs.substitutes.keys() & set(map(ord, picture.text))
    assert drawn[0].rstrip() == shown[0].rstrip()
    for title in re.finditer(r"\S+", drawn[1]):
        assert shown[1].startswith(title[0], title.start())
    rows = [number for number, line in enumerate(drawn[:-1]) if number > 1 and line.strip()]
    assert len(rows) >= min(4, len(drawn) // 6)
    track = picture.track
    assert track is not None
    assert (track.top, track.at, track.rows) == (rows[0], 0, len(rows))
    assert drawn[track.top][track.x] == track.on == signs.cursor == shown[track.top][track.x]
    for number in rows:
        line = drawn[number].replace(track.on, " ", 1) if number == track.top else drawn[number]
        start = len(line) - len(line.lstrip())
        words = line.strip().rstrip(f"{signs.ellipsis} ")
        assert shown[number][start:].startswith(words), shown[number]


def test_the_plain_sql_says_what_the_list_says(ports: Ports, mailbox: Mailbox) -> None:
    inbox = mailbox.folders["inbox"]
    source = LetterSource(ports.store, ports.clock, ports.zone, inbox)
    with ports.store.facts("test") as work:  # of a header that could not be read
        work.change(work.all(Letter)[0], recipients=[])
    for kept in ({}, {"folder": inbox}):
        assert ports.session is not None
        ports.session.save("MailScreen", kept)
        page = read_page.read(ports.store.path, "whoever", 30)
        assert page is not None
        assert [row.id for row in page.rows] == [row.id for row in source.first(NEWEST_FIRST, "", 30)]
        assert page.rows[0].sender == source.first(NEWEST_FIRST, "", 1)[0].cells[2]
        assert (page.mode, page.state) == ("mail", kept)


@pytest.mark.parametrize(
    "state",
    [{"needle": "price"}, {"order": ["subject", False]}, {"threads": True}, {"filter": {"condition": {}}}],
)
def test_a_list_that_will_begin_otherwise_is_not_drawn(
    ports: Ports, mailbox: Mailbox, state: dict[str, object]
) -> None:
    assert ports.session is not None
    ports.session.save("MailScreen", state)
    drawn = plain(draw(ports, (80, 24)))
    assert "[1 Mail]" in drawn[0]
    assert not any(drawn[1:-1])


def test_without_letters_the_modes_are_there_and_no_file_is_made(tmp_path: Path, ports: Ports) -> None:
    nowhere = tmp_path / "nowhere" / "crm.db"
    drawn = plain(first_page.picture(nowhere, 80, 24, ports.clock, glyphs.UNICODE, restore=True))
    assert "[0 Today]" in drawn[0]
    assert len(drawn) == 24
    assert not nowhere.parent.exists()
    nowhere.parent.mkdir()
    nowhere.write_bytes(b"no store at all" * 100)
    assert read_page.read(nowhere, "me", 10) is None
    assert list(nowhere.parent.iterdir()) == [nowhere]
    assert first_page.picture(nowhere, 40, 10, ports.clock, glyphs.UNICODE, restore=True).text == ""


def test_a_store_at_rest_is_left_as_it_lies(ports: Ports, mailbox: Mailbox) -> None:
    ports.store.close()
    before = sorted(one.name for one in ports.store.path.parent.iterdir())
    page = read_page.read(ports.store.path, "me", 3)
    assert page is not None
    assert len(page.rows) == 3
    assert sorted(one.name for one in ports.store.path.parent.iterdir()) == before
