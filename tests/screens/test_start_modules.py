"""What a start does not load: each module here costs it one to fifteen milliseconds (docs/adr/0007)."""

import importlib.util
import subprocess
import sys
from pathlib import Path

from crm_tui.services.ports import Ports
from tests.screens.mailbox import Mailbox

NOT_AT_START = [
    "crm_tui.domain.letter.template",
    "crm_tui.domain.query",
    "crm_tui.domain.stems",
    "crm_tui.domain.event.recurrence",
    "crm_tui.parsing.invitation",
    "crm_tui.screens.event.calendar",
    "crm_tui.screens.forms.form",
    "crm_tui.services.event.calendar",
    "crm_tui.services.inquiry.inquiries",
    "crm_tui.services.inquiry.intake_interest",
    "crm_tui.services.interest.interests",
    "crm_tui.services.letter.invitations",
    "crm_tui.services.party.parties",
    "crm_tui.services.process.process_hold",
    "crm_tui.services.task.tasks",
    "crm_tui.services.writing.compose",
    "crm_tui.services.writing.draft_copies",
    "crm_tui.services.writing.letter_parts",
    "crm_tui.services.writing.outgoing",
    "crm_tui.store.documents",
    "crm_tui.store.finding",
    "crm_tui.store.health",
    "crm_tui.store.search",
    "crm_tui.store.queries.arrivals",
    "crm_tui.store.queries.customers",
    "crm_tui.store.queries.interests",
    "crm_tui.store.queries.party_cards",
    "crm_tui.store.queries.tasks",
    "crm_tui.store.queries.threads",
    "crm_tui.store.tables.cards",
    "crm_tui.store.tables.deals",
    "crm_tui.store.tables.papers",
    "crm_tui.store.tables.processes",
    "crm_tui.store.tables.upkeep",
    "crm_tui.sync.scheduler",
    "alembic",
    "babel",
    "rapidfuzz",
    "xlsxwriter",
    "python_calamine",
    "cryptography",
    "email.policy",
    "imapclient",
    "keyring",
]
START = """
import asyncio, sys
from pathlib import Path
from crm_tui import app as shell, config
from crm_tui.cli import tui
from tests.screens.keyboard import screen_text

shell.SYNC_AFTER_SECONDS = shell.POLL_SECONDS = 10_000
app = tui.make_app(config.load(), Path(sys.argv[1]))

async def start():
    async with app.run_test(size=(120, 40)) as pilot:
        while "Twenty of them" not in screen_text(app):
            await pilot.pause()
        print(*sys.modules)

asyncio.run(start())
"""


def test_what_is_not_loaded_is_there_to_be_loaded() -> None:
    """A module that was renamed is never loaded, and says nothing."""
    assert [name for name in NOT_AT_START if importlib.util.find_spec(name) is None] == []


def test_the_list_and_a_letter_are_shown_without_what_only_acts_need(ports: Ports) -> None:
    Mailbox(ports).letter("Price of pumps", text="Twenty of them")
    assert ports.session is not None
    ports.session.save("app", {"mode": "mail"})
    ports.store.close()
    command = [sys.executable, "-c", START, str(ports.store.path)]
    root = Path(__file__).resolve().parents[2]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert sorted(set(ran.stdout.split()) & set(NOT_AT_START)) == []
