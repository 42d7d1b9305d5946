"""``crm screenshot``: a picture of each screen, of the person's store or of the demo, that fetches nothing."""

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crm_tui import config
from crm_tui.cli import demo
from crm_tui.demo import build
from crm_tui.domain.errors import Refused
from crm_tui.store.engine import Store
from tests.cli.conftest import Crm, Done
from tests.store import letters


def texts(svg: str) -> str:
    """What a person reads in the picture."""
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    return " ".join(
        unescape(text).replace("\xa0", " ") for text in re.findall(r"<text[^>]*>(.*?)</text>", svg)
    )


def drawn(crm: Crm, tmp_path: Path, *arguments: object) -> str:
    file = tmp_path / "picture.svg"
    done: Done = crm("screenshot", *arguments, "-o", file)
    assert (done.code, done.out) == (0, ""), done.err
    return file.read_text("utf-8")


def test_the_mail_of_the_person_is_drawn_and_nothing_is_changed(
    crm: Crm, tmp_path: Path, store: Store
) -> None:
    inbox = letters.folder(store, letters.account(store))
    letters.letter(store, inbox, "Счёт № 42 [/] \x1b[2J", "body")
    before = crm("mail", "ls", "--limit", 9, "--json").json
    svg = drawn(crm, tmp_path, "mail", "--size", "100x30")
    assert "Счёт № 42 [/]" in texts(svg)
    assert "INBOX" in texts(svg) or "Inbox" in texts(svg)
    assert "font-face" not in svg
    assert not re.findall(r"url\(\s*[\"']?http|(?:href|src)=", svg)
    assert crm("mail", "ls", "--limit", 9, "--json").json == before


def test_a_due_reminder_is_left_to_the_person(crm: Crm, tmp_path: Path, store: Store) -> None:
    from sqlalchemy import select

    from crm_tui.store.tables import Reminder, table_of

    crm("task", "add", "Long overdue", "--due", "01.01.2020 10:00")
    svg = drawn(crm, tmp_path, "tasks")
    assert "Long overdue" in texts(svg)
    with store.read() as connection:
        (reminder,) = connection.execute(select(table_of(Reminder))).all()
    assert (reminder.fired_at, reminder.fired_by) == (None, "")


@pytest.mark.parametrize("screen", ["today", "calendar", "interests"])
def test_every_screen_can_be_drawn(crm: Crm, tmp_path: Path, screen: str) -> None:
    config.write("ui.theme", "light")
    assert "Interests" in texts(drawn(crm, tmp_path, screen, "--size", "80x24"))


def test_themes_differ_and_standard_output_is_a_file_too(crm: Crm) -> None:
    pictures = {crm("screenshot", "tasks", "--theme", theme, "-o", "-").out for theme in ("dark", "light")}
    assert len(pictures) == 2
    assert all("My Tasks" in texts(picture) for picture in pictures)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere", "-o", "x.svg"],
        ["mail"],
        ["mail", "-o", "x.svg", "--size", "big"],
        ["mail", "-o", "x.svg", "--size", "10x2"],
        ["mail", "-o", "x.svg", "--size", "999x999"],
        ["mail", "-o", "x.svg", "--theme", "plaid"],
        ["mail", "-o", "x.svg", "--lang", "xx"],
    ],
)
def test_wrong_arguments_are_2(
    crm: Crm, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert crm("screenshot", *arguments).code == 2
    assert not Path("x.svg").exists()


def test_the_demo_is_made_where_it_is_missing(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Path, str | None]] = []

    def prepare(home: Path, language: str | None, **_options: object) -> build.DemoInfo:
        asked.append((home, language))
        raise Refused("not_a_demo", folder=str(home))

    home = demo.folder()
    monkeypatch.setattr(build, "prepare", prepare)
    assert crm("screenshot", "mail", "--demo", "--lang", "kk", "-o", tmp_path / "x.svg").code == 1
    assert asked == [(home, "kk")]
