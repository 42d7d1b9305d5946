"""Interactions by keyboard alone: the one form, the journal, what has passed, moves, links, purposes, briefing."""

from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.screens.interaction.briefing import BriefingScreen
from crm_tui.screens.interaction.journal import JournalScreen
from crm_tui.services import users
from crm_tui.services.document import card_files
from crm_tui.services.interaction import interactions
from crm_tui.services.interaction.whose import Whose
from crm_tui.services.interest import interests, purposes, scenarios
from crm_tui.services.party import contacts, customers
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Interaction, Interest, Reminder
from crm_tui.store.tables.cards import Purpose
from crm_tui.store.tables.deals import InteractionContact, InteractionMove
from tests.calls import log_call
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.test_intake import letter
from tests.waiting import settled

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


def user(ports: Ports) -> int:
    assert ports.actor.user_id is not None
    return ports.actor.user_id


@pytest.fixture
def wish(ports: Ports) -> int:
    """An Interest of a customer with two contact persons."""
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        firm = customers.add(work, "Завод", owner_id=user(ports))
        olga = contacts.add(
            work, "Ольга Ким", customer_id=firm.key, infos=[("phone", "+7 701 555 12 34")], birthday="--11-20"
        )
        contacts.add(work, "Иван Петров", customer_id=firm.key)
        made = interests.add(
            work, "20 насосов", owner_id=user(ports), customer_id=firm.key, contact_id=olga.key
        )
        return made.key


async def keys(pilot: Pilot[int], *pressed: str) -> None:
    for key in pressed:
        await pilot.press(key)
        await settle(pilot)


async def fill(pilot: Pilot[int], **fields: str) -> None:
    """Type into fields of the form on top, reached by Tab."""
    for name, text in fields.items():
        while pilot.app.screen.focused is None or pilot.app.screen.focused.id != f"field-{name}":
            await pilot.press("tab")
        await pilot.press("ctrl+u")
        await type_text(pilot, text)
    await settle(pilot)


def rows(ports: Ports) -> list[Interaction]:
    with ports.store.facts("look") as work:
        return sorted(work.all(Interaction), key=lambda one: one.key)


