"""``crm mail rule``: what stands there, what would be done, and doing it."""

import pytest

from crm_tui.domain.conditions.condition import Leaf
from crm_tui.domain.conditions.condition_fields import Operator
from crm_tui.services import users
from crm_tui.services.letter import mail_rules
from crm_tui.store.engine import Store
from crm_tui.store.tables import Placement
from tests.cli.conftest import Crm
from tests.store import letters


@pytest.fixture
def target(store: Store) -> int:
    """An inbox with two letters, one of which a rule puts into another folder; answers that folder."""
    account = letters.account(store, "work")
    inbox, folder = letters.folder(store, account), letters.folder(store, account, "News", "")
    for subject in ("news", "question"):
        letters.letter(store, inbox, subject)
    with store.work(users.actor_of(users.current(store)), "mail_rule.add") as work:
        wanted = Leaf("subject", Operator.CONTAINS, "news")
        mail_rules.add(work, account, "To News", wanted, [{"do": "move", "folder_id": folder}])
    return folder


def test_mail_52_rules_are_listed_tried_and_run(crm: Crm, store: Store, target: int) -> None:
    (rule,) = crm("mail", "rule", "ls", "--json").json
    assert rule["name"] == "To News"
    assert rule["if"] == "Subject contains “news”"
    assert rule["then"] == "put into “News”"
    for command, moved in ((("run", "--dry-run"), 0), (("run",), 1)):
        (row,) = crm("mail", "rule", *command, "--json").json
        assert row["letters"] == 1
        with store.facts("look") as work:
            assert len(work.all(Placement, folder_id=target)) == moved
    assert crm("mail", "rule", "run", "--folder", "nowhere").code == 3
