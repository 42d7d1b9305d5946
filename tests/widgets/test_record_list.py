import threading

import pytest
from textual.app import ComposeResult
from textual.content import Content
from textual.events import MouseScrollDown

from crm_tui.widgets.reading_list import FIRST_ROWS
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order, RowFlag
from tests.waiting import LIMIT
from tests.widgets.list_app import ListApp, lines, running, settle
from tests.widgets.number_rows import NumberRows


async def test_list_shows_header_rows_and_a_cursor_sign() -> None:
    source = NumberRows(3)
    source.flags = {2: RowFlag.UNREAD | RowFlag.OVERDUE}
    async with running(source) as (app, _):
        shown = lines(app.list)
        assert shown[0].split() == ["Number▲", "Name", "Note"]
        assert shown[1].split() == ["▌", "1", "name", "1", "note"]
        assert shown[2].split() == ["•!", "2", "name", "2", "note"]
        assert shown[4:] == [""] * 7
        assert app.highlighted == [1]
        assert app.loaded == [3]


async def test_first_screen_stands_before_the_vector_is_read() -> None:
    release = threading.Event()

    class Slow(NumberRows):
        def first(self, order, needle, limit):
            return list(self.rows(super().ids(order, needle)[:limit]).values())

        def ids(self, order, needle):
            release.wait(LIMIT)
            return super().ids(order, needle)

    source = Slow(1000)
    app = ListApp(source)
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.pause()
        assert (app.list.count, app.list.is_complete) == (FIRST_ROWS, False)
        assert lines(app.list)[1].split()[1] == "1"
        app.list.end()
        assert app.list.current_id == FIRST_ROWS
        assert not app.list.go_to(900)
        source.names[1] = "renamed"
        app.list.reload()
        app.list.mark_all()
        release.set()
        await settle(pilot)
        assert (app.list.count, app.list.is_complete) == (1000, True)
        assert len(app.list.marked_ids()) == 1000  # not those of the first screen alone
        assert app.list.current_id == 1000  # where End was meant to go
        assert app.list._window.row(0).cells[1] == "renamed"
        assert app.highlighted == [1, FIRST_ROWS, 1000]


async def test_where_no_first_screen_is_at_hand_the_rows_stay_until_the_vector_is_there() -> None:
    class Late(NumberRows):
        def first(self, order, needle, limit):
            return None if order.column == "name" else super().first(order, needle, limit)

    async with running(Late(300)) as (app, pilot):
        app.list.go_to(7)
        app.list.set_order(Order("name", descending=True))
        assert (app.list.current_id, app.list.is_complete) == (7, False)
        await settle(pilot)
        assert (app.list.current_id, app.list.is_complete) == (300, True)  # from the top
        assert lines(app.list)[1].split()[:2] == ["▌", "300"]
        app.list.set_order(Order("name"))
        assert not app.list.go_to(7)
        await settle(pilot)
        assert app.list.current_id == 7
        app.list.show(Late(300), Order("name"))
        assert lines(app.list)[2] == ""  # not that there is nothing
        await settle(pilot)
        assert app.list.current_id == 1


async def test_a_cursor_placed_before_the_list_has_a_size_hides_no_rows_above_it() -> None:
    class Restored(ListApp):
        def compose(self) -> ComposeResult:
            yield from super().compose()
            self.call_later(self.list.go_to, 5)

    app = Restored(NumberRows(1000))
    async with app.run_test(size=(60, 11)) as pilot:
        await settle(pilot)
        assert app.list.current_id == 5
        assert lines(app.list)[1].split()[:2] == ["1", "name"]


async def test_cursor_goes_to_a_record_when_it_is_known() -> None:
    app = ListApp(NumberRows(1000))
    async with app.run_test(size=(60, 11)) as pilot:
        app.list.show(NumberRows(1000))
        assert not app.list.go_to(900)
        await settle(pilot)
        assert app.list.current_id == 900


async def test_error_while_rows_are_drawn_is_shown_and_does_not_end_the_program() -> None:
    source = NumberRows(1000)
    async with running(source) as (app, pilot):
        broken = OSError("disk")

        def rows(ids):
            raise broken

        source.rows = rows
        app.list.end()
        await settle(pilot)
        assert app.failures == [broken]
        assert "could not be read" in lines(app.list)[2]