@SIZES
async def test_c77_09_c77_11_c77_13_c77_14_c77_15_c77_16_l_23_one_form(
    app: CrmApp, ports: Ports, wish: int, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await keys(pilot, "4", "enter", "c")
        await fill(pilot, result="Просят цену", next="20.11.2026 15:00")
        assert "reminder before: 15 min, 1 h" in screen_text(app)
        await keys(pilot, "ctrl+a", "ctrl+a", "ctrl+a", "ctrl+x")
        assert "22.11.2026 15:00" in screen_text(app)
        assert "no working day" in screen_text(app)
        await keys(pilot, "ctrl+a")
        await fill(pilot, remind="2", people="Иван Петров")
        await keys(pilot, "up", "up", "up", "right")
        assert "Meeting" in screen_text(app)
        await keys(pilot, "ctrl+s")
    held, planned = rows(ports)
    assert (held.kind, held.status, held.result, held.owner_id) == (
        "meeting",
        "held",
        "Просят цену",
        user(ports),
    )
    assert (planned.status, planned.previous_id) == ("planned", held.key)
    assert planned.starts_at.isoformat() == "2026-11-23T10:00:00+00:00"
    with ports.store.facts("look") as work:
        (reminder,) = work.all(Reminder)
        assert planned.starts_at - reminder.due_at == timedelta(days=2)
        assert len(work.all(InteractionContact, interaction_id=held.key)) == 1
        assert work.get(Interest, wish).next_contact_at == planned.starts_at


async def test_l_11_a_reminder_that_would_lie_in_the_past_is_refused(
    app: CrmApp, ports: Ports, wish: int
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "4", "enter", "c")
        await fill(pilot, result="Да", next="19.11.2026 18:00", remind="1")
        await keys(pilot, "ctrl+s")
        assert "would lie in the past: 15 min, 1 h" in screen_text(app)
        assert rows(ports) == []
        await fill(pilot, remind="30 min")
        await keys(pilot, "ctrl+s")
    assert [one.remind_minutes for one in rows(ports)] == [None, 30]


@SIZES
async def test_c77_10_what_has_passed_is_asked_on_today(
    app: CrmApp, ports: Ports, wish: int, size: tuple[int, int]
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        for hours, subject in ((5, "Первый"), (4, "Второй"), (3, "Третий")):
            at = work.now - timedelta(hours=hours)
            interactions.plan(work, kind="meeting", at=at, subject=subject, interest_id=wish)
            [made] = work.all(Interaction, subject=subject)
            work.change(made, owner_id=user(ports))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await settled(pilot, lambda: "held or not: 3" in screen_text(app))
        assert "Meeting: Первый" in screen_text(app)
        await keys(pilot, "d", "1")
        await type_text(pilot, "Показали")
        await keys(pilot, "enter")
        await settled(pilot, lambda: "held or not: 2" in screen_text(app))
        await keys(pilot, "g", "g", "enter", "2")
        await settled(pilot, lambda: "held or not: 1" in screen_text(app))
        await keys(pilot, "g", "g", "d", "3")
        await type_text(pilot, "monday 10:00")
        await keys(pilot, "enter", "2")
        await settled(pilot, lambda: "held or not" not in screen_text(app))
    one, two, three = rows(ports)
    assert (one.status, one.result, two.status) == ("held", "Показали", "cancelled")
    assert (three.status, three.attempts) == ("planned", 1)


def test_c77_10_strictly_what_has_passed_counts_as_held(ports: Ports, make_app: "type[CrmApp]") -> None:
    with ports.store.work(ports.actor, "setup") as work:
        at = work.now - timedelta(hours=1)
        interactions.plan(work, kind="call", at=at, subject="Звонок", owner_id=user(ports))
    make_app("").hold_passed()  # type: ignore[arg-type]
    assert [one.status for one in rows(ports)] == ["planned"]
    make_app('[contacts]\npassed = "held"\n').hold_passed()  # type: ignore[arg-type]
    assert [one.status for one in rows(ports)] == ["held"]


@pytest.mark.parametrize(
    ("go", "journal", "move"), [("g", "j", "z"), ("п", "о", "я")], ids=["Latin", "Cyrillic"]
)
async def test_l_06_put_off_with_a_reason_and_attempts_are_counted(
    app: CrmApp, ports: Ports, wish: int, go: str, journal: str, move: str
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        interactions.plan_contact(work, wish, work.now + timedelta(hours=1))
    async with app.run_test(size=(120, 40)) as pilot:
        await keys(pilot, go, journal)
        assert isinstance(app.screen, JournalScreen)
        for day in ("20.11.2026 10:00", "23.11.2026 10:00"):
            await keys(pilot, move)
            await type_text(pilot, day)
            await keys(pilot, "enter")
            assert "Why is it put off?" in screen_text(app)
            await keys(pilot, "2")
        assert "3rd attempt" in screen_text(app)
    with ports.store.facts("look") as work:
        assert [one.reason for one in work.all(InteractionMove)] == ["no_answer", "no_answer"]
        (call,) = work.all(Interaction)
        assert work.get(Interest, wish).next_contact_at == call.starts_at


@SIZES
async def test_c77_17_idx_24_kz_06_the_journal_finds_and_links(
    app: CrmApp, ports: Ports, wish: int, size: tuple[int, int]
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        petrov = users.ensure(work, "petrov", name="Petrov")
        interactions.log(work, Whose(interest_id=wish), result="Просят скидку")
        interactions.log(work, Whose(), result="Звонили про рекламу", owner_id=petrov.key)
        old = work.now - timedelta(days=40)
        interactions.log(work, Whose(), result="Давно", at=old)
    async with app.run_test(size=size) as pilot:
        await keys(pilot, "g", "j")
        assert "Просят скидку" in screen_text(app)
        await keys(pilot, "o")
        await fill(pilot, text="рекламу", since="01.11.2026", until="30.11.2026")
        await keys(pilot, "ctrl+s")
        text = screen_text(app)
        assert "Звонили про" in text
        assert "Просят" not in text
        assert "“рекламу” · 01.11.2026–30.11.2026" in text
        await keys(pilot, "L")
        await type_text(pilot, "насосов")
        await keys(pilot, "enter")
        assert "Linked: Завод" in screen_text(app)
        await keys(pilot, "o", "tab", "tab", "tab", "right", "right")
        await fill(pilot, text=" ", since=" ", until=" ")
        await keys(pilot, "ctrl+s")
    linked = next(one for one in rows(ports) if one.owner_id == petrov.key)
    assert linked.interest_id == wish


async def test_kz_01_a_purpose_has_a_scenario_and_an_owner_by_rule(app: CrmApp, ports: Ports) -> None:
    place = letter(ports)
    with ports.store.work(ports.actor, "setup") as work:
        petrov = users.ensure(work, "petrov", name="Petrov")
        interests.add(work, "Busy", owner_id=user(ports))
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, ":")
        await type_text(pilot, "purposes")
        await keys(pilot, "enter")
        assert "whoever accepts" in screen_text(app)
        await keys(pilot, "n")
        await type_text(pilot, "Repair")
        await keys(pilot, "tab", "right", "tab", "right", "right", "ctrl+s")
        assert "who has the fewest" in screen_text(app)
        await keys(pilot, "escape")
        from crm_tui.screens.inquiry.intake import IntakeWizard

        await app.push_screen(IntakeWizard(place.letter_id))
        await settled(pilot, lambda: "+77015551234" in screen_text(app))
        await keys(pilot, "enter", "right", "right")
        assert "Repair" in screen_text(app)
        assert "Service request" in screen_text(app)
        await keys(pilot, "enter", "enter")
    with ports.store.facts("look") as work:
        (made,) = work.all(Interest, purpose="repair")
        assert made.owner_id == petrov.key
        assert purposes.owner_for(work, f"user:{petrov.key}", me=user(ports)) == petrov.key
        (kept,) = work.all(Purpose)
        assert kept.owner_rule == "least_loaded"


@SIZES
async def test_kz_02_by_hand_whoever_is_known_is_offered(
    app: CrmApp, ports: Ports, wish: int, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await keys(pilot, "g", "N", "2")
        assert "By hand" in screen_text(app)
        await keys(pilot, "tab", "tab")
        await type_text(pilot, "8 701 555 12 34")
        await settled(pilot, lambda: "Ольга Ким, same phone" in screen_text(app))
        assert "20 насосов (Meeting)" in screen_text(app)
        assert "a new lead" in screen_text(app)
        await keys(pilot, "enter")
        assert "3 of 3" in screen_text(app)
        await keys(pilot, "enter")
    (talk,) = rows(ports)
    assert (talk.kind, talk.direction, talk.interest_id) == ("meeting", "in", wish)


@SIZES
async def test_c77_37_l_26_a_planned_meeting_has_its_briefing(
    app: CrmApp, ports: Ports, wish: int, size: tuple[int, int]
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        log_call(work, wish, result="Просят\nскидку")
        interactions.plan_contact(work, wish, work.now + timedelta(hours=1))
    async with app.run_test(size=size) as pilot:
        await keys(pilot, "g", "p")
        await type_text(pilot, "5551234")
        await settled(pilot, lambda: "Ольга Ким" in screen_text(app))
        await keys(pilot, "escape", "4", "enter", "B")
        assert isinstance(app.screen, BriefingScreen)
        text = screen_text(app)
        for words in ("20 насосов (Interest)", "Завод (Customer)", "State and next step", "today 17:40"):
            assert words in text
        await keys(pilot, "G")
        for words in ("> скидку", "Birthdays", "20.11 Ольга Ким"):
            assert words in screen_text(app)
        await keys(pilot, "escape")
        assert not isinstance(app.screen, BriefingScreen)
        await keys(pilot, "0", "g", "g", "B")
        assert "Call: 20 насосов · today 17:40" in screen_text(app)


async def test_c77_12_files_of_a_contact(app: CrmApp, ports: Ports, wish: int, tmp_path: Path) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        log_call(work, wish, result="Прислали чертёж")
    drawing = tmp_path / "drawing.txt"
    drawing.write_text("a pump", "utf-8")
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "g", "j", "g", "A", "a")
        await type_text(pilot, str(drawing))
        await keys(pilot, "enter")
        (talk,) = rows(ports)

        def names() -> list[str]:
            with ports.store.read() as connection:
                return [one.name for one in card_files.of_card(connection, "interaction", talk.key)]

        await settled(pilot, lambda: names() == ["drawing.txt"])


@SIZES
async def test_c77_17_mail_46_the_journal_is_filtered_by_any_field(
    app: CrmApp, ports: Ports, wish: int, size: tuple[int, int]
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        interactions.log(work, Whose(interest_id=wish), kind="meeting", result="Просят скидку")
        interactions.log(work, Whose(interest_id=wish), kind="call", result="")
    async with app.run_test(size=size) as pilot:
        await keys(pilot, "g", "j")
        await type_text(pilot, ":list.filter Held without a result\n")
        await settled(pilot, lambda: "1 record found" in screen_text(app))
        text = screen_text(app)
        assert "Filter: Held without a result" in text
        assert "Просят скидку" not in text
        await keys(pilot, "escape")
        assert "Просят скидку" in screen_text(app)
        await keys(pilot, "f")
        assert "Kind" in screen_text(app), "one field compared with a value"
