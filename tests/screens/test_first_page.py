"""The picture shown while the program is being loaded: the same letters at the same cells as the list after it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.letter.mail_source import NEWEST_FIRST, LetterSource
from crm_tui.screens.shell import first_page
from crm_tui.services import users
from crm_tui.services.ports import Ports
from crm_tui.store import first_page as read_page
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
    made.letter("Sent", folder="sent")
    assert ports.session is not None
    ports.session.save("app", {"mode": "mail"})
    with ports.store.work(ports.actor, "test") as work:
        users.change_zone(work, ports.zone)
    return made


def plain(picture: first_page.Picture) -> list[str]:
    return picture.text.replace("\x1b[1m", "").replace("\x1b[m", "").split("\r\n")


@pytest.mark.parametrize("previews", [None, {"normal": False, "horizontal": False, "vertical": False}])
@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40), (200, 50)])
async def test_what_the_picture_shows_the_list_shows_at_the_same_cells(
    make_app: Callable[..., CrmApp],
    ports: Ports,
    mailbox: Mailbox,
    size: tuple[int, int],
    previews: dict[str, bool] | None,
) -> None:
    assert ports.session is not None
    ports.session.save("MailScreen", {"folder": mailbox.folders["inbox"], "previews": previews})
    picture = first_page.picture(ports.store.path, *size, ports.clock, restore=True)
    drawn = plain(picture)
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        shown = screen_text(app).split("\n")
    assert drawn[0].rstrip() == shown[0].rstrip()
    rows = [number for number, line in enumerate(drawn[:-1]) if number > 1 and line.strip()]
    assert len(rows) >= min(4, size[1] // 6)
    track = picture.track
    assert track is not None
    assert (track.top, track.at, track.rows) == (rows[0], 0, len(rows))
    assert drawn[track.top][track.x] == track.on == shown[track.top][track.x]
    for number in rows:
        drawn[number] = drawn[number].replace(track.on, " ")
        start = len(drawn[number]) - len(drawn[number].lstrip())
        words = drawn[number].strip().rstrip("… ")
        assert shown[number][start:].startswith(words), shown[number]


def test_the_plain_sql_says_what_the_list_says(ports: Ports, mailbox: Mailbox) -> None:
    inbox = mailbox.folders["inbox"]
    source = LetterSource(ports.store, ports.clock, ports.zone, inbox)
    for kept in ({}, {"folder": inbox}):
        assert ports.session is not None
        ports.session.save("MailScreen", kept)
        page = read_page.read(ports.store.path, "whoever", 30)
        assert page is not None
        assert [row.id for row in page.rows] == [row.id for row in source.first(NEWEST_FIRST, "", 30)]
        assert page.rows[0].sender == source.first(NEWEST_FIRST, "", 1)[0].cells[2]
        assert (page.mode, page.state) == ("mail", kept)


@pytest.mark.parametrize("state", [{"needle": "price"}, {"order": ["subject", False]}])
def test_a_list_that_will_begin_otherwise_is_not_drawn(
    ports: Ports, mailbox: Mailbox, state: dict[str, object]
) -> None:
    assert ports.session is not None
    ports.session.save("MailScreen", state)
    drawn = plain(first_page.picture(ports.store.path, 80, 24, ports.clock, restore=True))
    assert "[1 Mail]" in drawn[0]
    assert not any(drawn[1:-1])


def test_without_letters_the_modes_are_there_and_no_file_is_made(tmp_path: Path, ports: Ports) -> None:
    nowhere = tmp_path / "nowhere" / "crm.db"
    drawn = plain(first_page.picture(nowhere, 80, 24, ports.clock, restore=True))
    assert "[0 Today]" in drawn[0]
    assert len(drawn) == 24
    assert not nowhere.parent.exists()
    nowhere.parent.mkdir()
    nowhere.write_bytes(b"no store at all" * 100)
    assert read_page.read(nowhere, "me", 10) is None
    assert list(nowhere.parent.iterdir()) == [nowhere]
    assert first_page.picture(nowhere, 40, 10, ports.clock, restore=True).text == ""


def test_a_store_at_rest_is_left_as_it_lies(ports: Ports, mailbox: Mailbox) -> None:
    ports.store.close()
    before = sorted(one.name for one in ports.store.path.parent.iterdir())
    page = read_page.read(ports.store.path, "me", 3)
    assert page is not None
    assert len(page.rows) == 3
    assert sorted(one.name for one in ports.store.path.parent.iterdir()) == before
