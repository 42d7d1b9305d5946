"""The demo company's Interests: their states, calls, meetings, inquiries, letters and tasks over the year."""

import random
from datetime import UTC, datetime, timedelta

from crm_tui.demo.agenda import Agenda
from crm_tui.demo.content import LANGUAGES
from crm_tui.demo.content.language import FROM_CUSTOMER
from crm_tui.demo.deals import Deals
from crm_tui.demo.letters import subject, terms
from crm_tui.demo.processes import Passed, Processes
from crm_tui.demo.records import Records
from crm_tui.demo.talks import CLOSED, STEPS_TO, Company, Talk
from crm_tui.domain.text import fold
from crm_tui.domain.wall import to_wall
from crm_tui.services.event import calendar
from crm_tui.store.tables import (
    Inquiry,
    Interaction,
    Interest,
    LetterLink,
    Scenario,
    State,
    StateChange,
)
from crm_tui.store.work import Work

PATHS = {
    "sale": ("meeting", "proposal", "waiting", "contract", "control", "won"),
    "lost": ("meeting", "proposal", "lost"),
    "service": ("new", "in_work", "check", "solved"),
    "refused": ("new", "refused"),
}


UNDECIDED = timedelta(days=3)
"""An answer of a customer that is no older has not been taken into its Interest yet."""

LOST_REASONS = ("price", "no_money", "competitor")
"""Codes of the list, in the order in which each language has its words."""


