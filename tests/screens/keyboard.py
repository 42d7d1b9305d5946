"""Typing and looking, as a person does."""

import asyncio

from textual._context import visible_screen_stack
from textual.app import App
from textual.pilot import Pilot
from textual.strip import Strip

from crm_tui.app import CrmApp


async def type_text(pilot: Pilot[int], text: str) -> None:
    """Type a text into whatever has the focus."""
    names = {
        " ": "space",
        "\n": "enter",
        ":": "colon",
        ".": "full_stop",
        ",": "comma",
        "-": "minus",
        "+": "plus",
    }
    await pilot.press(*(names.get(character, character) for character in text))


def screen_strips(app: App[int]) -> list[Strip]:
    """What stands on the screen.

    What lies below a dialog is told as Textual tells it before it paints: else whoever looks before the paint leaves
    an empty ground in the dialog's cache, and the paint shows that.
    """
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def screen_text(app: App[int]) -> str:
    """What stands on the screen, line by line."""
    lines = screen_strips(app)
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in lines)


async def settle(pilot: Pilot[int]) -> None:
    """Wait until what the keys set going is done and shown, dialogs that wait for a person left aside.

    The tests give the loop one thread, so an empty job comes out only after all that was handed to it before.
    """
    waiting = True
    while waiting:
        for _round in range(2):
            await pilot.pause()
            await asyncio.to_thread(int)
        await pilot.pause()
        # A program that has ended, by a fault for instance, will never take the keys that wait.
        waiting = (
            isinstance(pilot.app, CrmApp)
            and pilot.app.keys_wait
            and not pilot.app._exit
            and pilot.app._exception is None
        )
        if waiting:
            await pilot.pause(0.01)
