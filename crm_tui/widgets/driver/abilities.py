"""What a terminal promises, beyond what every terminal does that gets cell differences."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Abilities:
    """Names of terminfo in brackets."""

    fills: bool = False
    """What is erased or scrolled in gets the colour of the background in force (``bce``), not the default one."""
    erases: bool = False
    """So many cells can be erased from the cursor on, with CSI X (``ech``)."""
    has_no_colours: bool = False
    """It shows none (``colors``), so none are sent."""
    tabs: bool = False
    """The tabulator's stops can be cleared and set (``ht``, ``tbc``, ``hts``)."""


PROMISES_NOTHING = Abilities()


def abilities_of(environment: Mapping[str, str] = os.environ) -> Abilities:
    """What terminfo promises for this TERM; nothing where it does not know it, or where there is no terminfo."""
    term = environment.get("TERM", "")
    # tmux has filled and erased since 2.4 (2017), but its entries also serve the older ones
    is_tmux = term.startswith("tmux") or environment.get("TERM_PROGRAM") == "tmux"
    try:
        import curses

        curses.setupterm(term, 1)
    except (ImportError, OSError, ValueError, curses.error):
        return PROMISES_NOTHING
    # GNU screen fills with the default colour, whatever TERM somebody set inside it
    fills = (is_tmux or curses.tigetflag("bce") == 1) and "STY" not in environment
    erases = is_tmux or bool(curses.tigetstr("ech"))
    tabs = all(curses.tigetstr(name) for name in ("ht", "tbc", "hts"))
    return Abilities(fills, erases, has_no_colours=curses.tigetnum("colors") <= 0, tabs=tabs)
