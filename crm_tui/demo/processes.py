"""How the demo company sells: the shipped map in force, and each sale where its letters have got to."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from crm_tui.demo.agenda import Agenda
from crm_tui.demo.talks import CLOSED, SALES
from crm_tui.domain.route.process import Advance, Completed, Event, Instance, Started, Status, Terminated
from crm_tui.domain.route.process_moves import advance
from crm_tui.domain.route.route_map import Step
from crm_tui.i18n import texts_in
from crm_tui.services.process import process_state, process_steps
from crm_tui.services.route import route_catalogue, route_maps, shipped_maps
from crm_tui.store.tables import Interest
from crm_tui.store.tables.processes import Process, ProcessEvent, ProcessToken
from crm_tui.store.work import Work

MAP = "sale_quick"
OUTCOMES = {"waiting": "agreed", "control": "won"}
"""With which outcome a sale went on from a step."""

OPEN = sum(count for state, count in SALES.items() if state not in CLOSED)
AT_LEAST = timedelta(hours=4)
"""So long after a step was entered it is due at the earliest."""

Passed = Sequence[tuple[str, datetime]]
"""Codes of the states that an Interest was in, and since when."""


class Processes:
    """Writes the processes of the sales."""

    def __init__(self, work: Work, language: str, owner: int, owner_name: str, agenda: Agenda) -> None:
        self.work, self.owner, self.owner_name, self.agenda = work, owner, owner_name, agenda
        shipped_maps.ensure(work, texts_in(language))
        self.map_id = route_catalogue.by_code(work.connection, MAP).id
        self.version_id = route_maps.enforce(work, self.map_id).key
        self.route = route_catalogue.route(work.connection, self.version_id)
        self.due = [agenda.due() for _each in range(OPEN)]
        random.Random(f"{agenda.company.seed} processes {language}").shuffle(self.due)

    def mover(self, state: str) -> str:
        """Who moved an Interest out of this state."""
        return process_state.rule_name(self.route, state)

    def run(self, interest: Interest, passed: Passed) -> None:
        """The process of one sale, from its first state to the one that it stands in."""
        rows: list[ProcessToken] = []
        events: list[tuple[Event, datetime]] = []
        made = self._happened(Instance(), Started(), passed[0][1], rows, events)
        for state, at in passed[1:]:
            (token,) = made.instance.tokens
            event: Event = Completed(token.id, OUTCOMES.get(token.point, ""))
            if state == "lost":
                event = Terminated()
            rows[-1].left_at = at
            rows[-1].outcome = process_state.CANCELLED if state == "lost" else OUTCOMES.get(token.point, "")
            made = self._happened(made.instance, event, at, rows, events)
        ended = passed[-1][1] if made.instance.status is not Status.RUNNING else None
        process = self.work.add(
            Process(
                map_id=self.map_id,
                version_id=self.version_id,
                object_kind="interest",
                object_id=interest.key,
                interest_id=interest.key,
                controlling=True,
                held_state_id=None if ended else interest.state_id,
                status=made.instance.status.value,
                successful=made.instance.successful,
                ended_point=made.instance.ended_at,
                reason=interest.close_reason,
                last_token=made.instance.last_token,
                last_event=len(events),
                started_by=self.owner,
                started_at=passed[0][1],
                ended_at=ended,
            )
        )
        for number, (event, at) in enumerate(events, 1):
            self.work.add(self._noted(process.key, number, event, at, interest.close_reason))
        for row in rows:
            row.process_id = process.key
            if row.left_at is None:
                self._give(row, interest)
            self.work.add(row)

    def _happened(
        self,
        instance: Instance,
        event: Event,
        at: datetime,
        rows: list[ProcessToken],
        events: list[tuple[Event, datetime]],
    ) -> Advance:
        made = advance(self.route, instance, event, lambda _tree: True)
        events.append((event, at))
        rows += [
            ProcessToken(
                process_id=0,
                map_id=self.map_id,
                token=token.id,
                point=token.point,
                kind="step",
                flow=token.by,
                performer_id=self.owner,
                entered_at=at,
            )
            for token in made.instance.tokens
        ]
        return made

    def _noted(self, process_id: int, number: int, event: Event, at: datetime, reason: str) -> ProcessEvent:
        kind, facts, token = "started", {}, 0
        if isinstance(event, Completed):
            kind, token = "completed", event.token
            facts = {"outcome": event.outcome} if event.outcome else {}
        elif isinstance(event, Terminated):
            kind, facts = "terminated", {"reason": reason}
        return ProcessEvent(
            process_id=process_id,
            number=number,
            kind=kind,
            token=token,
            facts=facts,
            actor=self.owner_name,
            user_id=self.owner,
            at=at,
        )

    def _give(self, row: ProcessToken, interest: Interest) -> None:
        """The task of the step that waits. What is late already was told of."""
        step = self.route.by_id[row.point]
        assert isinstance(step, Step)
        due = self.due.pop() if self.due else self.agenda.due()
        if due < row.entered_at:  # it was entered after that
            due = self.agenda.office(row.entered_at + AT_LEAST)
        due = due.replace(second=0, microsecond=0)
        row.task_id = self.agenda.task(process_steps.task_title(step), due, interest, step=step)
        row.deadline_at = due
        row.due_at = due if due > self.agenda.company.now else None