async def test_rows_are_fetched_in_pages_and_not_all() -> None:
    source = NumberRows(50_000)
    async with running(source) as (app, pilot):
        app.list.end()
        await pilot.pause()
        assert lines(app.list)[-1].split() == ["▌", "50000", "name", "50000", "note"]
        assert len(set(source.fetched)) < 300


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        (["cursor_down"], 2),
        (["cursor_up"], 1),
        (["page_down"], 11),
        (["page_down", "page_down", "page_up"], 11),
        (["end"], 300),
        (["end", "cursor_down"], 300),
        (["end", "home"], 1),
    ],
)
async def test_moves(moves: list[str], expected: int) -> None:
    async with running(NumberRows(300)) as (app, pilot):
        for move in moves:
            getattr(app.list, move)()
        await pilot.pause()
        assert app.list.current_id == expected
        assert app.list.current_row is not None
        assert app.list.current_row.id == expected
        assert any(line.startswith("▌") and str(expected) in line for line in lines(app.list))
        assert app.highlighted[-1] == expected


async def test_move_within_the_page_refreshes_two_lines_only() -> None:
    async with running(NumberRows(300)) as (app, pilot):
        regions = []
        refresh = app.list.refresh
        app.list.refresh = lambda *given, **named: regions.extend(given) or refresh(*given, **named)  # type: ignore
        app.list.cursor_down()
        await pilot.pause()
        assert sorted((region.y, region.height) for region in regions) == [(1, 1), (2, 1)]


async def test_sort_by_a_column_and_back() -> None:
    async with running(NumberRows(300)) as (app, pilot):
        app.list.sort_by("number")
        await settle(pilot)
        assert app.list.order == Order("number", descending=True)
        assert app.list.current_id == 300
        assert "Number▼" in lines(app.list)[0]
        app.list.sort_by("number")
        await settle(pilot)
        assert app.list.current_id == 1


async def test_an_order_by_a_column_that_is_not_drawn_is_said_beside_another() -> None:
    async with running(NumberRows(3), size=(30, 11)) as (app, pilot):
        app.list.sort_by("note")  # dropped: there is no room for it
        await settle(pilot)
        assert lines(app.list)[0].split() == ["Number", "Name", "(Note▲)"]
        app.list.sort_by("name")
        await settle(pilot)
        assert lines(app.list)[0].split() == ["Number", "Name▲"]


async def test_filter_and_clearing_it_keeps_the_record_found() -> None:
    async with running(NumberRows(1000)) as (app, pilot):
        for needle in ("7", "77", "777"):
            app.list.set_needle(needle)
        await settle(pilot)
        assert (app.list.count, app.list.current_id) == (1, 777)
        app.list.set_needle("")
        await settle(pilot)
        assert (app.list.count, app.list.current_id) == (1000, 777)
        assert any(line.startswith("▌") and "777" in line for line in lines(app.list))


async def test_filter_of_a_short_list_cleared_leaves_the_cursor_where_it_goes_then() -> None:
    async with running(NumberRows(5)) as (app, pilot):
        app.list.set_needle("4")
        app.list.set_needle("")
        assert app.list.current_id == 4
        app.list.home()
        app.list.reload()
        await settle(pilot)
        assert app.list.current_id == 1


async def test_patch_draws_a_changed_row_in_place() -> None:
    source = NumberRows(300)
    async with running(source) as (app, pilot):
        lines(app.list)
        source.names[2], source.names[3] = "changed", "not told"
        app.list.patch([2, 299])
        await pilot.pause()
        assert "changed" in lines(app.list)[2]
        assert "name 3" in lines(app.list)[3]


async def test_reload_keeps_the_cursor_on_its_record() -> None:
    source = NumberRows(300)
    async with running(source) as (app, pilot):
        assert app.list.go_to(150)
        source.numbers = [number for number in source.numbers if number % 2 == 0]
        source.names[150] = "renamed"
        app.list.reload()
        await settle(pilot)
        assert (app.list.current_id, app.list.count, app.list.position) == (150, 150, 74)
        assert any("renamed" in line for line in lines(app.list))


async def test_reload_without_the_record_keeps_the_place() -> None:
    source = NumberRows(300)
    async with running(source) as (app, pilot):
        app.list.go_to(5)
        source.numbers.remove(5)
        app.list.reload()
        await settle(pilot)
        assert (app.list.current_id, app.list.position) == (6, 4)


async def test_a_cursor_moved_while_the_list_is_read_anew_stays_where_it_was_moved() -> None:
    async with running(NumberRows(300)) as (app, pilot):
        app.list.reload()
        app.list.end()
        await settle(pilot)
        assert app.list.current_id == 300


