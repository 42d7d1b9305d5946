"""What goes to a client is said before it goes, in words, and is never the answer to Enter alone (field.md C-04)."""

from collections.abc import Callable

from crm_tui.app import CrmApp
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.process.trigger_card import TriggerCard
from crm_tui.screens.writing.compose_review import ReviewDialog
from crm_tui.services.ports import Ports
from crm_tui.services.writing import letter_templates
from crm_tui.store.tables import MailAccount
from tests.screens.keyboard import screen_text, type_text
from tests.waiting import settled


async def test_c_04_the_review_says_in_words_who_is_outside(
    make_app: Callable[..., CrmApp], mailbox: MailAccount
) -> None:
    """On a terminal without colours."""
    app = make_app('[ui]\ntheme = "mono"\nglyphs = "ascii"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settled(pilot, lambda: "Цена насосов" in screen_text(app))
        await pilot.press("w")
        await settled(pilot, lambda: "Bcc" in screen_text(app))
        await type_text(pilot, "boss@office.example, olga@newco.example\nPrice\nThey cheat")
        await pilot.press("ctrl+s")
        await settled(
            pilot, lambda: isinstance(app.screen, ReviewDialog) and "They cheat" in screen_text(app)
        )
        text = screen_text(app)
        assert text.count("[outside]") == 1
        assert "olga@newco.example [outside]" in text


async def test_c_04_enter_alone_lets_no_trigger_write_to_a_client(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        letter_templates.add(work, "Notes", subject="Internal notes", body="They cheat")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "w")
        await settled(pilot, lambda: "No triggers yet" in screen_text(app))
        await pilot.press("n")
        await settled(pilot, lambda: isinstance(app.screen, TriggerCard))
        await pilot.press("n")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await type_text(pilot, "letter\n")
        await settled(pilot, lambda: "Which template" in screen_text(app))
        await pilot.press("enter")
        await settled(pilot, lambda: "To whom" in screen_text(app))
        await pilot.press("enter")
        await settled(
            pilot, lambda: isinstance(app.screen, TriggerCard) and "to the owner" in screen_text(app)
        )
