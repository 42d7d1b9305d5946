"""Looks of rows that a user defines, by keyboard alone (CORP-07, ELMA-06)."""

import pytest
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.domain.conditions.condition import Group, Leaf
from crm_tui.domain.conditions.condition_fields import Operator
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.lists.condition_editor import ConditionEditor, LeafForm
from crm_tui.screens.lists.row_looks import RowLooksScreen
from crm_tui.screens.lists.saved_filters import SavedFilters
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.ports import Ports
from crm_tui.services.record import condition_subjects, row_looks
from crm_tui.services.record.row_looks import Look
from crm_tui.services.task import tasks
from crm_tui.widgets.board_view import BoardView
from crm_tui.widgets.record_list import RecordList
from tests.screens.keyboard import screen_text, type_text
from tests.screens.mailbox import Mailbox
from tests.waiting import settled


async def until(pilot: Pilot[int], *texts: str) -> None:
    await settled(pilot, lambda: all(one in screen_text(pilot.app) for one in texts), str(texts))


async def chosen(pilot: Pilot[int], title: str, typed: str) -> None:
    """Choose in the dialog of that title."""
    await settled(pilot, lambda: isinstance(pilot.app.screen, Choice) and title in screen_text(pilot.app))
    await type_text(pilot, f"{typed}\n")


async def city_is(pilot: Pilot[int], city: str) -> None:
    """Fill in the comparison on top."""
    await settled(pilot, lambda: isinstance(pilot.app.screen, LeafForm))
    await type_text(pilot, "cc")
    await pilot.press("tab", "tab")
    await type_text(pilot, f"{city}\n")


def line(app: CrmApp, text: str) -> str:
    return next(one for one in screen_text(app).splitlines() if text in one)


async def test_corp_07_rows_are_marked_by_conditions_of_ones_own(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        for name, city in (("Насосный завод", "Astana"), ("Zenit", "Almaty"), ("Aral", "Almaty")):
            customers.add(work, name, city=city)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "c")
        await until(pilot, "Zenit")
        before = line(app, "Zenit")
        await pilot.press("colon")
        await type_text(pilot, "row_looks\n")
        await until(pilot, "No looks yet")
        await pilot.press("т")  # n on a Cyrillic layout
        await city_is(pilot, "ALM")
        await chosen(pilot, "Holds for 2 of 3 records now.", "VIP")
        await chosen(pilot, "Which style", "warning")
        await until(pilot, "City contains “ALM”", "VIP", "warning", "mine")
        await pilot.press("n")
        await city_is(pilot, "A")
        await chosen(pilot, "Holds for 3 of 3 records now.", "#")
        await chosen(pilot, "Which style", "plain")
        await until(pilot, "City contains “A”")
        await pilot.press("t")
        await until(pilot, "2/3", "3/3")
        await pilot.press("escape")
        await settled(pilot, lambda: "VIP" in line(app, "Zenit"), "the first that holds")
        assert line(app, "Zenit").split()[:2] == ["VIP", "Zenit"], "behind the gutter, before the name"
        assert "#" in line(app, "Насосный")
        records = app.screen.query_one(RecordList)
        styles = {
            segment.text.strip(): segment.style
            for segment in records._row_strip(records.position + 1, records._current_looks())
        }
        assert any(style is not None and style.color for style in styles.values())

        await pilot.press("colon")
        await type_text(pilot, "row_looks\n")
        await settled(pilot, lambda: isinstance(app.screen, RowLooksScreen) and "VIP" in screen_text(app))
        await pilot.press("x")
        await settled(pilot, lambda: line(app, "VIP").split()[0] != "yes" and "no" in line(app, "VIP"))
        await pilot.press("escape")
        await settled(pilot, lambda: "#" in line(app, "Zenit"), "the next that holds")
        await pilot.press("u", "u", "u")
        await settled(pilot, lambda: line(app, "Zenit") == before, "without looks nothing is as before")


async def test_corp_07_looks_are_ordered_changed_shared_and_deleted(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        customers.add(work, "Zenit", city="Almaty")
        subject = condition_subjects.subject(work.connection, "customer")
        for city, mark in (("Alm", "star"), ("Zzz", "hot")):
            row_looks.add(work, subject, Look(Group("all", (Leaf("city", Operator.CONTAINS, city),)), mark))

    def order() -> list[str]:
        with ports.store.read() as connection:
            return [one.mark for one in row_looks.rows(connection, subject, ports.actor.user_id)]

    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "c")
        await until(pilot, "*   Zenit")
        await pilot.press("colon")
        await type_text(pilot, "row_looks\n")
        await until(pilot, "City contains “Zzz”")
        await pilot.press("J")
        await settled(pilot, lambda: order() == ["hot", "star"])
        await pilot.press("b")
        await chosen(pilot, "Which mark", "WAIT")
        await settled(pilot, lambda: order() == ["hot", "wait"], "the cursor went along")
        await pilot.press("s")
        await chosen(pilot, "Which style", "muted")
        await until(pilot, "muted")
        await pilot.press("K", "S")
        await until(pilot, "everybody's")
        assert order() == ["hot", "wait"], "one's own stand first"
        await pilot.press("e")
        await settled(pilot, lambda: isinstance(app.screen, ConditionEditor))
        await pilot.press("D", "ctrl+s")
        await until(pilot, "Say which rows are to be marked.")
        await pilot.press("D")
        await settled(pilot, lambda: order() == ["hot"])


