"""Random sound maps and random runs of them, for tests of whatever takes a route.

A map is written as nested blocks (a step, a choice, a split with its join, a loop …) and is sound by the way it is
built. Conditions are flags ``c0`` … ``c5`` of the object, so that another engine can be told the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from crm_tui.domain.conditions.condition_fields import FieldOf, Kind, subject_of
from crm_tui.domain.route.process import Advance, Completed, Instance, Started, Status
from crm_tui.domain.route.process_moves import advance
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    Duration,
    EndPoint,
    Flow,
    JoinPoint,
    NestedPoint,
    Outcome,
    Point,
    ProcessKind,
    Requirement,
    Route,
    SplitPoint,
    StartPoint,
    Step,
    TimerPoint,
    Tree,
    Unit,
)
from crm_tui.domain.route.route_problem import ActionSettings, Known, KnownMap

FLAGS = tuple(f"c{number}" for number in range(6))
STATES = tuple(f"s{number}" for number in range(4))
DAY = Duration(1, Unit.WORKING_DAYS)
KNOWN = Known(
    code="own",
    scenarios=frozenset({"sale"}),
    states={**dict.fromkeys(STATES, "open"), "won": "won", "lost": "lost"},
    templates={"Greeting": "", "Broken": "no field"},
    users=frozenset({"ann"}),
    roles=frozenset({"seller"}),
    maps={
        "nested": KnownMap(ProcessKind.INDEPENDENT),
        "object": KnownMap(ProcessKind.OBJECT, "interest"),
        "circular": KnownMap(ProcessKind.INDEPENDENT, nested=frozenset({"own"})),
        "asleep": KnownMap(ProcessKind.INDEPENDENT, in_force=False),
        "of_lead": KnownMap(ProcessKind.INDEPENDENT, "lead"),
        "echo": KnownMap(ProcessKind.INDEPENDENT, at_once=frozenset({"own"})),
        "instant": KnownMap(ProcessKind.INDEPENDENT, waits=False),
    },
    documents=frozenset({"call", "letter", "meeting", "proposal"}),
    demandable=frozenset({"phone"}),
    writable=frozenset({"amount"}),
    subject=subject_of("interest", *(FieldOf(name, name, Kind.FLAG) for name in FLAGS)),
    actions={
        "set_field": ActionSettings(frozenset({"field", "value"})),
        "start_process": ActionSettings(frozenset({"map"})),
    },
)
"""A company in which the maps of ``sound_maps`` can be in force."""


# blocks: what a map is built of


@dataclass(frozen=True)
class One:
    """A single point: ``step``, ``timer``, ``nested`` or ``action``."""

    kind: str
    demands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One after another."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True)
class Ways:
    """One of several: by the outcome of a step, or by conditions. A way may be empty, or lead to a failure."""

    by_outcome: bool
    ways: tuple["Block | str", ...]
    """``""`` goes on, ``"fail"`` ends the process."""


@dataclass(frozen=True)
class Parallel:
    """All of several; the first controls the state."""

    branches: tuple["Block", ...]


@dataclass(frozen=True)
class Loop:
    """Again and again, until the step at its end (or a choice behind a step) says otherwise."""

    body: "Block"
    by_outcome: bool


Block = One | Row | Ways | Parallel | Loop


def _larger(smaller: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    ways = st.lists(smaller | st.sampled_from(["", "fail"]), min_size=1, max_size=2).map(tuple)
    several = st.lists(smaller, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(Row, several)
        | st.builds(Ways, st.booleans(), ways)
        | st.builds(Parallel, several)
        | st.builds(Loop, smaller, st.booleans())
    )


def blocks(*, most: int = 8, kinds: Sequence[str] = ("step", "timer", "nested", "action")) -> Any:
    """Blocks of up to about ``most`` leaves; ``kinds`` of points to use."""
    demands = st.lists(st.sampled_from(["call", "letter", "proposal"]), max_size=2).map(tuple)
    steps = st.builds(One, st.just("step"), demands)
    others = [st.builds(One, st.just(kind)) for kind in kinds if kind != "step"]
    return st.recursive(st.one_of(steps, steps, *others), _larger, max_leaves=most)


def sound_maps(
    *, most: int = 8, kinds: Sequence[str] = ("step", "timer", "nested", "action")
) -> st.SearchStrategy[Route]:
    """Sound maps, of an object process and of independent ones."""
    return st.builds(built, blocks(most=most, kinds=kinds), st.sampled_from(ProcessKind))


def built(block: Block, kind: ProcessKind = ProcessKind.OBJECT) -> Route:
    """The map that the block tells."""
    site = _Site(kind is ProcessKind.OBJECT)
    site.add(StartPoint(id="start"))
    site.leave("start")
    site.put(block)
    site.add(site.ending("end", "won"))
    return Route(
        number="9",
        name="Random",
        kind=kind,
        scenario="sale" if kind is ProcessKind.OBJECT else "",
        points=tuple(site.points),
        flows=tuple(site.flows),
    )


@dataclass
class _Site:
    """A map while it is built: ``loose`` are the flows that have no target yet."""

    states: bool
    """Whether points get states here."""
    whole: bool = field(init=False)
    waited: bool = False
    """Whether a process waited before it came here, so that it may fail."""
    points: list[Point] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    loose: list[tuple[str, str, Tree | None, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.whole = self.states

    def add(self, point: Point) -> None:
        """Puts the point where the loose flows lead to."""
        self.points.append(point)
        self.flows += [
            Flow(source, point.id, outcome, test, controls) for source, outcome, test, controls in self.loose
        ]
        self.loose = []

    def leave(self, source: str, outcome: str = "", test: Tree | None = None, controls: bool = False) -> None:
        self.loose.append((source, outcome, test, controls))

    def named(self, kind: str) -> str:
        return f"{kind}{len(self.points)}"

    def state(self) -> str:
        return STATES[len(self.points) % len(STATES)] if self.states else ""

    def test(self) -> Tree:
        return {"field": FLAGS[len(self.flows) % len(FLAGS)], "op": "equals", "value": True}

    def ending(self, id: str, state: str) -> EndPoint:
        return EndPoint(id=id, state=state if self.whole else "", successful=state == "won")

    def put(self, block: Block) -> None:
        match block:
            case One():
                self.put_one(block)
            case Row():
                for one in block.blocks:
                    self.put(one)
            case Ways():
                self.put_ways(block)
            case Parallel():
                self.put_parallel(block)
            case Loop():
                self.put_loop(block)

    def put_one(self, block: One) -> None:
        id = self.named(block.kind)
        self.waited = self.waited or block.kind != "action"
        if block.kind == "step":
            self.add(self.step(id, block.demands))
        elif block.kind == "timer":
            self.add(TimerPoint(id=id, duration=DAY))
        elif block.kind == "nested":
            self.add(NestedPoint(id=id, map="nested"))
        else:
            self.add(ActionPoint(id=id, action="set_field", settings={"field": "amount", "value": "1"}))
        self.leave(id)

    def step(self, id: str, demands: Sequence[str] = (), outcomes: int = 0) -> Step:
        return Step(
            id=id,
            name=id.capitalize(),
            state=self.state(),
            requirements=tuple(Requirement("document", kind) for kind in dict.fromkeys(demands)),
            outcomes=tuple(Outcome(f"o{number}", f"Outcome {number}") for number in range(outcomes)),
        )

    def put_ways(self, block: Ways) -> None:
        id = self.named("ask" if block.by_outcome else "choice")
        ways: tuple[Block | str, ...] = (*block.ways, "")
        self.add(self.step(id, (), len(ways)) if block.by_outcome else ChoicePoint(id=id))
        done: list[tuple[str, str, Tree | None, bool]] = []
        before = self.waited = self.waited or block.by_outcome
        for number, way in enumerate(ways):
            self.waited = before
            last = number == len(ways) - 1
            self.leave(
                id,
                f"o{number}" if block.by_outcome else "",
                None if block.by_outcome or last else self.test(),
            )
            if way == "fail" and before:
                self.add(self.ending(self.named("fail"), "lost"))
            elif not isinstance(way, str):
                self.put(way)
            done += self.loose
            self.loose = []
        self.loose, self.waited = done, before

    def put_parallel(self, block: Parallel) -> None:
        id = self.named("split")
        self.add(SplitPoint(id=id))
        done, outer, before, waited = [], self.states, self.waited, self.waited
        for number, branch in enumerate(block.branches):
            self.states, self.waited = outer and number == 0, before
            self.leave(id, controls=self.states)
            self.put(branch)
            done += self.met()
            waited = waited or self.waited
        self.states, self.waited = outer, waited
        self.loose = done
        join = self.named("join")
        self.add(JoinPoint(id=join))
        self.leave(join)

    def met(self) -> list[tuple[str, str, Tree | None, bool]]:
        """The loose flows brought together to one, as a join wants it."""
        if len(self.loose) > 1:
            id = self.named("meet")
            self.add(ChoicePoint(id=id))
            self.leave(id)
        met, self.loose = self.loose, []
        return met

    def put_loop(self, block: Loop) -> None:
        self.loose = self.met()
        entry = self.named("enter")
        self.add(ChoicePoint(id=entry))
        self.leave(entry)
        self.put(block.body)
        self.waited = True
        step = self.named("again")
        self.add(self.step(step, ("call",), 2 if block.by_outcome else 0))
        last = step
        if not block.by_outcome:
            self.leave(step)
            last = self.named("choice")
            self.add(ChoicePoint(id=last))
        self.flows.append(
            Flow(last, entry, "o0" if block.by_outcome else "", None if block.by_outcome else self.test())
        )
        self.leave(last, "o1" if block.by_outcome else "")


# runs


@dataclass(frozen=True)
class Move:
    """What happens next: which of the waiting tokens goes on, how, and which conditions hold then."""

    pick: int
    outcome: int
    true: frozenset[str]


MOVES = st.lists(
    st.builds(Move, st.integers(0, 5), st.integers(0, 2), st.frozensets(st.sampled_from(FLAGS))),
    min_size=1,
    max_size=25,
)


def held(true: frozenset[str], tree: Tree) -> bool:
    """Whether a condition of a random map holds while these flags are up."""
    return tree["field"] in true


def open_tokens(route: Route, instance: Instance) -> dict[int, str]:
    """Token → point of those that wait for something other than tokens."""
    return {
        token.id: token.point
        for token in instance.tokens
        if not isinstance(route.by_id[token.point], JoinPoint)
    }


def outcome_of(point: Point, number: int) -> str:
    """One of the outcomes of a step that has several."""
    codes = [one.code for one in point.outcomes] if isinstance(point, Step) else []
    return codes[number % len(codes)] if len(codes) > 1 else ""


def played(route: Route, moves: Sequence[Move]) -> Iterator[Advance]:
    """What the engine makes of the moves: the start by the first one's conditions, then one for each of them, until
    the process ends."""
    done = advance(route, Instance(), Started(), lambda tree: held(moves[0].true, tree))
    yield done
    for move in moves:
        if done.instance.status is not Status.RUNNING:
            return
        waiting = open_tokens(route, done.instance)
        token = sorted(waiting)[move.pick % len(waiting)]
        event = Completed(token, outcome_of(route.by_id[waiting[token]], move.outcome))
        done = advance(route, done.instance, event, lambda tree, true=move.true: held(true, tree))  # type: ignore[misc]
        yield done
