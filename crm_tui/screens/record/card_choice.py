"""Which card is meant, for what came with a letter: those the letter has to do with first, or one looked for."""

from typing import Any

from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.wording import kind_text
from crm_tui.store import finding
from crm_tui.store.queries import letter_cards
from crm_tui.store.queries.letter_cards import Card

OTHER = "other"
MOST_FOUND = 20
KINDS = ("interest", "customer", "contact", "lead")


async def chosen_card(screen: CrmScreen[Any], letter_id: int, words: str = "") -> Card | None:
    """The card that a person chooses; None when that is given up, or nothing is called so."""
    with screen.store.read() as connection:
        near = [] if words else letter_cards.of_letter(connection, letter_id)
    if near:
        options = [(str(place), _text(card)) for place, card in enumerate(near)]
        answer = await screen.app.push_screen_wait(
            Choice(_("Onto which card?"), [*options, (OTHER, _("another one …"))])
        )
        if answer is None:
            return None
        if answer != OTHER:
            return near[int(answer)]
    words = words or await screen.app.push_screen_wait(Prompt(_("Words in the name of the card"))) or ""
    if not words:
        return None
    with screen.store.read() as connection:
        rows = finding.search_records(connection, words, MOST_FOUND)
    found = [Card(row.kind, row.id, row.title) for row in rows if row.kind in KINDS]
    if not found:
        screen.shell.say(_("Nothing is called so."), trouble=True)
        return None
    answer = await screen.app.push_screen_wait(
        Choice(_("Onto which card?"), [(str(place), _text(card)) for place, card in enumerate(found)])
    )
    return None if answer is None else found[int(answer)]


def _text(card: Card) -> str:
    return f"{kind_text(card.kind)}: {card.name}"
