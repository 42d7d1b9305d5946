"""Routes of every shape, sound or not, for what must carry any of them: text, XML, differences."""

import string

from hypothesis import strategies as st

from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    Duration,
    EndPoint,
    Flow,
    JoinPoint,
    NestedPoint,
    Outcome,
    Performer,
    PerformerRule,
    Point,
    ProcessKind,
    Requirement,
    Route,
    RuleAction,
    SplitPoint,
    StartPoint,
    Step,
    StepEvent,
    StepRule,
    TimerPoint,
    Unit,
)
from crm_tui.domain.text import clean

WORDS = st.text(
    st.sampled_from(string.ascii_letters + " \"'\\.#=[]{},;<>&%$-—яЯіҚ京\u00a0😀"), max_size=12
) | st.sampled_from(["", "]]>", "-->", '"""', "'''", "\\u0041", "${1}", "<!DOCTYPE x>", "[/b]", "\\"])
LINES = st.lists(WORDS, max_size=3).map("\n".join).map(
    lambda text: clean(text, multiline=True)
) | st.sampled_from(["\n", "\n\nx", 'x"""\n""', "x\\\n y", "\ttab\n"])
IDS = st.text(string.ascii_lowercase + "_", min_size=1, max_size=4) | st.sampled_from(
    ["a b", "Я", ".", '"', ""]
)
CODES = st.sampled_from(["call", "won", "lost", "x1", "ok", "a.b", ""])
DURATIONS = st.builds(Duration, st.integers(1, 100_000), st.sampled_from(Unit))
LEAVES = st.fixed_dictionaries(
    {"field": CODES, "op": st.sampled_from(["equals", "filled", ">"])},
    optional={
        "value": WORDS
        | st.integers(-5, 10**9)
        | st.booleans()
        | st.floats(-1e6, 1e6).map(lambda number: number + 0.0)
        | st.lists(WORDS, max_size=2)
    },
)
TREES = st.recursive(
    LEAVES, lambda inner: st.fixed_dictionaries({"all": st.lists(inner, max_size=2)}), max_leaves=4
)
PERFORMERS = st.builds(Performer, st.sampled_from(PerformerRule), WORDS)
REQUIREMENTS = st.builds(
    Requirement, st.sampled_from(["document", "field", "other"]), CODES, st.integers(1, 5)
)
RULES = st.builds(
    StepRule,
    st.sampled_from(StepEvent),
    st.sampled_from(RuleAction),
    st.none() | TREES,
    LINES,
    st.booleans(),
)
_COMMON = {"name": WORDS, "state": CODES}


def points(ids: list[str]) -> st.SearchStrategy[tuple[Point, ...]]:
    """A point of any kind for each id."""
    return st.tuples(*(_point(one) for one in ids))


def _point(point_id: str) -> st.SearchStrategy[Point]:
    common = {"id": st.just(point_id), **_COMMON}
    plain = [st.builds(kind, **common) for kind in (StartPoint, ChoicePoint, SplitPoint, JoinPoint)]
    return st.one_of(
        *plain,
        st.builds(
            Step,
            **common,
            instruction=LINES,
            performer=PERFORMERS,
            duration=st.none() | DURATIONS,
            ask_result=st.booleans(),
            outcomes=st.lists(
                st.builds(Outcome, CODES, WORDS), max_size=3, unique_by=lambda one: one.code
            ).map(tuple),
            requirements=st.lists(REQUIREMENTS, max_size=2).map(tuple),
            rules=st.lists(RULES, max_size=2).map(tuple),
        ),
        st.builds(NestedPoint, **common, map=CODES),
        st.builds(TimerPoint, **common, duration=DURATIONS),
        st.builds(ActionPoint, **common, action=CODES, settings=st.dictionaries(WORDS, LINES, max_size=2)),
        st.builds(EndPoint, **common, successful=st.booleans()),
    )


@st.composite
def routes(draw: st.DrawFn, most_points: int = 5, *, loose: bool = True) -> Route:
    """A route of any shape; its flows stand in any order, and some (``loose``) come from nowhere."""
    ids = draw(st.lists(IDS, min_size=0 if loose else 1, max_size=most_points, unique=True))
    ends = st.sampled_from([*ids, "nowhere"] if loose else ids)
    flows = st.builds(Flow, ends, ends, CODES, st.none() | TREES, st.booleans())
    return Route(
        number=draw(WORDS),
        name=draw(WORDS),
        kind=draw(st.sampled_from(ProcessKind)),
        object_kind=draw(CODES),
        start_event=draw(CODES),
        scenario=draw(CODES),
        early_termination=draw(st.booleans()),
        termination_state=draw(CODES),
        account=draw(CODES),
        notes=draw(LINES),
        points=draw(points(ids)),
        flows=tuple(draw(st.lists(flows, max_size=6))),
    )
