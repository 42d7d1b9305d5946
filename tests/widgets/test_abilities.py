"""What terminfo promises of a terminal, each asked in a process of its own: it is read once in each."""

import subprocess
import sys

import pytest

from crm_tui.widgets.driver.abilities import PROMISES_NOTHING, Abilities

ASK = (
    "from crm_tui.widgets.driver.abilities import abilities_of;"
    "print(abilities_of({'TERM': '%s', **dict(one.split('=') for one in '%s'.split())}))"
)


@pytest.mark.parametrize(
    ("term", "others", "found"),
    [
        ("xterm-256color", "", Abilities(fills=True, erases=True, tabs=True)),
        ("xterm-256color", "STY=1", Abilities(erases=True, tabs=True)),  # GNU screen, whatever TERM says
        ("screen-256color", "", Abilities(tabs=True)),
        ("screen-256color", "TERM_PROGRAM=tmux", Abilities(fills=True, erases=True, tabs=True)),
        ("tmux-256color", "", Abilities(fills=True, erases=True, tabs=True)),
        ("vt220", "", Abilities(erases=True, has_no_colours=True, tabs=True)),
        ("never-heard-of", "", PROMISES_NOTHING),
    ],
)
def test_abilities_are_what_terminfo_promises(term: str, others: str, found: Abilities) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK % (term, others)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == repr(found)
