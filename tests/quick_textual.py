"""Textual under test: waits end with what they wait for, and style sheets are parsed once for all apps.

Textual's own ``wait_for_idle`` sleeps 20 ms, and again while the process computes; twice for each key pressed.
Its pilot sends a message to each widget after each key, and waits until all are answered.
Its style sheets keep what they parsed for themselves: each app of a test would parse all of them anew.
"""

import asyncio
import contextlib
from pathlib import Path
from threading import get_native_id
from time import monotonic, process_time
from typing import Any

from textual import app, pilot
from textual.css.stylesheet import Stylesheet
from textual.message_pump import MessagePump
from textual.pilot import Pilot

STEP = 0.02
"""Seconds: what is scheduled sooner is waited for, and so long a busy thread is watched at a time."""
LONGEST = 30.0
"""Seconds after which a wait gives up; Textual's one second is too short for a machine that has much else to do."""
LOOKS = 45
"""Rounds, of a step at most each, in which nothing happened but that a timer was due or the thread waited."""
COMPUTING = 0.001
"""Seconds of processor time within a step from which on the process is at work."""

parse_rules = Stylesheet._parse_rules
ask_each_widget = Pilot._wait_for_screen
_parsed: dict[tuple[Any, ...], Any] = {}


def install() -> None:
    """Make Textual in this process wait and parse as this file says."""
    app.wait_for_idle = pilot.wait_for_idle = wait_for_idle
    Stylesheet._parse_rules = _parse_rules_once
    Pilot._wait_for_screen = _wait_for_screen


async def wait_for_idle(min_sleep: float = 0.0, max_sleep: float = LONGEST) -> None:
    """Wait until the loop would sleep, its thread is free and no timer is due; at most ``max_sleep`` seconds, and no
    longer for who looks time and again at what does not come."""
    loop = asyncio.get_running_loop()
    end, looks = monotonic() + max_sleep, 0
    while looks < LOOKS and monotonic() < end:
        is_free = await _thread_free(end)
        rests = await _at_rest(loop, end)
        due = _next_timer(loop)
        if rests and due > STEP:
            return
        looks += rests or not is_free
        if rests:
            await asyncio.sleep(max(due, 0))


async def _thread_free(end: float) -> bool:
    """Wait for an empty job behind all that the loop's thread was given; False where the thread itself only waits."""
    job = asyncio.ensure_future(asyncio.to_thread(int))
    while monotonic() < end and not job.done():
        before = process_time()
        await asyncio.wait({job}, timeout=STEP)
        if process_time() - before < COMPUTING and not _others_run():
            break
    return job.done()


def _others_run() -> bool:
    """Whether a thread of this process has work to do: on a busy machine it may not get to it within a step."""
    for task in Path("/proc/self/task").glob("*/stat"):
        with contextlib.suppress(OSError):  # it has ended
            state = task.read_text().rpartition(") ")[2][:1]
            if state in "RD" and int(task.parent.name) != get_native_id():
                return True
    return False


async def _at_rest(loop: Any, end: float) -> bool:
    """Let the loop do what it has to do and tell whether that was nothing."""
    rested = True
    while monotonic() < end:
        await asyncio.sleep(0)
        if not loop._ready:
            return rested
        rested = False
    return True


async def _wait_for_screen(driven: Pilot[Any], timeout: float = 30.0) -> bool:
    """``Pilot._wait_for_screen`` that asks nobody when the loop rests and every widget waits for its next message."""
    if driven.app.screen_stack and await _at_rest(asyncio.get_running_loop(), monotonic() + 1):
        there = [driven.app, *driven.app.screen.walk_children(with_self=True)]
        if all(_waits(pump) for pump in there):
            return True
    return await ask_each_widget(driven, timeout)


def _waits(pump: MessagePump) -> bool:
    """Whether it has done all that it was sent: nobody but its own loop takes messages from its queue."""
    queue: Any = pump._message_queue
    return queue.empty() and any(not waiting.done() for waiting in queue.ready_event._waiters)


def _next_timer(loop: Any) -> float:
    """Seconds until the loop's next timer."""
    now = loop.time()
    timers = [timer.when() for timer in loop._scheduled if not timer.cancelled()]
    return min(timers, default=now + 3600) - now


def _parse_rules_once(sheet: Stylesheet, css: str, read_from: Any, *more: Any, **options: Any) -> Any:
    """``Stylesheet._parse_rules`` that remembers for the whole process."""
    key = (css, read_from, more, tuple(options.items()), tuple(sheet._variables.items()))
    rules = _parsed.get(key)
    if rules is None:
        rules = _parsed[key] = parse_rules(sheet, css, read_from, *more, **options)
    return rules
