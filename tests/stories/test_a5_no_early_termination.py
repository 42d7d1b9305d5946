"""Story A5: the map does not allow to end its process early."""

import pytest

from tests.stories.office import Office
from tests.stories.processes import DEAL, at_the_interest, deal, state_of


async def test_a5_bp_17_the_command_is_absent_and_its_key_says_why(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "vt220")
    deal(office, DEAL.replace("early_termination = true", "").replace('termination_state = "lost"', ""))
    async with office.at_desk((80, 24), "ukrainian") as desk:
        await at_the_interest(desk)
        assert "E " not in desk.screen.splitlines()[-1], "the footer"
        await desk.press("?")
        await desk.sees("Keys of this place")
        await desk.write("early")
        await desk.is_rid_of("Complete the step")
        assert "interest as lost" not in desk.screen.lower()
        await desk.press("escape")
        await desk.is_rid_of("Keys of this place")
        await desk.press("ctrl+p")
        await desk.sees("Find a command", "Another performer")
        await desk.write("close as lost")
        await desk.is_rid_of("Another performer")
        assert "Close as lost" not in desk.screen
        await desk.press("escape")
        await desk.is_rid_of("Find a command")
        await desk.press("E")
        await desk.sees("The map 5 Deal does not allow to end it early.")
        assert state_of(desk) == "contract"