async def test_marks_toggle_range_all_and_survive_a_reload() -> None:
    source = NumberRows(300)
    async with running(source) as (app, pilot):
        app.list.toggle_mark()
        assert (app.list.current_id, app.list.marked_ids()) == (2, (1,))
        app.list.cursor_down(2)
        app.list.mark_range()
        app.list.cursor_down(2)
        assert app.list.marked_ids() == (1, 4, 5, 6)
        assert [line[1] for line in lines(app.list)[1:7]] == ["✓", " ", " ", "✓", "✓", "✓"]
        app.list.mark_range()
        app.list.home()
        assert app.list.marked_ids() == (1, 4, 5, 6)
        source.numbers.remove(5)
        app.list.reload()
        await settle(pilot)
        assert app.list.marked_ids() == (1, 4, 6)
        app.list.mark_all()
        assert len(app.list.marked_ids()) == 299
        app.list.unmark_all()
        await pilot.pause()
        assert app.list.marked_ids() == ()
        assert app.marked[-1] == 0


async def test_marks_that_the_filter_hides_stay() -> None:
    async with running(NumberRows(300)) as (app, pilot):
        app.list.toggle_mark()
        app.list.set_needle("30")
        await settle(pilot)
        app.list.toggle_mark()
        assert app.list.marked_ids() == (30, 1)


async def test_headings_are_drawn_and_never_stood_on() -> None:
    source = NumberRows(6)
    source.sections = {1: 0, 2: 0, 3: 1, 4: 1, 5: 1, 6: 3}
    async with running(source) as (app, pilot):
        assert app.list.count == 6
        assert lines(app.list)[1] == " ─ Section 0"
        assert (app.list.position, app.list.current_id) == (1, 1)
        app.list.cursor_down(2)
        assert app.list.current_id == 3
        app.list.cursor_up()
        assert app.list.current_id == 2
        app.list.end()
        app.list.home()
        await pilot.pause()
        assert app.list.current_id == 1
        app.list.mark_all()
        assert app.list.marked_ids() == (1, 2, 3, 4, 5, 6)


async def test_below_a_heading_the_cursor_stays_in_sight_at_every_step() -> None:
    source = NumberRows(30)
    source.sections = dict.fromkeys(range(1, 31), 0)
    async with running(source) as (app, pilot):
        for move in (*[app.list.cursor_down] * 29, *[app.list.cursor_up] * 29):
            move()
            await pilot.pause()
            assert sum(line.startswith("▌") for line in lines(app.list)) == 1, app.list.position
        assert lines(app.list)[1] == " ─ Section 0", "seen again above the first row"


async def test_empty_not_found_and_broken_lists_say_so_literally() -> None:
    source = NumberRows(0)
    texts = {"empty": Content("[b]No letters[/]"), "failed": lambda error: Content(f"Broken: {error}")}
    async with running(source, **texts) as (app, pilot):
        assert "[b]No letters[/]" in lines(app.list)[2]
        assert app.highlighted == []
        assert app.list.current_id is None
        for move in ("cursor_down", "page_up", "end", "home", "open", "toggle_mark", "mark_range"):
            getattr(app.list, move)()
        app.list.set_needle("x")
        await settle(pilot)
        assert "Nothing found." in lines(app.list)[2]
        source.error = OSError("disk")
        app.list.reload()
        await settle(pilot)
        assert "Broken: disk" in lines(app.list)[2]
        assert app.failures == [source.error]
        source.error, source.numbers = None, [7]
        app.list.set_needle("")
        await settle(pilot)
        assert app.list.current_id == 7


async def test_a_long_word_about_an_empty_list_is_broken_and_not_cut() -> None:
    long = Content("All that should be filled in here is filled in; what should be is said in the settings.")
    async with running(NumberRows(0), size=(40, 11), empty=long) as (app, _pilot):
        shown = [line.strip() for line in lines(app.list)[2:6]]
        assert " ".join(shown).strip() == long.plain


async def test_error_of_the_thread_is_shown() -> None:
    source = NumberRows(300)
    async with running(source) as (app, pilot):
        source.error = OSError("gone")
        app.list.reload()
        await settle(pilot)
        assert app.failures == [source.error]
        assert "could not be read" in lines(app.list)[2]


