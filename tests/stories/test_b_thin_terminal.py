"""Stories B9 and B10 on the bytes of a terminal: the line drops in mid-letter; a VT220 without a colour."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui import paths
from crm_tui.services import users
from crm_tui.services.account import accounts
from crm_tui.services.event import calendar
from crm_tui.services.interest import scenarios
from crm_tui.services.task import tasks
from crm_tui.store.engine import Store
from crm_tui.store.tables import Draft
from tests.servers.dovecot import Dovecot
from tests.stores import lay
from tests.stories.layouts import typed
from tests.stories.office import ZONE
from tests.sync.world import letter
from tests.widgets.pty_program import PtyProgram, on_pty

ALLOWED: frozenset[str] = frozenset()
COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


@pytest.fixture
def store(dovecot: Dovecot) -> Iterator[Store]:
    """The person's store at its place, with an account whose password a command tells."""
    user_name = dovecot.account("thin")
    dovecot.seed(user_name, "INBOX", [letter("<1@x.example>", "Read long ago")], ["\\Seen"])
    dovecot.seed(user_name, "INBOX", [letter("<2@x.example>", "Not read yet", "What does it cost?")])
    made = Store(lay(paths.database()))
    user = users.current(made, zone=ZONE)
    assert user.id is not None
    with made.work(users.actor_of(user), "setup") as work:
        scenarios.ensure_shipped(work)
        accounts.add(
            work, "support", f"{user_name}@office.example", imap_host="localhost", imap_port=dovecot.imap_port,
            imap_security="none", imap_user=user_name, password_command=["echo", dovecot.password],
            smtp_host="localhost", smtp_port=1, smtp_security="none",
        )  # fmt: skip
        tasks.add(work, "Answer Petrov", assignee_id=user.id, due_at=work.now - timedelta(hours=3))
        tasks.add(work, "Order paper", assignee_id=user.id, due_at=work.now + timedelta(minutes=90))
        for summary in ("Staff meeting", "Visit of the plant"):
            begin = work.now.replace(tzinfo=None) + timedelta(hours=30)
            calendar.add(
                work, summary, dtstart=begin, dtend=begin + timedelta(hours=1), zone="UTC", owner_id=user.id,
                reminder_minutes=None,
            )  # fmt: skip
    yield made
    made.close()


@contextmanager
def program(shows: str, **environment: str) -> Iterator[PtyProgram]:
    """The real program on a terminal of 80×24, opened to where the text stands."""
    with on_pty("crm_tui", size=(80, 24), answering=True, CRM_LANG="en", **environment) as running:
        running.until_shown(shows)
        yield running


def gone(running: PtyProgram, text: str) -> None:
    running.until(lambda: not any(text in line for line in running.lines), f"{text} is gone")


def test_b9_the_line_drops_in_mid_letter(store: Store) -> None:
    with program("Dismiss", TERM="xterm-256color") as running:
        running.press("\x1b")
        gone(running, "Dismiss")
        running.press("1")
        running.until_shown("[1 Mail]")
        running.press("w")
        running.until_shown("Subject")
        running.press("olga@newco.example\rTwenty pumps\rGood day Olga")
        running.until_shown("Good day Olga")
        running.process.send_signal(signal.SIGHUP)
        assert running.ended() == 128 + signal.SIGHUP
    with store.facts("look") as work:
        (draft,) = work.all(Draft)
    assert (draft.fields["to"], draft.fields["subject"]) == ("olga@newco.example", "Twenty pumps")
    assert draft.body.startswith("Good day Olga")
    editor = write_editor(paths.database().with_name("editor"))
    with program("1 unfinished letter", TERM="xterm-256color", EDITOR=str(editor)) as running:
        running.press("w")
        running.until_shown("Twenty pumps")
        running.press("\r")
        running.until_shown("Good day Olga")
        editor.rename(editor.with_name("away"))
        running.press("\x05")
        running.until_shown("cannot be started")
        running.until_shown("Twenty pumps")
        editor.with_name("away").rename(editor)
        running.press("\x05")
        running.until_shown("IN THE EDITOR")
        running.until(lambda: "by hand" in body_of_draft(store), "what the editor saved is kept already")
        running.press("\r")
        running.until_shown("written by hand")
        running.until_shown("Twenty pumps")


def write_editor(path: Path) -> Path:
    """A program that adds a line to the file it is given and waits for Enter."""
    path.write_text(
        "#!/bin/sh\nprintf '\\nwritten by hand' >> \"$1\"\nprintf 'IN THE EDITOR'\nread _\n", "utf-8"
    )
    path.chmod(0o700)
    return path


def body_of_draft(store: Store) -> str:
    with store.facts("look") as work:
        return work.all(Draft)[0].body


def test_b10_a_vt220_says_everything_without_colour(store: Store) -> None:
    def press(*keys: str) -> None:
        running.press("".join(typed(key, "ukrainian") for key in keys))

    environment = {
        "TERM": "vt220",
        "CRM_UI__THEME": "mono",
        "CRM_UI__GLYPHS": "ascii",
        "CRM_KEYS__LAYOUT": "uk",
    }
    with program("Dismiss", **environment) as running:
        running.press("\x1b")
        gone(running, "Dismiss")
        running.until_shown("overdue: 1")
        assert sign_of(running, "Answer Petrov") == "!", "overdue"
        assert sign_of(running, "Order paper") == ""
        press("1")
        running.until_shown("Not read yet")
        assert sign_of(running, "Not read yet") == "*", "unread"
        assert sign_of(running, "Read long ago") == ""
        running.press(" ")
        running.until(lambda: "+" in sign_of(running, "Not read yet"), "the mark")
        for digit, title in (("2", "My Tasks"), ("3", "Calendar"), ("4", "Interests"), ("0", "Today")):
            press(digit)
            running.until_shown(f"[{digit} {title}]")
            assert_plain(running)
        press("3")
        press("v")  # the agenda: on a Sunday the meeting is in the next week
        running.until_shown("Staff meeting")
        assert_plain(running)
        press("Q")
        assert running.ended() == 0
    assert COLOUR.findall(running.raw) == []


def sign_of(running: PtyProgram, text: str) -> str:
    """What stands before the row that has the text: cursor left aside."""
    row = next((line for line in running.lines if text in line), "")
    gutter = row.partition(text)[0].rpartition("|")[2].replace(">", " ")
    return gutter[:5].strip()


def assert_plain(running: PtyProgram) -> None:
    """Every character is one that a VT220 has, or a letter."""
    strange = {one for line in running.lines for one in line if not (one.isascii() or one.isalpha())}
    assert strange <= ALLOWED, strange
