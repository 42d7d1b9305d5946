"""A route map drawn and set by keyboard alone, from nothing to in force (RM-04…RM-22, BP-11…BP-20, KZT-20)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from textual import events
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.domain.route import route_edit, route_remove, route_walk
from crm_tui.domain.route.route_map import (
    ActionPoint,
    Duration,
    EndPoint,
    NestedPoint,
    PerformerRule,
    Route,
    RuleAction,
    SplitPoint,
    Step,
    StepEvent,
    Unit,
)
from crm_tui.screens.route import map_texts
from crm_tui.screens.route.map_editor import MapEditor
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.ports import Ports
from crm_tui.services.process import process_hold
from crm_tui.services.route import route_maps, shipped_maps
from crm_tui.store.tables import Interest, found, table_of
from crm_tui.store.work import Actor
from crm_tui.widgets.text_field import TextBox, TextField
from tests.screens.keyboard import screen_text, settle

LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.QWERTYUIOP{}ASDFGHJKL:ZXCVBNM<>"
CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЯЧСМИТЬБЮ"
LAYOUTS: dict[str, Callable[[str], str]] = {
    "latin": lambda key: key,
    "ru": lambda key: key.translate(str.maketrans(LATIN, CYRILLIC)) if len(key) == 1 else key,
}


class Desk:
    """Keys and what they show. What begins with ``'`` is text, which comes at once as a terminal pastes it; single
    letters are keys of the layout."""

    def __init__(self, app: CrmApp, pilot: Pilot[int], layout: str = "latin") -> None:
        self.app, self.pilot, self.key = app, pilot, LAYOUTS[layout]

    async def __call__(self, *keys: str) -> str:
        for key in keys:
            if key.startswith("'"):
                focused = self.app.focused
                assert isinstance(focused, TextField | TextBox)
                focused.post_message(events.Paste(key[1:]))
            else:
                await self.pilot.press(self.key(key))
            await settle(self.pilot)
        return screen_text(self.app)


@pytest.fixture
def maps(ports: Ports) -> Ports:
    """A store with the shipped scenarios and maps."""
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)
        shipped_maps.ensure(work)
    return ports


def written(ports: Ports, name: str) -> Route:
    """The map of this name as it is written now."""
    with ports.store.read() as connection:
        found = next(one for one in route_maps.catalogue(connection, archived=True) if one.name == name)
        return route_maps.draft_or_current(connection, found.id)


def step(route: Route, name: str) -> Step:
    return next(one for one in route.points if isinstance(one, Step) and one.name == name)


async def test_rm_06_rm_07_rm_10_rm_19_rm_22_bp_11_bp_12_bp_17_bp_18_kzt_17_kzt_20_a_map_is_drawn_from_nothing(
    app: CrmApp, maps: Ports
) -> None:
    """All that the map of RM-19 needs, RM-13, RM-18 and RM-21 too, by keys alone; then it is in force (CORP-22)."""
    async with app.run_test(size=(80, 24)) as pilot:
        press = Desk(app, pilot)
        text = await press("g", "m", "n", "'1.9 Own sale", "enter")
        assert "1.9 Own sale · draft" in text
        assert "choose the state" in text
        # number and name stay; object process of an Interest, on creating, by the scenario of sales, may end early
        await press(
            "P", "tab", "tab", "tab", "tab", "right", "tab", "right", "tab", "right", "tab", "l", "ctrl+s"
        )
        await press("n", "1", "'Meeting", "tab", "m", "tab", "tab", "tab", "'4h", "ctrl+s")
        for name in ("Proposal", "Waiting for client", "Contract/Invoice"):
            await press("n", "1", f"'{name}", "tab", name[0].lower(), "ctrl+s")
        await press("n", "1", "'Control", "tab", "c", "c", "ctrl+s")
        # won, or lost: the way there is gets a name, the new one leads to an unsuccessful end
        text = await press(
            "b", "ctrl+u", "'Won", "tab", "'Lost", "tab", "left", "left", "tab", "'Not sold", "ctrl+s"
        )
        assert "│ Won" in text, text
        assert "((× Not sold))" in text
        await press("s", "'lost", "enter", "up", "left", "down", "e", "'Sold", "tab", "w", "w", "ctrl+s")
        # what is needed on each step
        await press("home")
        for wanted in (
            ("phone call", "field: phone number"),
            ("proposal", "outgoing"),
            ("phone call", "outgoing"),
            ("invoice", "outgoing"),
            ("phone call",),
        ):
            await press("down")
            for name in wanted:
                await press("d", f"'{name}", "enter")
        # a letter to new clients alone
        await press("home", "down", "enter", "a", "tab", "tab", "right", "tab", "tab", "right", "ctrl+s")
        await press("c", "space", "'lead", "enter", "tab", "space", "7", "enter")
        text = await press("esc", "I")
        assert "In force as version 1." in text, text
    made, shipped = written(maps, "Own sale"), written(maps, "Sale (quick)")
    for name in ("Meeting", "Proposal", "Waiting for client", "Contract/Invoice", "Control"):
        assert step(made, name).requirements == step(shipped, name).requirements
        assert step(made, name).state == step(shipped, name).state
    assert [(one.name, one.state) for one in made.points if isinstance(one, EndPoint)] == [
        ("Sold", "won"),
        ("Not sold", "lost"),
    ]
    assert replace(made, points=(), flows=()) == replace(
        shipped, number="1.9", name="Own sale", notes="", points=(), flows=()
    )
    assert step(made, "Meeting").duration == Duration(4, Unit.WORKING_HOURS)
    least = route_walk.walk(made).points[step(made, "Control").id]
    assert least.touches >= 5
    (rule,) = step(made, "Meeting").rules
    assert (rule.event, rule.action, rule.to_client) == (StepEvent.ENTERING, RuleAction.EMAIL, True)
    assert rule.target
    assert rule.condition == {"field": "lead_id", "op": "filled"}
    with maps.store.work(maps.actor, "interest.add") as work:
        interest = interests.add(work, "Pumps", scenario="sale", owner_id=maps.actor.user_id or 0)
        key = interest.key
    with maps.store.read() as connection:
        assert process_hold.holders(connection, [key]) == {key: "1.9 Own sale"}
        row = table_of(Interest)
        assert connection.scalar(select(row.c.id).where(row.c.id == key)) == key


async def test_rm_08_rm_09_bp_13_bp_14_bp_15_bp_19_bp_20_corp_21_a_map_is_changed_by_keys_of_any_layout(
    app: CrmApp, maps: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        press = Desk(app, pilot, "ru")
        text = await press("g", "m", "enter", "down")
        assert "[Meeting] 4h" in text
        # performer: least loaded would need a role; the head needs nobody named
        await press("e", "tab", "tab", "right", "tab", "tab", "ctrl+u", "'30min", "tab", "right", "ctrl+s")
        meeting = step(written(maps, "Sale (quick)"), "Meeting")
        assert (meeting.performer.rule, meeting.ask_result) == (PerformerRule.HEAD, True)
        assert meeting.duration == Duration(30, Unit.MINUTES)
        # two branches, in the first one a nested process: only an independent one
        await press("down", "down", "down", "down", "n", "3", "'Agree", "tab", "'Reserve", "ctrl+s")
        text = await press("n", "4", "'Legal", "tab", "tab", "1", "ctrl+s")
        assert "! 1.2 Sale (quick) is an object process" in text
        text = await press("3", "ctrl+s")
        assert "│ sets the state   │ branch 2" in text
        assert "[[Legal]]" in text
        route = written(maps, "Sale (quick)")
        nested = next(one for one in route.points if isinstance(one, NestedPoint))
        assert nested.map == "assignment"
        split = next(one for one in route.points if isinstance(one, SplitPoint))
        assert [route.flows[number].controls for number in route.leaving[split.id]] == [True, False]
        # the problems name the step, and Enter goes there
        text = await press("p")
        assert "Agree: choose the state" in text
        text = await press("enter", "s", "'contract", "enter")
        assert "▌[Agree]" in text
        assert step(written(maps, "Sale (quick)"), "Agree").state == "contract"
        # a timer, an action, and both taken back
        await press("n", "5", "'Pause", "tab", "tab", "ctrl+u", "'2d", "ctrl+s")
        text = await press("n", "6", "'Remind", "ctrl+s", "'Call them", "ctrl+s")
        assert "(Pause)" in text
        kinds = {type(one): one for one in written(maps, "Sale (quick)").points}
        action = kinds[ActionPoint]
        assert isinstance(action, ActionPoint)
        assert (action.action, action.settings) == ("create_task", {"title": "Call them"})
        text = await press("D")
        assert "{Remind}" not in text
        text = await press("u")
        assert "{Remind}" in text
        # the branch as a whole, then the other view with the same draft
        text = await press("v")
        assert "sets the state: " in text
        assert "[Reserve]" in text
        assert "30min" in text
        # the map, and the instruction of a step, as text in an editor; what is no map is said, and not kept
        written_there: list[Callable[[str], str]] = [
            lambda text: text.replace("Pause", "Rest"),
            lambda text: text + "[",
            lambda _text: "Call.",
        ]

        async def edited(_app: object, text: str, *, suffix: str) -> str:
            return written_there.pop(0)(text)

        monkeypatch.setattr(map_texts, "edited", edited)
        text = await press("T")
        assert "(Rest)" in text
        text = await press("T")
        assert "is no TOML" in text
        await press("2", "v", "home", "down", "i")
        assert step(written(maps, "Sale (quick)"), "Meeting").instruction == "Call."


async def test_rm_04_rm_05_rm_22_bp_16_corp_22_the_catalogue_and_versions(
    app: CrmApp, maps: Ports, tmp_path: Path
) -> None:
    file = tmp_path / "own.toml"
    async with app.run_test(size=(80, 24)) as pilot:
        press = Desk(app, pilot, "ru")
        text = await press("g", "m")
        assert "1.2   Sale (quick)" in text
        assert "2.1   Service request" in text
        assert "In force" not in text.partition("I Put in force")[0]
        text = await press("I")
        assert "In force as version 1." in text
        text = await press("x", "ctrl+u", f"'{file}", "enter")
        assert "Written to" in text
        named = file.read_text("utf-8").replace('name = "Meeting"', 'name = "First meeting"')
        file.write_text(named, "utf-8")
        text = await press("i", "ctrl+u", f"'{file}", "enter")
        assert "In force, changed" in text
        text = await press("v")
        assert "First meeting: name" in text
        text = await press("esc", "I", "v", "enter")
        assert "First meeting: name: Meeting → First meeting" in text
        text = await press("esc", "esc", "S")
        assert "Suspended. 0 processes go on." in text
        with maps.store.read() as connection:
            first = route_maps.catalogue(connection)[0]
            assert (first.status, first.version_number) == (route_maps.SUSPENDED, 2)
            assert route_maps.in_force(connection) == []
        text = await press("D")
        assert "1.2   Sale" not in text
        text = await press("o")
        assert "Archived" in text
        # what is not sound is not put in force: the point is named, and Enter goes there
        text = await press("n", "'5 Empty", "enter", "esc", "I")
        assert "choose the state" in text
        text = await press("enter")
        assert "5 Empty · draft" in text
        assert "▌! ((end))" in text
        text = await press("t")
        assert "no token is ever left standing" in text
        # somebody else changes the map meanwhile
        await press("esc")
        with maps.store.work(Actor("other"), "route_map.save_draft") as work:
            row = next(one for one in route_maps.catalogue(work.connection) if one.name == "Empty")
            other = replace(route_maps.draft_or_current(work.connection, row.id), name="Otherwise")
            route_maps.save_draft(work, row.id, other)
        text = await press("r", "'Done", "enter")
        assert "5 Otherwise · draft" in text
        assert "▌! ((Done))" in text
        # before the news of it came: nothing is written over
        editor = app.screen
        assert isinstance(editor, MapEditor)
        editor.draft.row = replace(editor.draft.row, row_version=0)
        text = await press("r", "ctrl+u", "'Mine", "enter")
        assert "Somebody else changed 5 Otherwise meanwhile" in text
        assert "▌! ((Done))" in text


async def test_corp_21_c_15_a_map_is_tried_out_and_its_processes_are_moved(app: CrmApp, maps: Ports) -> None:
    """The flight simulator, the report of how it runs, and where running processes would stand in a new version."""
    owner = maps.actor.user_id or 0
    with maps.store.work(maps.actor, "setup") as work:
        row = next(one for one in route_maps.catalogue(work.connection) if one.name == "Sale (quick)")
        route_maps.enforce(work, row.id)
        keys = [interests.add(work, name, scenario="sale", owner_id=owner).key for name in ("Pumps", "Tiles")]
        drawn = route_maps.draft_or_current(work.connection, row.id)
        number = drawn.leaving["start"][0]
        drawn = route_remove.remove(
            route_edit.insert(drawn, number, Step(id="hello", name="Hello", state="meeting")), "meeting"
        )
        route_maps.save_draft(work, row.id, drawn)
        route_maps.enforce(work, row.id)
    async with app.run_test(size=(80, 24)) as pilot:
        press = Desk(app, pilot)
        text = await press("g", "m", "t")
        assert "no token is ever left standing" in text
        text = await press("T")
        assert "2 Interests; in another state than they are: 0" in text
        text = await press("G", "enter")
        assert "Hello" in text
        text = await press("esc", "esc", "esc", "R")
        assert "version 1: running" in text
        assert "Meeting (gone from the map)" in text
        text = await press("p")
        assert "The last 30 days." in text
        text = await press("esc", "M")
        assert "0 of 2 processes can go on by it" in text
        text = await press("g", "g", "enter", "'hello", "enter")
        assert "2 of 2 processes can go on by it" in text
        text = await press("ctrl+s")
        assert "2 processes moved. u takes it back." in text
    with maps.store.read() as connection:
        process = found("process")
        versions = connection.scalars(select(process.c.version_id)).all()
        assert set(versions) == {route_maps.row(connection, row.id).version_id}
        assert len(versions) == len(keys)