@pytest.fixture
def everything(ports: Ports) -> Ports:
    """One of each kind, and a look that holds for it."""
    me = ports.actor.user_id
    assert me is not None
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        contacts.add(work, "Ольга Ким")
        leads.add(work, "Бауыржан", owner_id=me)
        interests.add(work, "20 насосов", owner_id=me)
        tasks.add(work, "Перезвонить", assignee_id=me)
        for kind, field in (("contact", "name"), ("lead", "name"), ("interest", "name"), ("task", "title")):
            subject = condition_subjects.subject(work.connection, kind)
            wanted = Look(Leaf(field, Operator.FILLED), "percent", "accent")
            row_looks.add(work, subject, wanted, shared=True)
    return ports


async def test_corp_07_each_list_of_records_has_its_looks(app: CrmApp, everything: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        for place, text in (("gC", "Ольга"), ("gl", "Бауыржан"), ("4", "20 нас"), ("2", "Перезвонить")):
            await pilot.press(*place)
            await until(pilot, text)
            assert " % " in line(app, text)
        assert "% " not in line(app, "Without a date"), "a heading bears none"


async def test_elma_06_partners_in_a_folder_vips_marked_sorted_by_region(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        customers.add(work, "Tengri", kind="partner", status="new", region="West")
        customers.add(work, "Алатау", kind="partner", status="vip", region="East")
        customers.add(work, "Zenit", status="vip", region="North")
        subject = condition_subjects.subject(work.connection, "customer")
        row_looks.add(work, subject, Look(Leaf("status", Operator.EQUALS, "vip"), "vip", "bold"))
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.press("g", "c")
        await until(pilot, "Zenit")
        await pilot.press("colon")
        await type_text(pilot, "saved_filters Partners\n")
        await settled(
            pilot, lambda: "Filter: Partners" in screen_text(app) and "Zenit" not in screen_text(app)
        )
        await pilot.press("F")
        await settled(pilot, lambda: isinstance(app.screen, SavedFilters))
        await pilot.press("N")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await type_text(pilot, "Our circle\n")
        await until(pilot, "Our circle/")
        await pilot.press("n")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await type_text(pilot, "Allies\n")
        await until(pilot, "  Allies")
        await pilot.press("escape")
        await settled(pilot, lambda: not isinstance(app.screen, SavedFilters))
        await pilot.press("colon")
        await type_text(pilot, "sort Region\n")
        await settled(pilot, lambda: screen_text(app).find("East") < screen_text(app).find("West"))
        text = screen_text(app)
        assert text.index("Алатау") < text.index("Tengri")
        assert "VIP" in line(app, "Алатау").split()
        assert "VIP" not in line(app, "Tengri").split()


async def test_corp_07_cards_of_the_board_bear_the_looks_of_the_list(app: CrmApp, everything: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4", "v")
        await until(pilot, "% 20 нас")
        board = app.screen.query_one(BoardView)
        accent = board.get_component_rich_style("board-view--card-accent", partial=True)
        drawn = [
            segment.style
            for strip in board.render_lines(board.region.reset_offset)
            for segment in strip
            if "% 20 нас" in segment.text
        ]
        assert drawn
        assert all(style is not None and style.color == accent.color for style in drawn)
        await pilot.press("colon")
        await type_text(pilot, "row_looks\n")
        await settled(pilot, lambda: isinstance(app.screen, RowLooksScreen) and "accent" in screen_text(app))
        await pilot.press("x")
        await settled(pilot, lambda: "no " in line(app, "accent"))
        await pilot.press("escape")
        await settled(pilot, lambda: "20 нас" in screen_text(app) and "% 20" not in screen_text(app))


async def test_corp_07_letters_are_marked_by_conditions_of_ones_own(app: CrmApp, ports: Ports) -> None:
    mailbox = Mailbox(ports)
    mailbox.letter("Price of pumps", sender="Olga Kim <olga@newco.example>")
    mailbox.letter("Скидки на всё", sender="Shop <shop@noise.example>")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await until(pilot, "Price of pumps")
        before = line(app, "Price of pumps")
        assert isinstance(app.screen, MailScreen)
        assert app.screen.letter_looks is None, "without looks no page of rows asks for any"
        await pilot.press("colon")
        await type_text(pilot, "row_looks\n")
        await until(pilot, "No looks yet")
        await pilot.press("т")  # n on a Cyrillic layout
        await settled(pilot, lambda: isinstance(app.screen, LeafForm))
        await pilot.press("tab", "tab")
        await type_text(pilot, "newco\n")
        await chosen(pilot, "Holds for 1 of 2 records now.", "VIP")
        await chosen(pilot, "Which style", "warning")
        await until(pilot, "VIP", "warning")
        await pilot.press("escape")
        await settled(pilot, lambda: "VIP" in line(app, "Price of pumps"))
        assert "VIP" not in line(app, "Скидки")
        for keys in (("J",), ("J",)):
            await pilot.press(*keys)
            await settled(
                pilot, lambda: "VIP" in line(app, "Price of pumps"), "by threads, and each by itself"
            )
        await pilot.press("u")
        await settled(pilot, lambda: "VIP" not in screen_text(app))
        assert line(app, "Price of pumps") == before
