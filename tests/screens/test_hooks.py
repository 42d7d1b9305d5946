"""A program of one's own stands between a key and what it does (L-25)."""

import json

from crm_tui import paths
from crm_tui.app import CrmApp
from crm_tui.services.hooks import Hooks
from crm_tui.services.ports import Ports
from tests.cli.test_hooks import hook
from tests.screens.keyboard import screen_text, type_text
from tests.screens.test_customers import keys
from tests.screens.test_tasks import all_tasks


async def test_l_25_a_hook_refuses_what_a_key_would_do(app: CrmApp, ports: Ports) -> None:
    folder = paths.config_dir() / "hooks"
    folder.mkdir(mode=0o700)
    ports.store.hooks = Hooks()
    async with app.run_test(size=(80, 24)) as pilot:
        for title in ("One", "Две"):
            await keys(pilot, *("2", "n"))
            await type_text(pilot, title + "\n")
        hook(folder, "pre-task.done", "echo 'Сначала отчёт.' >&2; exit 1")
        await keys(pilot, "М", "в")
        assert "! pre-task.done is against it: Сначала отчёт." in screen_text(app)
        assert set(all_tasks(ports).values()) == {"open"}
        (line,) = (folder / "pre-task.done.json").read_text("utf-8").splitlines()
        assert json.loads(line)["here"] == {"kind": "task", "ids": [1, 2]}
        (folder / "pre-task.done").unlink()
        await keys(pilot, "в")
        assert set(all_tasks(ports).values()) == {"done"}
