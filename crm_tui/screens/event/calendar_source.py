"""The rows of the calendar as a list: a week with a row at least for each day, or the agenda with a heading a day."""

from array import array
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from crm_tui.domain.text import fold
from crm_tui.i18n import _
from crm_tui.screens.event.calendar_book import CalendarBook, DayItem
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
        self._by_day: dict[date, list[int]] = {}

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

    def rows_on(self, day: date) -> list[int]:
        """The rows of a day, as last read."""
        numbers = self._by_day.get(day)
        return [] if numbers is None else numbers or [FREE_DAYS + day.toordinal()]

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows, headings among them; of a long agenda only the first days are read for them."""
        wanted = self._vector(FIRST_DAYS, needle)[:limit] if self.agenda else array("q")
        if len(wanted) < limit:
            wanted = self._vector(self.days, needle)[:limit]
        rows = self.rows(wanted)
        return [rows[key] for key in wanted]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All numbers by day and time."""
        return self._vector(self.days, needle)

    def _vector(self, days: int, needle: str) -> "array[int]":
        begin, agenda = self.begin, self.agenda
        words = fold(needle).split()
        by_day: dict[date, list[int]] = (
            {} if agenda or words else {begin + timedelta(n): [] for n in range(days)}
        )
        for number, item in self._book.read(begin, days).items():
            if not words or _has(item, words):
                by_day.setdefault(item.day, []).append(number)
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
                found[key] = Row(key, (self.day_text(self.begin + timedelta(section_of(key))),))
            elif key >= FREE_DAYS:
                day = date.fromordinal(key - FREE_DAYS)
                found[key] = Row(key, (self.day_text(day), "–", "", ""), RowFlag.DIMMED)
            elif (item := self._book.item(key)) is not None:
                found[key] = self._row(key, item)
        return found

    def day_text(self, day: date) -> str:
        """``Fri 20.11``, and which day that is when it is a near one; the year only when it is another."""
        today = self._book.today()
        text = f"{weekday(day)} {day:%d.%m}" if day.year == today.year else f"{weekday(day)} {day:%d.%m.%y}"
        if not self.agenda:
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
        is_first = self.rows_on(item.day)[:1] == [key]
        return Row(key, (self.day_text(item.day) if is_first else "", *cells), flags)


def _has(item: DayItem, words: Sequence[str]) -> bool:
    folded = fold(f"{item.title} {item.place}")
    return all(word in folded for word in words)
