"""Handing the open work of a colleague over, and absences (IDX-39, IDX-45, CORP-44): forms over any place."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, TypeVar

from textual.app import App

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.wall import day_start, to_wall, zone_of
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.task.task_dates import echo_of, typed_due
from crm_tui.services.ports import Ports
from crm_tui.services.task import absences, handover
from crm_tui.services.task.handover import KINDS, USUAL
from crm_tui.store.queries.absences import lasting
from crm_tui.store.queries.party_names import colleagues
from crm_tui.store.work import Work

Answer = TypeVar("Answer")
YES, NO = "yes", "no"
_NEW = "new"


def counts_text(counts: Mapping[str, int]) -> str:
    """How many of each kind, in words: ``14 tasks, 6 Interests, 3 meetings``."""
    words: Mapping[str, Callable[[int], str]] = {
        "tasks": lambda n: ngettext("{n} task", "{n} tasks", n),
        "interests": lambda n: ngettext("{n} Interest", "{n} Interests", n),
        "events": lambda n: ngettext("{n} event", "{n} events", n),
        "interactions": lambda n: ngettext("{n} planned call or meeting", "{n} planned calls or meetings", n),
        "leads": lambda n: ngettext("{n} lead", "{n} leads", n),
        "customers": lambda n: ngettext("{n} customer", "{n} customers", n),
    }
    return ", ".join(words[kind](n).format(n=n) for kind, n in counts.items() if n) or _("nothing")


class HandoverForms:
    """The questions of both commands, over whatever place the app shows; each answers what to say, or None when it
    was given up."""

    def __init__(self, app: App[Any], ports: Ports) -> None:
        self.app, self.ports = app, ports

    async def hand_over(self) -> str | None:
        """Ask from whom, to whom, what and for how long; show what that is; move it in one act."""
        people = self._people()
        others = [one for one in people if one[0] != str(self.ports.actor.user_id)] or people
        filled = await self.app.push_screen_wait(
            FormDialog(
                _("Hand over work"),
                [
                    Field("from", _("From"), others[0][0], options=people),
                    Field("to", _("To"), str(self.ports.actor.user_id), options=people),
                    *(
                        Field(kind, _(title), YES if kind in USUAL else NO, options=_yes_no())
                        for kind, title in KINDS.items()
                    ),
                    Field("until", _("Due before"), note=self._date_text),
                    Field("away", _("Away until"), note=self._date_text),
                ],
                save=self._handover_understood,
                intro=_("What is due later than a date stays, when you give one."),
                kept_as="handover",
            )
        )
        if filled is None:
            return None
        from_id, to_id = int(filled["from"]), int(filled["to"])
        kinds, until, away = _kinds(filled), self._at(filled["until"]), self._at(filled["away"])
        now = self.ports.clock()
        with self.ports.store.read() as connection:
            there = handover.found(connection, from_id, kinds, now, until)
        text = counts_text({kind: len(ids) for kind, ids in there.items()})
        names = dict(people)
        if not await self._agreed(names[filled["from"]], names[filled["to"]], text, away):
            return None
        moved = await self._do(
            "handover",
            lambda work: handover.hand_over(
                work, from_id, to_id, kinds, since=now, until=until, away_until=away
            ),
        )
        return _("Handed over: {what}. u takes it back.").format(what=counts_text(moved))

    async def absence(self) -> str | None:
        """A new absence, or the end of one that lasts."""
        now, zone = self.ports.clock(), zone_of(self.ports.zone)
        with self.ports.store.read() as connection:
            away = lasting(connection, now)
        chosen: str | None = _NEW
        if away:
            listed = [
                (
                    str(one.id),
                    _("{name} is back (away until {date})").format(
                        name=one.name, date=_day(one.until_at, zone)
                    ),
                )
                for one in away
            ]
            chosen = await self.app.push_screen_wait(
                Choice(_("Absence"), [(_NEW, _("Somebody goes away")), *listed])
            )
        if chosen is None:
            return None
        if chosen == _NEW:
            return await self._new_absence()
        back = await self._do("absence.end", lambda work: absences.end(work, int(chosen)))
        if not back:
            return _("The absence is over.")
        return ngettext("{n} task goes back.", "{n} tasks go back.", back).format(n=back)

    async def _new_absence(self) -> str | None:
        people = self._people()

        async def save(filled: Mapping[str, str]) -> None:
            until = self._at(filled["until"])
            if until is None:
                raise Invalid("not_a_date", value=filled["until"])
            deputy = int(filled["deputy"]) if filled["deputy"] else None
            begin = self._at(filled["since"], begins=True) or self.ports.clock()
            await self._do(
                "absence.add",
                lambda work: absences.add(work, int(filled["who"]), deputy, begin, until, filled["notes"]),
            )

        done = await self.app.push_screen_wait(
            FormDialog(
                _("Absence"),
                [
                    Field("who", _("Who"), str(self.ports.actor.user_id), options=people),
                    Field("deputy", _("Stands in"), "", options=[("", _("nobody")), *people]),
                    Field("since", _("From"), note=self._date_text),
                    Field("until", _("Until"), note=self._date_text),
                    Field("notes", _("Notes")),
                ],
                save=save,
                intro=_("New tasks of the one who is away go to the deputy, and back afterwards."),
                kept_as="absence",
            )
        )
        return None if done is None else _("Noted. u takes it back.")

    async def _handover_understood(self, filled: Mapping[str, str]) -> None:
        """Dates that are none keep the form open."""
        self._at(filled["until"])
        self._at(filled["away"])
        if filled["from"] == filled["to"]:
            raise Invalid("handover_to_oneself", name=dict(self._people())[filled["from"]])
        if not _kinds(filled) and not filled["away"].strip():
            raise Refused("handover_nothing", name=dict(self._people())[filled["from"]])

    async def _agreed(self, from_name: str, to_name: str, what: str, away: datetime | None) -> bool:
        note = _("{name} gets new tasks until {date}.") if away else ""
        if away:
            note = note.format(name=to_name, date=_day(away, zone_of(self.ports.zone)))
        question = _("From {one} to {other}: {what}").format(one=from_name, other=to_name, what=what)
        options = [(YES, _("Hand over")), (NO, _("Leave as it is"))]
        return await self.app.push_screen_wait(Choice(question, options, note=note, yes=YES)) == YES

    async def _do(self, command: str, verb: Callable[[Work], Answer]) -> Answer:
        def act() -> Answer:
            with self.ports.store.work(self.ports.actor, command) as work:
                return verb(work)

        return await asyncio.to_thread(act)

    def _people(self) -> list[tuple[str, str]]:
        with self.ports.store.read() as connection:
            return [(str(key), name) for key, name in colleagues(connection)]

    def _at(self, typed: str, *, begins: bool = False) -> datetime | None:
        """The instant of what is typed; of a day its end, or its begin. Raises Invalid."""
        if not typed.strip():
            return None
        zone = zone_of(self.ports.zone)
        now = self.ports.clock()
        at, all_day = typed_due(typed, now, zone)
        if not (begins and all_day):
            return at
        begin = day_start(to_wall(at, zone).date() - timedelta(days=1), zone)
        return max(begin, now) if at > now else begin

    def _date_text(self, typed: str) -> str:
        return echo_of(typed, self.ports.clock(), zone_of(self.ports.zone)) if typed.strip() else ""


def _kinds(filled: Mapping[str, str]) -> list[str]:
    return [kind for kind in KINDS if filled[kind] == YES]


def _yes_no() -> list[tuple[str, str]]:
    return [(YES, _("yes")), (NO, _("no"))]


def _day(at: datetime, zone: tzinfo) -> str:
    return f"{to_wall(at, zone):%d.%m.%Y %H:%M}"
