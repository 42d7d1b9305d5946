"""Links to people's pages, pasted as they are (L-25)."""

from textual import events

from crm_tui.app import CrmApp
from crm_tui.services.party import contact_info
from crm_tui.services.ports import Ports
from tests.screens.keyboard import screen_text, settle
from tests.screens.test_customers import keys

PASTED = (
    "Ольга Ким, https://t.me/Olga_Kim?start=1, https://wa.me/77015551234, "
    "https://www.instagram.com/olga.kim/?igsh=MzRl, kz.linkedin.com/in/olga-kim/"
)


async def test_l_25_pasted_links_are_handles_and_a_number_is_a_number(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await keys(pilot, "п", "С", "Т")
        pilot.app.post_message(events.Paste(PASTED))
        await settle(pilot)
        await keys(pilot, "enter")
        await keys(pilot, "enter")
        text = screen_text(app)
        assert "t.me/Olga_Kim" in text
        assert "instagram.com/olga.kim" in text
        assert "igsh" not in text
    with ports.store.read() as connection:
        assert contact_info.of(connection, "contact", 1) == [
            ("messenger", "t.me/Olga_Kim"),
            ("mobile", "+77015551234"),
            ("web", "instagram.com/olga.kim"),
            ("web", "linkedin.com/in/olga-kim"),
        ]
    with ports.store.work(ports.actor, "contact.edit") as work:
        same = [("web", "http://telegram.me/olga_kim"), ("phone", "8 701 555 12 34")]
        assert [contact_info.add(work, "contact", 1, kind, value) for kind, value in same] == [None, None]
