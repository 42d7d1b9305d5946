"""A telephone says that a call is on: the program that is open tells who that is; all the rest by keyboard."""

import asyncio
import subprocess
import sys

import pytest

from crm_tui import cli
from crm_tui.app import CrmApp
from crm_tui.domain.errors import Invalid
from crm_tui.screens.interaction.briefing import BriefingScreen
from crm_tui.screens.interaction.interaction_form import InteractionForm
from crm_tui.screens.interaction.phone_lookup import PhoneLookup
from crm_tui.services.interaction import telephony
from crm_tui.services.party import contacts, customers
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Interaction, Notification
from tests.screens.keyboard import screen_text, settle, type_text
from tests.waiting import settled

LAYOUTS = {"latin": str, "russian": lambda key: key.translate(str.maketrans("cn", "ст"))}


@pytest.fixture
def known(ports: Ports) -> None:
    with ports.store.work(ports.actor, "prepare") as work:
        newco = customers.add(work, "Newco").key
        contacts.add(work, "Olga Kim", customer_id=newco, infos=[("phone", "+7 701 555 12 34")])


def call(ports: Ports, *arguments: str) -> int:
    """As the hook of a softphone does it, which knows of the program that is open nothing but the store."""
    return cli.run(["--db", str(ports.store.path), "call", *arguments])


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_elp_02_who_calls_is_told_and_the_form_comes_after_the_talk(
    app: CrmApp, ports: Ports, known: None, layout: str
) -> None:
    """Nothing takes the focus: a line tells; Ctrl+N looks the caller up while the call is on, and opens the form
    afterwards."""
    key = LAYOUTS[layout]
    async with app.run_test(size=(80, 24)) as pilot:
        focused = app.focused
        assert await asyncio.to_thread(call, ports, "87015551234") == 0
        await settled(pilot, lambda: "A call: Olga Kim (Newco), 87015551234" in screen_text(app))
        assert "1 notice: Ctrl+N" in screen_text(app)
        assert app.focused is focused
        await pilot.press("ctrl+n")
        await settled(pilot, lambda: "1 has such a number" in screen_text(app))
        assert isinstance(app.screen, PhoneLookup)
        await pilot.press(key("c"))
        await settled(pilot, lambda: isinstance(app.screen, InteractionForm))
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(app.screen, BriefingScreen))
        assert await asyncio.to_thread(call, ports, "87015551234", "--ended") == 0
        await settled(pilot, lambda: "The call is over, note it: Olga Kim" in screen_text(app))
        await pilot.press("ctrl+n")
        await settled(pilot, lambda: isinstance(app.screen, InteractionForm))
        await settled(pilot, lambda: "Call: Olga Kim" in screen_text(app))
        await pilot.press("tab")
        await type_text(pilot, "Agreed")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: not isinstance(app.screen, InteractionForm))
    with ports.store.facts("look") as work:
        (talk,) = work.all(Interaction)
        told = work.all(Notification)
    assert (talk.result, talk.direction, talk.contact_id) == ("Agreed", "in", 1)
    assert [one.code for one in told] == ["call_on", "call_ended"]
    assert all(one.read_at for one in told)


async def test_elp_02_another_process_is_heard(app: CrmApp, ports: Ports, known: None) -> None:
    command = [sys.executable, "-m", "crm_tui", "--db", str(ports.store.path), "call", "555 12 34", "--plain"]
    async with app.run_test(size=(80, 24)) as pilot:
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
        assert done.stdout == "contact\t1\tOlga Kim\tNewco\t+7 701 555 12 34\t\n"
        await settled(pilot, lambda: "A call: Olga Kim (Newco), 555 12 34" in screen_text(app))


async def test_c77_37_an_unknown_caller_is_taken_in_by_a_key(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        with ports.store.facts("call.on") as work:
            telephony.call_on(work, ports.actor.user_id or 0, "+7 777 123 45 67")
        await settled(pilot, lambda: "A call: +7 777 123 45 67, nobody has this number" in screen_text(app))
        await pilot.press("g", "n")
        await settled(pilot, lambda: "Notifications" in screen_text(app))
        await settle(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: "Nobody has this number. n: a new lead with it." in screen_text(app))
        await pilot.press("n")
        await settled(pilot, lambda: "+7 777 123 45 67" in screen_text(app) and "1 of 3" in screen_text(app))


async def test_elp_02_a_missed_call_is_told_and_stands_in_the_journal(
    app: CrmApp, ports: Ports, known: None
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        assert await asyncio.to_thread(call, ports, "87015551234", "--missed") == 0
        await settled(
            pilot, lambda: "A missed call, call back: Olga Kim (Newco), 87015551234" in screen_text(app)
        )
        await pilot.press("g", "j")
        await settled(
            pilot,
            lambda: any(
                "Missed" in row and "Newco" in row and "87015551234" in row
                for row in screen_text(app).splitlines()
            ),
        )
        await pilot.press("ctrl+n")
        await settled(pilot, lambda: isinstance(app.screen, PhoneLookup))


async def test_elp_02_the_end_of_a_call_takes_the_place_of_its_beginning(
    app: CrmApp, ports: Ports, known: None
) -> None:
    user_id = ports.actor.user_id or 0
    async with app.run_test(size=(80, 24)) as pilot:
        for tell, number in (
            (telephony.call_on, "+77015551234"),
            (telephony.call_on, "+7 999 000 00 00"),
            (telephony.call_ended, "+77015551234"),
        ):
            with ports.store.facts("call") as work:
                tell(work, user_id, number)
        await settled(pilot, lambda: "2 notices: Ctrl+N" in screen_text(app))
        await settled(pilot, lambda: "The call is over, note it: Olga Kim" in screen_text(app))
        assert "A call: Olga Kim" not in screen_text(app)
        assert "A call: +7 999 000 00 00" in screen_text(app)


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("+7 (701) 555-12-34", "+7 (701) 555-12-34"),
        ('"Olga Kim" <87015551234>', "87015551234"),
        ("tel:+7-701-555-12-34", "+7-701-555-12-34"),
        ("sip:+77015551234@pbx.example;user=phone", "+77015551234"),
        ("SIPS:205@pbx.example", "205"),
        ("anonymous", None),
        ("", None),
        ("Anonymous <sip:anonymous@anonymous.invalid>", None),
    ],
)
def test_elp_02_a_number_is_found_in_what_a_telephone_gives(given: str, number: str | None) -> None:
    if number is None:
        with pytest.raises(Invalid):
            telephony.number_of(given)
    else:
        assert telephony.number_of(given) == number
