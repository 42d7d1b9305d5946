"""Row 31: another program stands still while it holds the store; the session is kept beside the loop."""

from crm_tui.app import CrmApp
from crm_tui.screens.base import Place
from crm_tui.services.ports import Ports
from tests.holding import held
from tests.screens.conftest import app, make_app, one_thread, ports, store
from tests.screens.keyboard import settle

__all__ = ["app", "make_app", "one_thread", "ports", "store"]


async def test_keys_act_while_the_session_waits_for_the_store(app: CrmApp, ports: Ports) -> None:
    with held(ports.store) as let_go:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("3")
            place = app.screen
            assert isinstance(place, Place)
            place._save_soon()
            app._save_mode_soon()
            await pilot.pause()
            for key, mode in (("1", "mail"), ("2", "tasks"), ("3", "calendar")):
                await pilot.press(key)
                await pilot.pause()
                assert app.current_mode == mode
            assert ports.session is not None
            assert ports.session.load("app") == {}
            let_go.set()
            await settle(pilot)
            assert ports.session.load("app") == {"mode": "calendar"}
            assert ports.session.load(place.place) == place.session_state()
