"""Acts on the marked rows of a list of records: owner, one field, a task for each, a segment (C-09, CORP-46)."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from crm_tui.domain.conditions import condition_dates, record_fields
from crm_tui.domain.conditions.record_fields import RecordField
from crm_tui.domain.conditions.record_subjects import CHOICES, CUSTOM
from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.task.task_dates import due_of, echo_of, typed_due
from crm_tui.screens.wording import new_task_hint
from crm_tui.services.party import segments
from crm_tui.services.record import bulk, lists
from crm_tui.services.task import tasks
from crm_tui.store.queries.party_names import colleagues

if TYPE_CHECKING:
    from crm_tui.screens.acting import Acting
    from crm_tui.screens.base import CrmScreen
    from crm_tui.services.record.custom_fields import OwnField

    class Base(Acting, CrmScreen[Any]):
        """What these acts need of their screen."""
else:
    Base = object

MOST_TOLD = 200
"""Failures that are listed one by one."""


class BulkActs(Base):
    """For the screen of a list whose records are of one kind."""

    def bulk_kind(self) -> str:
        """The kind of the records: the name of their table."""
        raise NotImplementedError

    def bulk_ids(self) -> Sequence[int]:
        """The marked records, or the one under the cursor. Raises Refused when there is none."""
        raise NotImplementedError

    def bulk_found(self) -> Sequence[int]:
        """The marked records, or all that are listed."""
        raise NotImplementedError

    async def act_on_each(self, command: str, ids: Sequence[int], verb: bulk.Verb) -> list[int]:
        """Carry it out on each, in one entry of the journal; what fails is listed with the reason, the rest is done.

        Of one record alone the reason is raised.
        """
        from crm_tui.screens.forms.report import Report

        outcome = await self.act(command, lambda work: bulk.each(work, ids, verb))
        if len(ids) == 1:
            for error in outcome.failed.values():
                raise error
        if outcome.failed:
            with self.store.read() as connection:
                names = bulk.names(connection, self.bulk_kind(), list(outcome.failed)[:MOST_TOLD])
            lines = [
                f"{names.get(key, '#' + str(key))}: {self.shell.explain(error)}"
                for key, error in list(outcome.failed.items())[:MOST_TOLD]
            ]
            title = _("{done} of {all} done; not with these:").format(done=len(outcome.done), all=len(ids))
            await self.app.push_screen(Report(title, lines))
        return outcome.done

    def say_done(self, count: int) -> None:
        """Say how many records were changed."""
        if count:
            self.shell.say(
                ngettext(
                    "{count} record changed. u takes it back.",
                    "{count} records changed. u takes it back.",
                    count,
                ).format(count=count)
            )

    async def command_records_owner(self, argument: str = "") -> None:
        """Another owner or assignee."""
        ids, kind = tuple(self.bulk_ids()), self.bulk_kind()
        with self.store.read() as connection:
            people = [(str(key), name) for key, name in colleagues(connection)]
        chosen = _named(argument, people)
        if chosen is None:
            chosen = await self.app.push_screen_wait(Choice(_("Give to"), people))
        if chosen:
            done = await self.act_on_each(f"{kind}.owner", ids, bulk.give(kind, int(chosen)))
            self.say_done(len(done))

    def can_records_change_field(self) -> bool:
        return self.bulk_kind() in bulk.CHANGEABLE

    async def command_records_change_field(self, argument: str = "") -> None:
        """A field, then its value."""
        ids, kind = tuple(self.bulk_ids()), self.bulk_kind()
        known = record_fields.FIELDS[kind]
        own = self._own_fields()
        options = [(name, _(known[name].label)) for name in bulk.CHANGEABLE[kind]]
        options += [(f"{CUSTOM}{one.code}", clean(one.label)) for one in own.values()]
        title = ngettext("Which field of {n} record", "Which field of {n} records", len(ids)).format(
            n=len(ids)
        )
        name = await self.app.push_screen_wait(Choice(title, options))
        if not name:
            return
        if name in own:
            verb = await self._own_verb(own[name])
        else:
            verb = await self._verb(known[name])
        if verb is not None:
            self.say_done(len(await self.act_on_each(f"{kind}.change", ids, verb)))

    async def _verb(self, field: RecordField) -> bulk.Verb | None:
        """What gives the field the value that is asked for; None when that is given up."""
        options = self._values_of(field)
        if options:
            typed = await self.app.push_screen_wait(Choice(_(field.label), options))
        else:
            typed = await self.app.push_screen_wait(Prompt(_(field.label), preview=self._preview_of(field)))
        if typed is None:
            return None
        kind = self.bulk_kind()
        if field.holds == "instant":
            due_at, all_day = typed_due(typed, self._now(), self._zone())
            return bulk.change(kind, **{field.name: due_at}, due_all_day=all_day)
        return bulk.change(kind, **{field.name: self._value_of(field, typed)})

    def can_records_task(self) -> bool:
        return self.bulk_kind() != "task"

    async def command_records_task(self, argument: str = "") -> None:
        """One typed line, a task for each record."""
        ids, kind = tuple(self.bulk_ids()), self.bulk_kind()
        title = ngettext("Task for {n} record", "Tasks for {n} records", len(ids)).format(n=len(ids))
        line = argument or await self.app.push_screen_wait(
            Prompt(title, preview=self._due_text, hint=new_task_hint())
        )
        if line:
            name, due_at, all_day = due_of(line, self._now(), self._zone())
            verb = bulk.task_of(kind, name, self._user_id, due_at, all_day=all_day)
            done = await self.act_on_each(f"{kind}.task", ids, verb)
            self.shell.say(ngettext("{n} task made.", "{n} tasks made.", len(done)).format(n=len(done)))

    async def command_records_keep(self, argument: str = "") -> None:
        """A segment of the marked records, or of all that are found."""
        ids, kind = tuple(self.bulk_found()), self.bulk_kind()
        if not ids:
            raise Refused("nothing_chosen")
        title = ngettext("Keep {n} record as", "Keep {n} records as", len(ids)).format(n=len(ids))
        name = argument or await self.app.push_screen_wait(Prompt(title))
        if name:
            kept = await self.act("segment.keep", lambda work: segments.keep(work, kind, name, ids))
            self.shell.say(_("Segment {name}: a filter can ask for it.").format(name=kept.name))

    async def command_records_drop_segment(self, argument: str = "") -> None:
        """One of the segments of these records."""
        with self.store.read() as connection:
            kept = segments.of_kind(connection, self.bulk_kind())
        if not kept:
            raise NotFound("no_segments")
        options = [(str(key), f"{name} ({count})") for key, name, count in kept]
        by_name = [(str(key), name) for key, name, _count in kept]
        chosen = _named(argument, by_name)
        if chosen is None:
            chosen = await self.app.push_screen_wait(Choice(_("Delete which segment"), options))
        if chosen:
            await self.act("segment.delete", lambda work: segments.delete(work, int(chosen)))
            self.shell.say(_("The segment is deleted. u takes it back."))

    # One field

    def _values_of(self, field: RecordField) -> list[tuple[str, str]]:
        """What can be chosen; nothing where a value is typed."""
        if field.holds == "yes_no":
            return [("yes", _("yes")), ("no", _("no"))]
        if field.name == "priority":
            return [(str(value), _(name)) for value, name in tasks.PRIORITIES.items()]
        if (self.bulk_kind(), field.name) in CHOICES:
            return [(code, _(name)) for code, name in CHOICES[self.bulk_kind(), field.name]]
        with self.store.read() as connection:
            if field.holds == "word":
                return lists.items(connection, field.of)
            if field.holds == "record":
                return [(str(key), name) for key, name in colleagues(connection)]
        return []

    def _preview_of(self, field: RecordField) -> Any:
        if field.holds == "instant":
            return lambda typed: _echo(typed, self._now(), self._zone())
        if field.holds not in ("date", "number", "per_cent"):
            return None
        return lambda typed: str(self._value_of(field, typed) or "")

    def _value_of(self, field: RecordField, typed: str) -> Any:
        """The value of the column. Raises Invalid."""
        if field.holds == "yes_no":
            return typed == "yes"
        if field.holds == "record":
            return int(typed)
        if field.holds == "date":
            day = condition_dates.typed(typed, self._now(), self._zone())
            if day is None:
                raise Invalid("not_a_date", value=typed)
            today = to_wall(self._now(), self._zone()).date()
            last: date = condition_dates.days(day, today)[1]
            return last
        if field.name == "priority":
            return int(typed)
        if field.holds in ("number", "per_cent"):
            if not typed.strip().isdecimal():
                raise Invalid("condition_value", field=field.label, value=typed)
            return int(typed)
        return typed

    # One field of the company's own

    def _own_fields(self) -> "dict[str, OwnField]":
        from crm_tui.services.record import custom_fields  # its table is not read at the start

        with self.store.read() as connection:
            return {f"{CUSTOM}{one.code}": one for one in custom_fields.of_kind(connection, self.bulk_kind())}

    async def _own_verb(self, own: "OwnField") -> bulk.Verb | None:
        """The same of a field of the company's own; one that is required cannot be emptied."""
        from crm_tui.domain.completeness import REQUIRED
        from crm_tui.screens.record.own_fields import own_value
        from crm_tui.services.record import custom_fields

        label, may_be_empty = clean(own.label), own.need != REQUIRED
        options = [(one, clean(one)) for one in own.choices]
        if own.type == "yes_no":
            options = [("yes", _("yes")), ("no", _("no"))]
        if options:
            nothing = [("", _("none"))] if may_be_empty else []
            typed = await self.app.push_screen_wait(Choice(label, [*options, *nothing]))
        else:

            def understood(typed: str) -> str:
                return custom_fields.shown_of(own, own_value(self, own, typed))

            hint = _("Empty: the field is emptied.") if may_be_empty else ""
            typed = await self.app.push_screen_wait(
                Prompt(label, preview=understood, hint=hint, may_be_empty=may_be_empty)
            )
        if typed is None:
            return None
        return bulk.change_own(self.bulk_kind(), own.code, own_value(self, own, typed))

    def _due_text(self, line: str) -> str:
        echo = echo_of(line, self._now(), self._zone())
        return _("Due {date}").format(date=echo) if echo else _("No date in it")


def _echo(typed: str, now: datetime, zone: tzinfo) -> str:
    """The due time that is understood. Raises Invalid."""
    typed_due(typed, now, zone)
    return echo_of(typed, now, zone)


def _named(typed: str, options: Sequence[tuple[str, str]]) -> str | None:
    """The option that is called so, or whose name alone begins so."""
    wanted = fold(typed)
    if not wanted:
        return None
    begun = [value for value, name in options if fold(name).startswith(wanted)]
    exact = [value for value, name in options if fold(name) == wanted]
    return next(iter(exact or (begun if len(begun) == 1 else [])), None)