class Year:
    """Writes the year of Interests into the store; ``letter_ids`` maps (talk, step) to letters."""

    def __init__(
        self, work: Work, company: Company, records: Records, letter_ids: dict[tuple[int, int], int]
    ) -> None:
        self.work, self.company, self.records, self.letter_ids = work, company, records, letter_ids
        self.rng = random.Random(f"{company.seed} year {company.language}")
        self.texts = company.texts
        self.owner = records.user.key
        self.scenarios = {row.code: row.key for row in work.all(Scenario)}
        self.states = {(row.scenario_id, row.code): row.key for row in work.all(State)}
        self.agenda = Agenda(work, company, self.owner)
        self.deals = Deals(work, company)
        self.processes = Processes(work, company.language, self.owner, records.user.name, self.agenda)

    def write(self) -> None:
        """Everything, in the order in which it came about."""
        for talk in self.company.talks:
            if talk.state:
                self._interest(talk)
            elif talk.kind == "junk" and not talk.id % 3:
                self._declined(talk)
        for title in self.texts.own_tasks:
            self.agenda.task(title, self.agenda.due(), None)
        self.agenda.recurring()
        self.agenda.today()

    def _interest(self, talk: Talk) -> None:
        scenario = "service" if talk.kind == "service" else "sale"
        about, texts = terms(self.company, talk), LANGUAGES[talk.language]
        begun, last = _instant(talk.times[0]), _instant(talk.times[-1])
        closed = talk.state in CLOSED
        name = subject(self.company, talk)
        interest = self.work.add(
            Interest(
                name=name,
                name_fold=fold(name),
                scenario_id=self.scenarios[scenario],
                state_id=self._state(scenario, talk.state),
                lead_id=self.records.leads.get((talk.firm, talk.person)),
                customer_id=self.records.customers.get(talk.firm),
                contact_id=self.records.contacts.get((talk.firm, talk.person)),
                owner_id=self.owner,
                amount_minor=about.amount if scenario == "sale" else None,
                currency=texts.currency,
                source="mail",
                purpose="purchase" if scenario == "sale" else "service",
                close_reason=self.rng.choice(LOST_REASONS) if talk.state in ("lost", "refused") else "",
                expected_close=None if closed else (last + timedelta(days=self.rng.randint(12, 50))).date(),
                state_since=last,
                closed_at=last if closed else None,
                created_at=begun,
                changed_at=last,
            )
        )
        passed = self._history(talk, interest, scenario)
        self._link_letters(talk, interest)
        self._touches(talk, interest, begun, last)
        self.deals.fill(interest, talk, about)
        if scenario == "sale":
            self.processes.run(interest, passed)
        title = self.texts.tasks[self.rng.randrange(len(self.texts.tasks))]
        if closed:
            self.agenda.task(title, last + timedelta(hours=3), interest, done=last + timedelta(hours=2))
        elif scenario == "service" and self.rng.random() < 0.75:
            self.agenda.task(title, self.agenda.due(), interest)

    def _state(self, scenario: str, code: str) -> int:
        return self.states[self.scenarios[scenario], code]

    def _history(self, talk: Talk, interest: Interest, scenario: str) -> Passed:
        """A row for each state passed, at the time of the letter that brought it."""
        passed: list[tuple[str, datetime]] = []
        path = PATHS.get(talk.state) or PATHS[talk.kind]
        before: int | None = None
        for code in path[: path.index(talk.state) + 1]:
            step = min(STEPS_TO[code], len(talk.times)) - 1
            after = self._state(scenario, code)
            lost = self._lost(interest) if code == talk.state else ""
            comment = lost or self.texts.comments.get(code, "")
            at = _instant(talk.times[step]) + timedelta(minutes=11)
            by_process = scenario == "sale" and passed
            self.work.add(
                StateChange(
                    interest_id=interest.key,
                    from_state_id=before,
                    to_state_id=after,
                    comment=comment,
                    actor=self.processes.mover(passed[-1][0]) if by_process else self.records.user.name,
                    at=at,
                )
            )
            passed.append((code, at))
            before = after
        return passed

    def _lost(self, interest: Interest) -> str:
        """The reason in the words of the company."""
        if not interest.close_reason:
            return ""
        return self.texts.lost_reasons[LOST_REASONS.index(interest.close_reason)]

    def _link_letters(self, talk: Talk, interest: Interest) -> None:
        for step in range(len(talk.times)):
            letter_id = self.letter_ids.get((talk.id, step))
            if letter_id is None:
                continue
            self.work.add(LetterLink(letter_id=letter_id, kind="interest", record_id=interest.key))
            is_new = step + 1 == len(talk.times) and _instant(talk.times[step]) > self.company.now - UNDECIDED
            if step == 0 or (talk.steps[step] in FROM_CUSTOMER and not is_new):
                self._accepted(talk, step, interest, letter_id)
            elif talk.steps[step] not in FROM_CUSTOMER:
                sent = _instant(talk.times[step])
                self._interaction(
                    interest, "letter", "out", sent, f"Re: {interest.name}", "", letter_id=letter_id
                )

    def _accepted(self, talk: Talk, step: int, interest: Interest, letter_id: int) -> None:
        """The letter that it began with, and what was answered since: taken into the Interest, too."""
        begun = _instant(talk.times[step])
        self.work.add(
            Inquiry(
                letter_id=letter_id,
                status="accepted",
                purpose=interest.purpose,
                interest_id=interest.key,
                decided_by=self.owner,
                decided_at=begun + timedelta(minutes=10),
            )
        )
        if step == 0:
            self._interaction(interest, "letter", "in", begun, interest.name, "", letter_id=letter_id)

    def _declined(self, talk: Talk) -> None:
        letter_id = self.letter_ids.get((talk.id, 0))
        if letter_id is not None:
            self.work.add(
                Inquiry(
                    letter_id=letter_id,
                    status="declined",
                    reason=self.rng.choice(self.texts.decline_reasons),
                    decided_by=self.owner,
                    decided_at=_instant(talk.times[0]) + timedelta(hours=1),
                )
            )

    def _touches(self, talk: Talk, interest: Interest, begun: datetime, last: datetime) -> None:
        """Calls and a meeting between the letters; for an open Interest the next contact."""
        for _call in range(self.rng.randint(0, min(3, len(talk.times)))):
            at = self.agenda.office(begun + (last - begun) * self.rng.random(), before=self.company.now)
            what, result = self.rng.choice(self.texts.calls)
            self._interaction(interest, "call", self.rng.choice(("in", "out")), at, what, result)
        if len(talk.times) > 4:
            at = self.agenda.office(begun + (last - begun) * 0.5, before=self.company.now)
            self._interaction(interest, "meeting", "out", at, self.rng.choice(self.texts.meetings), "")
        if talk.state in CLOSED or self.rng.random() < 0.35:
            return
        at = self.agenda.office(self.company.now + timedelta(hours=self.rng.uniform(-30, 24 * 12)))
        kind = self.rng.choice(("call", "call", "meeting"))
        what = (
            self.rng.choice(self.texts.meetings)
            if kind == "meeting"
            else self.rng.choice(self.texts.calls)[0]
        )
        self.work.change(interest, next_contact_at=at)
        if kind == "meeting":
            self._meeting(talk, interest, at, what)
            return
        planned = self._interaction(interest, kind, "out", at, what, "", status="planned")
        if at > self.company.now:
            self.agenda.remind("interaction", planned.key, what, at)

    def _meeting(self, talk: Talk, interest: Interest, at: datetime, what: str) -> None:
        wall = to_wall(at, self.company.zone)
        calendar.add(
            self.work,
            f"{what}: {self.company.firms[talk.firm].name}",
            dtstart=wall,
            dtend=wall + timedelta(minutes=90),
            zone=self.texts.zone,
            owner_id=self.owner,
            location=self.company.firms[talk.firm].city,
            interest_id=interest.key,
            customer_id=interest.customer_id,
            reminder_minutes=15 if at > self.company.now else None,
        )

    def _interaction(
        self,
        interest: Interest,
        kind: str,
        direction: str,
        at: datetime,
        what: str,
        result: str,
        *,
        status: str = "held",
        letter_id: int | None = None,
    ) -> Interaction:
        return self.work.add(
            Interaction(
                kind=kind,
                direction=direction,
                status=status,
                subject=what,
                result=result,
                starts_at=at,
                interest_id=interest.key,
                customer_id=interest.customer_id,
                contact_id=interest.contact_id,
                lead_id=interest.lead_id,
                letter_id=letter_id,
                owner_id=self.owner,
                created_at=min(at, self.company.now),
                changed_at=min(at, self.company.now),
            )
        )


def _instant(when: int) -> datetime:
    return datetime.fromtimestamp(when, UTC)
