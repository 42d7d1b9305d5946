"""Row 11: no argument of any call of the gateway starts a second command on the wire."""

import ast
import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

import crm_tui
from crm_tui.domain.errors import CrmError, Invalid
from crm_tui.sync.imap.connect import Server
from crm_tui.sync.imap.session import Session
from crm_tui.sync.smtp import deliver
from tests.sync.hostile import GREETING, Line, hostile

EVIL = "x\r\nX99 DELETE Important\r\n"
BYTES = EVIL.encode()
CALLS: dict[str, Callable[[Session], object]] = {
    "login": lambda session: session.login(EVIL, "secret"),
    "login by password": lambda session: session.login("me", EVIL),
    "login not ascii": lambda session: session.login(EVIL + "ё", "secret"),
    "all_uids": lambda session: session.all_uids(BYTES),
    "select": lambda session: session.select(BYTES),
    "select_line": lambda session: session.select_line(BYTES),
    "fetch": lambda session: list(session.fetch(BYTES, b"(UID)")),
    "fetch items": lambda session: list(session.fetch(b"1", BYTES)),
    "fetch_batches": lambda session: list(session.fetch_batches([(BYTES, 0)], b"(UID)")),
    "fetch_line": lambda session: session.foresee([session.fetch_line(BYTES, b"(UID)")]),
    "fetch_line items": lambda session: session.foresee([session.fetch_line(b"1", BYTES)]),
    "store": lambda session: session.store(BYTES, b"+", [b"\\Seen"]),
    "store flags": lambda session: session.store(b"1", b"+", [BYTES]),
    "store sign": lambda session: session.store(b"1", BYTES, [b"\\Seen"]),
    "move": lambda session: session.move(b"1", BYTES),
    "move set": lambda session: session.move(BYTES, b"Trash"),
    "copy": lambda session: session.copy(b"1", BYTES),
    "append": lambda session: session.append(BYTES, b"letter", []),
    "append flags": lambda session: session.append(b"Sent", b"letter", [BYTES]),
    "expunge": lambda session: session.expunge(BYTES),
    "create": lambda session: session.create(BYTES),
    "rename": lambda session: session.rename(BYTES, b"New"),
    "rename new": lambda session: session.rename(b"Old", BYTES),
    "delete": lambda session: session.delete(BYTES),
    "status": lambda session: session.status(BYTES),
    "subscribe": lambda session: session.subscribe(BYTES),
    "unsubscribe": lambda session: session.unsubscribe(BYTES),
    "find_message_id": lambda session: session.find_message_id(EVIL),
    "search": lambda session: session.search(BYTES, "x"),
    "search value": lambda session: session.search(b"ALL", EVIL),
    "foresee": lambda session: session.foresee([BYTES]),
    "command": lambda session: session.command(BYTES),
    "pipeline": lambda session: session.pipeline([b"NOOP", BYTES]),
}


def server(line: Line) -> None:
    line.say(GREETING)
    line.answer({})


@pytest.mark.parametrize("call", CALLS)
def test_no_call_says_a_second_command(call: str) -> None:
    with hostile(server) as imap:
        session = Session(Server("localhost", imap.port, "none"))
        with pytest.raises(Invalid):
            CALLS[call](session)
        session.close()
    assert not [line for line in imap.sent if b"DELETE" in line.split(b" ")[:2]]


def test_every_call_of_the_gateway_is_tried() -> None:
    takes = {
        name
        for name, method in inspect.getmembers(Session, inspect.isfunction)
        if not name.startswith("_") and {"bytes", "str"} & _types(method)
    }
    assert takes - {"has", "send", "responses"} <= {call.split()[0] for call in CALLS}


def _types(method: Callable[..., object]) -> set[str]:
    hints = [str(each.annotation) for each in inspect.signature(method).parameters.values()]
    return {kind for kind in ("bytes", "str") for hint in hints if kind in hint}


@pytest.mark.parametrize("address", ["a@b\r\nRCPT TO:<evil@x>", "a@b>\nX", "a b@c", "a@b\0"])
def test_an_smtp_address_cannot_end_its_line(address: str) -> None:
    with pytest.raises(Invalid):
        deliver(Server("localhost", 1, "none"), None, "me@x.example", [address], b"x", lambda phase: None)
    with pytest.raises(Invalid):
        deliver(Server("localhost", 1, "none"), None, address, ["you@x.example"], b"x", lambda phase: None)


def test_only_the_gateway_knows_the_mail_libraries() -> None:
    root = Path(crm_tui.__file__).parent
    allowed = {
        "imapclient": {"sync/imap"}, "imaplib": {"sync/imap"},
        "smtplib": {"sync/smtp.py"}, "poplib": {"sync/pop3_session.py"},
    }  # fmt: skip
    wrong = []
    for path in root.rglob("*.py"):
        place = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names += [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                if place.startswith("demo/") and name.startswith("imapclient.imap_utf7"):
                    continue  # the demo's own server spells folder names as IMAP does
                library = name.split(".")[0]
                if library in allowed and not any(place.startswith(good) for good in allowed[library]):
                    wrong.append((place, name))
    assert wrong == []


def test_an_error_carries_no_argument() -> None:
    with hostile(server) as imap:
        session = Session(Server("localhost", imap.port, "none"))
        with pytest.raises(CrmError) as refused:
            session.login("me", EVIL)
        session.close()
    assert "DELETE" not in str(refused.value)
