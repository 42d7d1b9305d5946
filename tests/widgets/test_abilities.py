"""What terminfo promises of a terminal, each asked in a process of its own: it is read once in each."""

import subprocess
import sys

import pytest

ASK = (
    "from crm_tui.widgets.driver.abilities import abilities_of;"
    "print(abilities_of({'TERM': '%s', **dict.fromkeys('%s'.split())}))"
)


@pytest.mark.parametrize(
    ("term", "others", "fills", "erases"),
    [
        ("xterm-256color", "", True, True),
        ("xterm-256color", "STY", False, True),  # inside GNU screen, whatever TERM says
        ("screen-256color", "", False, False),
        ("vt220", "", False, True),
        ("never-heard-of", "", False, False),
    ],
)
def test_abilities_are_what_terminfo_promises(term: str, others: str, fills: bool, erases: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK % (term, others)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"Abilities(fills={fills}, erases={erases})"
