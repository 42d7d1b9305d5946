"""Which part of a long day the columns of a week show."""

from hypothesis import given
from hypothesis import strategies as st

from crm_tui.widgets.week_view import FREE_DAY, Block, Blocks, DayColumn, WeekView

TITLES = st.lists(st.text("xy ", max_size=40), min_size=1, max_size=14)


@given(TITLES, st.integers(3, 20), st.data())
def test_the_thing_under_the_cursor_is_shown_and_no_more_is_scrolled_than_it_needs(
    titles: list[str], height: int, data: st.DataObject
) -> None:
    blocks = Blocks(range(len(titles)), lambda n: Block(n, "10:00", titles[n]))
    place = data.draw(st.integers(0, len(blocks) - 1))
    before = data.draw(st.integers(0, place))
    week = WeekView(lambda: None)
    week._days = (DayColumn("", blocks),) * 7
    top = week._top_for(blocks, place, before, 10, height)

    def shows(first: int) -> bool:
        return place < week._from(0, first, 10, height, gap=False)[1]

    assert before <= top <= place
    assert shows(top)
    assert top == before or not shows(top - 1)


def test_what_follows_the_cursor_is_told_before_anything_is_drawn() -> None:
    told: list[int] = []
    week = WeekView(lambda: told.append(week.day))
    week.show([FREE_DAY] * 7, 2)
    week.go(5)
    assert told == [2, 5]
