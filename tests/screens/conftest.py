"""A shell over an empty store, for the tests of the screens."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crm_tui import config
from crm_tui.app import CrmApp
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.shell import attention, modes
from crm_tui.services import users
from crm_tui.services.ports import Ports
from crm_tui.services.session import StoredSession
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount
from tests.screens.writing import writing_desk
from tests.stores import TestClock, new_store


@pytest.fixture(autouse=True)
def hands_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """What opens by itself does so at once, however fast a test types; one that asks about it sets it back."""
    monkeypatch.setattr(attention, "REST_SECONDS", 0.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store whose clock stands at Thursday 16:40 in Almaty."""
    made = new_store(tmp_path / "store", TestClock())
    yield made
    made.close()


@pytest.fixture
def ports(store: Store) -> Ports:
    """What a real start gives to the app, but for the sync."""
    user = users.current(store)
    store.feed.drain()
    return Ports(
        store,
        users.actor_of(user),
        clock=store.clock,
        zone="Asia/Almaty",
        session=StoredSession(store, user.key),
    )


@pytest.fixture
def make_app(ports: Ports) -> Callable[..., CrmApp]:
    """Make an app; a text is its settings file."""

    def make(settings: str = "") -> CrmApp:
        file = config.config_file()
        file.write_text(settings, "utf-8")
        return CrmApp(ports, config.load(file, {}))

    return make


@pytest.fixture
def app(make_app: Callable[..., CrmApp]) -> CrmApp:
    """An app with default settings."""
    return make_app()


class BareApp(CrmApp):
    """The shell alone: each mode is an empty frame, so that its tests do not depend on the screens."""

    MODES = {mode.name: CrmScreen for mode in modes.MODES}


@pytest.fixture
def make_shell(ports: Ports) -> Callable[..., CrmApp]:
    """Make a shell without the real screens; a text is its settings file."""

    def make(settings: str = "") -> CrmApp:
        file = config.config_file()
        file.write_text(settings, "utf-8")
        return BareApp(ports, config.load(file, {}))

    return make


@pytest.fixture
def shell(make_shell: Callable[..., CrmApp]) -> CrmApp:
    """A shell with default settings."""
    return make_shell()


@pytest.fixture
def mailbox(ports: Ports) -> MailAccount:
    """An account that can send, with one letter in its inbox."""
    return writing_desk(ports)


@pytest.fixture(autouse=True)
async def one_thread() -> None:
    """One thread for all the work of a test's loop: see ``keyboard.settle``."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
