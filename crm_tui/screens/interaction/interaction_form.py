"""The form of an interaction: what was said, with whom, when to be in touch again; ``c`` everywhere (C77-09…16)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from textual.widget import Widget

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import reminder
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import N_, _, ngettext
from crm_tui.screens.event.working_days import WorkingDays
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.interaction.interaction_parties import one_named
from crm_tui.screens.interest import interest_parties
from crm_tui.screens.task.task_dates import echo_of, typed_due
from crm_tui.services.interaction import interaction_changes, interactions
from crm_tui.services.interaction.whose import Whose
from crm_tui.store.queries import interest_card
from crm_tui.store.queries.interactions import InteractionCard
from crm_tui.store.work import Work
from crm_tui.widgets.date_field import DateField

DATES = ("next", "at")
WAYS = {"out": N_("from us"), "in": N_("from them")}
LEADS = (15, 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60)
"""Minutes before that are offered for a reminder."""
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Talk:
    """What the form begins with."""

    whose: Whose
    title: str
    subject: str
    """What the interaction is called in lists."""
    intro: str = ""
    numbers: Sequence[str] = ()
    kept_as: str = ""
    phone: str = ""
    direction: str = "out"
    interests: Sequence[tuple[str, str]] = ()
    """Open Interests that it may belong to: id and name. The only one is meant unless another is chosen (KZ-06)."""


class InteractionForm(WorkingDays, FormDialog):
    """Logs what was, or plans it when the time typed is still to come. ``card`` is one that is changed."""

    def __init__(
        self,
        talk: Talk,
        colleagues: Sequence[tuple[str, str]],
        user_id: int,
        card: InteractionCard | None = None,
        *,
        save: Callable[[Mapping[str, str]], Awaitable[object]] | None = None,
    ) -> None:
        self._talk, self._card = talk, card
        super().__init__(
            talk.title,
            self._fields_of(talk, colleagues, user_id),
            save=save or self._keep,
            intro=talk.intro,
            kept_as=talk.kept_as,
        )

    def _fields_of(self, talk: Talk, colleagues: Sequence[tuple[str, str]], user_id: int) -> list[Field]:
        card = self._card
        kinds = [(code, _(name)) for code, name in interactions.KINDS.items()]
        ways = [(code, _(name)) for code, name in WAYS.items()]
        people = ", ".join(name for _id, name in card.people) if card else ""
        fields = [
            Field("phone", _("Phone"), card.phone if card else talk.phone or next(iter(talk.numbers), "")),
            Field("result", _("Result"), card.row.result if card else "", lines=3),
        ]
        if card is None:
            fields += [
                Field("next", _("Next contact"), note=self._next_text),
                Field("remind", _("Remind before"), note=self._remind_text),
            ]
        if card is None and talk.interests:
            only = talk.interests[0][0] if len(talk.interests) == 1 else ""
            options = [*talk.interests, ("", _("none"))]
            fields.append(Field("interest", _("Interest"), only, options=options))
        fields += [
            Field("kind", _("Kind"), card.row.kind if card else "call", options=kinds),
            Field("way", _("Began"), card.row.direction if card else talk.direction, options=ways),
        ]
        if card is None:
            fields.append(Field("at", _("When"), note=self._at_text))
        fields.append(Field("people", _("Took part"), people, note=self._people_text))
        if len(colleagues) > 1:
            chosen = (card.owner_id if card else None) or user_id
            fields.append(Field("who", _("By whom"), str(chosen), options=colleagues))
        if card is None and talk.whose.is_nobody:
            fields.append(Field("with", _("With whom"), note=self._with_text))
        return fields

    def _widget(self, field: Field) -> Widget:
        if field.id not in DATES:
            return super()._widget(field)
        widget = DateField(field.value, self._shifted, id=f"field-{field.id}")
        widget.add_class("form-field")
        return widget

    async def command_form_save(self, argument: str = "") -> None:
        """Save, once the next contact lies on a day of work, or is wanted where it lies."""
        typed = self.values().get("next", "")
        at = None
        with suppress(Invalid):  # told by the saving
            at = self._instant(typed)
        if at is not None:
            chosen = await self.on_a_working_day(at)
            if chosen is None:
                return
            if chosen != at:
                wall = to_wall(chosen, self._zone())
                self.query_one("#field-next", DateField).value = f"{wall:%d.%m.%Y %H:%M}"
        await super().command_form_save(argument)

    async def _keep(self, filled: Mapping[str, str]) -> None:
        if self._card is None:
            await self._log(filled)
        else:
            await self._change(self._card, filled)

    async def _log(self, filled: Mapping[str, str]) -> None:
        at, next_at = self._instant(filled["at"]), self._instant(filled["next"])
        coming = at is not None and at > self._now()
        if not filled["result"].strip() and not coming:
            raise Invalid("result_missing")
        minutes = self._minutes(filled["remind"])
        first = at if coming else next_at
        if first is not None:
            self._in_time(first, minutes)
        people = self._people(filled["people"])
        whose = self._whose(filled.get("with", ""), filled.get("interest", ""))
        owner_id = int(filled["who"]) if filled.get("who") else self._user_id
        subject = self._talk.subject or filled["result"].strip().partition("\n")[0]

        def logged(work: Work) -> object:
            if coming and at is not None:
                about = " ".join(filled["result"].split()) or subject
                return interactions.plan(
                    work,
                    kind=filled["kind"],
                    at=at,
                    subject=about,
                    phone=filled["phone"],
                    owner_id=owner_id,
                    people=people,
                    remind_minutes=minutes,
                    **whose.columns,
                )
            return interactions.log(
                work,
                whose,
                kind=filled["kind"],
                result=filled["result"],
                subject=subject,
                phone=filled["phone"],
                direction=filled["way"],
                at=at,
                owner_id=owner_id,
                people=people,
                next_contact_at=next_at,
                remind_minutes=minutes,
            )

        await self.act("interaction.log", logged)

    async def _change(self, card: InteractionCard, filled: Mapping[str, str]) -> None:
        if card.row.status == "held" and not filled["result"].strip():
            raise Invalid("result_missing")
        people = self._people(filled["people"])
        values = {name: filled[name] for name in ("phone", "result", "kind")}
        owner_id = int(filled["who"]) if filled.get("who") else card.owner_id
        await self.act(
            "interaction.edit",
            lambda work: interaction_changes.change(
                work,
                card.row.id,
                expected_version=card.version,
                people=people,
                direction=filled["way"],
                owner_id=owner_id,
                **values,
            ),
        )

    # What is typed

    def _instant(self, typed: str) -> datetime | None:
        """The instant of a date with its time; None for nothing. Raises Invalid."""
        if not typed.strip():
            return None
        at, all_day = typed_due(typed, self._now(), self._zone())
        if all_day:
            raise Invalid("time_missing", value=typed)
        return at

    def _shifted(self, typed: str, days: int) -> str | None:
        try:
            at, all_day = typed_due(typed, self._now(), self._zone())
        except Invalid:
            return None
        wall = to_wall(at, self._zone()) + timedelta(days=days - all_day)
        return f"{wall:%d.%m.%Y}" if all_day else f"{wall:%d.%m.%Y %H:%M}"

    def _at_text(self, typed: str) -> str:
        at = self._instant(typed)
        pattern = _("Planned: {date}") if at is not None and at > self._now() else _("It was: {date}")
        return pattern.format(date=echo_of(typed, self._now(), self._zone()))

    def _next_text(self, typed: str) -> str:
        at = self._instant(typed)
        assert at is not None
        parts = [echo_of(typed, self._now(), self._zone())]
        day = to_wall(at, self._zone()).date()
        if not self.calendar.is_working_day(day):
            parts.append(_("no working day"))
        if at <= self._now():
            parts.append(_("in the past"))
        elif possible := self._possible(at):
            parts.append(_("reminder before: {possible}").format(possible=possible))
        return " · ".join(parts)

    def _remind_text(self, typed: str) -> str:
        minutes = self._minutes(typed)
        at = self._instant(self._value("next")) or self._instant(self._value("at"))
        if at is None or minutes is None:
            return ""
        self._in_time(at, minutes)
        wall = to_wall(at - timedelta(minutes=minutes), self._zone())
        return _("Reminds: {date}").format(date=f"{wall:%d.%m.%Y %H:%M}")

    def _minutes(self, typed: str) -> int | None:
        """A number alone counts days (C77-16). Raises Invalid."""
        typed = typed.strip()
        if not typed:
            return None
        if typed.isdecimal():
            return int(typed) * DAY
        before = reminder.lead_in_words(typed)
        if before is None:
            raise Invalid("lead", value=typed)
        return int(before.total_seconds() // 60)

    def _in_time(self, at: datetime, minutes: int | None) -> None:
        """Raises Invalid for a reminder that would lie in the past (L-11)."""
        if minutes is not None and at - timedelta(minutes=minutes) <= self._now():
            raise Invalid("reminder_is_past", possible=self._possible(at) or _("none"))

    def _possible(self, at: datetime) -> str:
        there = [lead for lead in LEADS if at - timedelta(minutes=lead) > self._now()]
        return ", ".join(lead_text(lead) for lead in there)

    def _people(self, typed: str) -> list[int]:
        known = {name: key for key, name in self._card.people} if self._card else {}
        found = []
        for name in filter(None, (part.strip() for part in typed.split(","))):
            if name in known:
                found.append(known[name])
                continue
            with self.store.read() as connection:
                person = interest_parties.person(connection, name, self._talk.whose.customer_id)
            if person is not None:
                found.append(person.id)
        return found

    def _people_text(self, typed: str) -> str:
        count = len(self._people(typed))
        return ngettext("{n} contact person", "{n} contact persons", count).format(n=count)

    def _whose(self, typed: str, interest_id: str) -> Whose:
        if interest_id:
            with self.store.read() as connection:
                card = interest_card.card(connection, int(interest_id))
            return Whose(card.row.id, card.customer_id, card.contact_id, card.lead_id)
        if not typed.strip():
            return self._talk.whose
        with self.store.read() as connection:
            return one_named(connection, typed)[0]

    def _with_text(self, typed: str) -> str:
        with self.store.read() as connection:
            return one_named(connection, typed)[1]


def lead_text(minutes: int) -> str:
    """A time before, in one unit."""
    if minutes % DAY == 0:
        days = minutes // DAY
        return ngettext("{n} day", "{n} days", days).format(n=days)
    return _("{n} h").format(n=minutes // 60) if minutes % 60 == 0 else _("{n} min").format(n=minutes)
