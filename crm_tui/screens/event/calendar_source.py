"""The rows of the calendar as a list: a week with a row at least for each day, or the agenda with a heading a day."""

from array import array
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from crm_tui.domain.errors import CrmError
from crm_tui.domain.text import fold
from crm_tui.i18n import _
from crm_tui.screens.event.calendar_book import CalendarBook
from crm_tui.screens.event.day_run import DayItem
from crm_tui.screens.wording import weekday
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag, heading_id, is_heading, section_of

FIRST_DAYS = 3
FREE_DAYS = 1 << 40
"""A row that says that a day is free has this number plus the day's ordinal."""


class CalendarSource:
    """A run of days; ``agenda`` leaves out the free ones and puts headings."""

    def __init__(self, book: CalendarBook) -> None:
        self._book = book
        self.begin = book.today()
        self.days = 7
        self.agenda = False
        self._by_day: dict[date, Sequence[int]] = {}

    @property
    def columns(self) -> tuple[Column, ...]:
        """The day stands in a column only where there are no headings."""
        day = () if self.agenda else (Column("day", _("Day"), width=11, sortable=False),)
        return (
            *day,
            Column("time", _("Time"), width=12, sortable=False),
            Column("title", _("Event"), flex=3, min_width=20, sortable=False),
            Column("place", _("Place"), flex=2, min_width=14, sortable=False, drop=1),
        )

    def span(self, begin: date, days: int, *, agenda: bool) -> None:
        """Show these days from the next reading on."""
        self.begin, self.days, self.agenda = begin, days, agenda

    def day_of(self, key: int) -> date | None:
        """The day that a row stands on."""
        if key >= FREE_DAYS:
            return date.fromordinal(key - FREE_DAYS)
        item = self._book.item(key)
        return item.day if item else None

    def rows_on(self, day: date) -> Sequence[int]:
        """The rows of a day, as last read."""
        numbers = self._by_day.get(day)
        return [] if numbers is None else numbers or [FREE_DAYS + day.toordinal()]

    def coming_on(self, day: date) -> int | None:
        """The row to go to for a day: the first that is not over, else its first."""
        rows = self.rows_on(day)
        coming = self._book.first_to_come(rows)
        return rows[0] if coming is None and rows else coming

    def is_at_hand(self, needle: str) -> bool:
        """Whether ``ids`` takes a few milliseconds: a week, or what is kept and need not be looked through."""
        return not self.agenda or (not needle and self._book.keeps(self.begin, self.days))

    def expected(self) -> int:
        """About how many rows there will be, for the scrollbar; 0 where that is known at once."""
        try:
            return 0 if self.is_at_hand("") else self._book.count(self.begin, self.days)
        except CrmError:  # whoever reads the rows will say it
            return 0

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows, headings among them, and past what is over; of a long agenda only the first days are read
        for them."""
        wanted = self._vector(FIRST_DAYS, needle) if self.agenda else array("q")
        if len(wanted) < limit:
            wanted = self._vector(self.days, needle)
        coming = self._book.first_to_come(wanted)
        over = wanted.index(coming) if coming is not None else 0
        return list(self.rows(wanted[: over + limit]).values())

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All numbers by day and time."""
        return self._vector(self.days, needle)

    def _vector(self, days: int, needle: str) -> "array[int]":
        begin, agenda = self.begin, self.agenda
        words = fold(needle).split()
        run = self._book.read(begin, days)
        by_day: dict[date, Sequence[int]] = {}
        for day in (begin + timedelta(n) for n in range(days)):
            numbers = run.on(day)
            if words:
                numbers = [number for number in numbers if _has(run[number], words)]
            if numbers or not (agenda or words):
                by_day[day] = numbers
        vector: array[int] = array("q")
        self._by_day = by_day
        for day in by_day:
            if agenda:
                vector.append(heading_id((day - begin).days))
            vector.extend(self.rows_on(day))
        return vector

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these numbers."""
        found: dict[int, Row] = {}
        for key in ids:
            if is_heading(key):
                found[key] = Row(key, (self.day_text(self.begin + timedelta(section_of(key)), heading=True),))
            elif key >= FREE_DAYS:
                day = date.fromordinal(key - FREE_DAYS)
                found[key] = Row(key, (self.day_text(day), "–", "", ""), RowFlag.DIMMED)
            elif (item := self._book.item(key)) is not None:
                found[key] = self._row(key, item)
        return found

    def day_text(self, day: date, *, heading: bool = False) -> str:
        """``Fri 20.11``, as a heading with which day that is when it is near; the year only when it is another."""
        today = self._book.today()
        text = f"{weekday(day)} {day:%d.%m}" if day.year == today.year else f"{weekday(day)} {day:%d.%m.%y}"
        if not heading:
            return f"[{text}]" if day == today else f" {text}"
        near = {today: _("today"), today + timedelta(days=1): _("tomorrow")}.get(day)
        return f"{text} · {near}" if near else text

    def _row(self, key: int, item: DayItem) -> Row:
        flags = RowFlag.IMPORTANT if item.overlaps else RowFlag.NONE
        if item.over:
            flags |= RowFlag.DIMMED
        cells = (item.time, item.title, item.place)
        if self.agenda:
            return Row(key, cells, flags)
        is_first = next(iter(self.rows_on(item.day)), None) == key
        return Row(key, (self.day_text(item.day) if is_first else "", *cells), flags)


def _has(item: DayItem, words: Sequence[str]) -> bool:
    folded = fold(f"{item.title} {item.place}")
    return all(word in folded for word in words)
