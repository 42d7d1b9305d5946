"""Row 42: a terminal that takes a kilobyte a second; keys act in order and no queue of stale frames builds up."""

import time

import pytest

from tests.waiting import eventually
from tests.widgets.pty_program import PtyProgram, on_pty

A_SECOND = 1024


def resident(program: PtyProgram) -> int:
    """The memory of the program, in kilobytes."""
    with open(f"/proc/{program.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


@pytest.mark.parametrize("answering", [True, False])
def test_assurance_42_a_slow_terminal_gets_the_newest_frame_only(answering: bool) -> None:
    with on_pty("tests.widgets.pty_list", "20000", "wire", answering=answering) as program:
        program.until_shown("ready")
        before, memory = len(program.raw), resident(program)
        pages = 60
        next_read = time.monotonic()

        def trickle() -> bool:
            nonlocal next_read
            if time.monotonic() >= next_read:
                next_read += 32 / A_SECOND
                program.read(most=32, wait=0)
            return True

        for _ in range(pages):
            program.press("\x1b[6~")
            trickle()
        for key in "abc":
            program.press(key)

        def much_or_all() -> bool:
            """On a busy machine the newest frame alone may be less than half a second's worth."""
            much = len(program.raw) - before > A_SECOND // 2
            return trickle() and (much or any("a b c of 3" in line for line in program.lines))

        eventually(much_or_all, "half a second's worth of output")
        program.until_shown("keys a b c of 3")
        program.until(lambda: any(line.startswith("▌") for line in program.lines), "the cursor")
        sent = len(program.raw) - before
        assert sent < pages * 1500 / 2  # a page is some 1,500 bytes: most frames were never sent
        assert resident(program) - memory < 20_000
        program.press("q")
        assert program.ended() == 0