async def test_show_another_source() -> None:
    async with running(NumberRows(300)) as (app, pilot):
        app.list.cursor_down(40)
        app.list.toggle_mark()
        app.list.show(NumberRows(2))
        await settle(pilot)
        assert (app.list.count, app.list.current_id, app.list.marked_ids()) == (2, 1, ())


async def test_mouse_selects_opens_sorts_and_scrolls() -> None:
    async with running(NumberRows(300)) as (app, pilot):
        await pilot.click(RecordList, offset=(20, 4))
        assert app.list.current_id == 4
        assert app.opened == []
        await pilot.click(RecordList, offset=(20, 5), times=2)
        assert app.opened == [5]
        await pilot.click(RecordList, offset=(10, 0))
        await settle(pilot)
        assert app.list.current_id == 300
        await pilot._post_mouse_events([MouseScrollDown], RecordList)
        assert lines(app.list)[1].split()[:2] == ["▌", "297"]


async def test_full_row_cursor_reverses_the_row() -> None:
    async with running(NumberRows(3)) as (app, pilot):
        assert not any(segment.style and segment.style.reverse for segment in app.list.render_line(1))
        app.list.full_row_cursor = True
        await pilot.pause()
        assert all(segment.style and segment.style.reverse for segment in app.list.render_line(1))


async def test_a_row_that_is_gone_is_drawn_blank_until_the_reload() -> None:
    source = NumberRows(300)
    async with running(source) as (app, pilot):
        source.numbers.remove(2)
        app.list.patch([2])
        await pilot.pause()
        assert lines(app.list)[2] == ""


async def test_narrow_list_drops_columns_and_keeps_the_cursor_on_the_screen() -> None:
    async with running(NumberRows(300), size=(200, 40)) as (app, pilot):
        app.list.go_to(38)
        assert "Note" in lines(app.list)[0]
        await pilot.resize_terminal(30, 6)
        await settle(pilot)
        assert "Note" not in lines(app.list)[0]
        assert any(line.startswith("▌") for line in lines(app.list))


async def test_another_order_leaves_the_scrollbar_as_it_is_while_the_rest_is_read() -> None:
    release = threading.Event()
    release.set()

    class Slow(NumberRows):
        def first(self, order, needle, limit):
            return list(self.rows(super().ids(order, needle)[:limit]).values())

        def ids(self, order, needle):
            release.wait(LIMIT)
            return super().ids(order, needle)

    async with running(Slow(1000)) as (app, pilot):
        whole = app.list.virtual_size
        release.clear()
        app.list.set_order(Order("number", descending=True))
        await pilot.pause()
        assert (app.list.count, app.list.is_complete) == (FIRST_ROWS, False)
        assert lines(app.list)[1].split()[1] == "1000"
        assert app.list.virtual_size == whole
        app.list.source.numbers.remove(7)  # meanwhile one is gone
        app.list.end()
        app.list.set_order(
            Order("name", descending=True)
        )  # from the top: the end was that of the other order
        release.set()
        await settle(pilot)
        assert (app.list.count, app.list.is_complete) == (999, True)
        assert app.list.current_id == app.list.ids[0]
        assert app.list.virtual_size.height == whole.height - 1


async def test_rows_that_are_at_hand_need_no_thread_and_the_cursor_is_told_at_once() -> None:
    class AtHand(NumberRows):
        def first(self, order, needle, limit):
            raise AssertionError("the whole vector is at hand")

    told: list[int | None] = []
    app = ListApp(
        AtHand(1000), at_hand=lambda needle: not needle, moved=lambda: told.append(app.list.current_id)
    )
    async with app.run_test(size=(60, 11)):
        assert (app.list.count, app.list.is_complete) == (1000, True)
        app.list.end()
        assert told == [1, 1000]
        assert app.highlighted == []


async def test_the_first_frame_of_a_long_list_shows_the_cursor_and_leaves_room_for_the_scrollbar() -> None:
    drawn: list[list[str]] = []

    class Seen(RecordList):
        def _restart(self, expected: int = 0) -> None:
            super()._restart(expected)
            self.go_to(90)

        def render_lines(self, crop):
            strips = super().render_lines(crop)
            drawn.append([strip.text for strip in strips])
            return strips

    app = ListApp(NumberRows(1000))
    app.list = Seen(app.list.source, app.list.order)
    async with app.run_test(size=(60, 11)) as pilot:
        await settle(pilot)
    first = next(page for page in drawn if len(page) == 11)
    assert any(line.startswith("▌") and " 90 " in line for line in first)
    assert {len(line) for line in first} == {59}
