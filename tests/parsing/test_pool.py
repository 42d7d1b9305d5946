"""Strange letters in a child process: limits, restarts, threads."""

import os
import signal
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from crm_tui.domain.errors import Invalid
from crm_tui.parsing.letter import parse
from crm_tui.parsing.pool import ParserPool, is_ordinary
from tests.parsing import hostile
from tests.parsing.test_letter import ORDINARY


@pytest.fixture
def pool():
    with ParserPool() as pool:
        yield pool


def child(pool: ParserPool) -> int:
    assert pool._child is not None
    return pool._child.pid


def test_the_child_says_the_same_as_this_process(pool: ParserPool) -> None:
    assert pool.parse_apart(ORDINARY) == parse(ORDINARY)
    bounced = b"From: mailer-daemon@x.example\nSubject: failure\n\n<a@x.example>: 550 5.1.1 unknown user\n"
    assert pool.parse_apart(bounced) == parse(bounced)
    assert parse(bounced).bounces


def test_an_ordinary_letter_needs_no_child(pool: ParserPool) -> None:
    assert pool.parse(ORDINARY).subject == parse(ORDINARY).subject
    assert pool._child is None


def test_the_child_is_kept_and_started_anew_when_it_died(pool: ParserPool) -> None:
    pool.parse_apart(ORDINARY)
    first = child(pool)
    pool.parse_apart(ORDINARY)
    assert child(pool) == first
    os.kill(first, signal.SIGKILL)
    assert pool._child is not None
    pool._child.wait()
    assert pool.parse_apart(ORDINARY).subject
    assert child(pool) != first


def test_a_letter_out_of_time_is_unreadable_and_the_next_one_is_read(pool: ParserPool) -> None:
    hasty = ParserPool(seconds=0)
    with pytest.raises(Invalid) as refusal:
        hasty.parse_apart(ORDINARY)
    assert refusal.value.code == "letter_unreadable"
    assert refusal.value.facts == {"reason": "timeout", "size": len(ORDINARY)}
    assert hasty._child is None
    assert pool.parse_apart(ORDINARY).subject


def test_a_child_that_dies_over_a_letter_is_a_letter_unreadable(
    pool: ParserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.parse_apart(ORDINARY)
    os.kill(child(pool), signal.SIGSTOP)
    asked = threading.Event()
    read = pool._read

    def reading(*arguments: Any) -> bytes:
        asked.set()
        return read(*arguments)

    monkeypatch.setattr(pool, "_read", reading)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(pool.parse_apart, ORDINARY)
        assert asked.wait(60)
        os.kill(child(pool), signal.SIGKILL)
        with pytest.raises(Invalid) as refusal:
            answer.result()
    assert refusal.value.facts["reason"] == "crashed"


def test_a_letter_beyond_all_bounds_is_unreadable(pool: ParserPool) -> None:
    with pytest.raises(Invalid) as refusal:
        pool.parse(bytes(100 * 2**20 + 1))
    assert refusal.value.facts["reason"] == "letter_too_big"
    assert pool._child is None


def test_the_memory_of_the_child_is_bounded(pool: ParserPool) -> None:
    pool.parse_apart(ORDINARY)
    limits = Path(f"/proc/{child(pool)}/limits").read_text()
    (line,) = [line for line in limits.splitlines() if line.startswith("Max address space")]
    assert int(line.split()[3]) == 2**30


def test_many_threads_get_each_their_own_letter(pool: ParserPool) -> None:
    letters = [b"Subject: %d\n\nhello" % n for n in range(40)]
    with ThreadPoolExecutor(4) as threads:
        subjects = [letter.subject for letter in threads.map(pool.parse_apart, letters)]
    assert subjects == [str(n) for n in range(40)]


def test_a_closed_pool_leaves_no_process(pool: ParserPool) -> None:
    pool.parse_apart(ORDINARY)
    gone = child(pool)
    pool.close()
    with pytest.raises(ProcessLookupError):
        os.kill(gone, 0)


@pytest.mark.parametrize(
    ("raw", "ordinary"),
    [
        (ORDINARY, True),
        (ORDINARY.replace(b"\n", b"\r\n"), True),
        (b"", True),
        (b"Subject: x\n\n" + b"x" * 2**20, False),
        (b"X: " + b"x" * 70_000 + b"\n\n", False),
        (b"no end of headers" * 10_000, False),
        (hostile.LETTERS["2000 nested multiparts"], False),
        (hostile.LETTERS["200k empty parts"], False),
        (hostile.LETTERS["one boundary for every level"], False),
    ],
)
def test_what_is_ordinary(raw: bytes, ordinary: bool) -> None:
    assert is_ordinary(raw) is ordinary


@pytest.mark.parametrize("name", [name for name, raw in hostile.LETTERS.items() if is_ordinary(raw)])
def test_what_passes_for_ordinary_uses_little_memory_here(name: str) -> None:
    # Why parsing it in this process is safe: see the module's docstring. Time is bounded by the suite's limit.
    raw = hostile.LETTERS[name]
    tracemalloc.start()
    try:
        parse(raw[: 2**16])
        assert tracemalloc.get_traced_memory()[1] < 2**16 * 400
    finally:
        tracemalloc.stop()
