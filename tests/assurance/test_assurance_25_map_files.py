"""Row 25: route maps from strangers, as TOML and as BPMN: nothing runs, nothing is read, nothing is exhausted.

Each file is read in one child process that may use half a gigabyte in all, and is either a map or refused in words.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crm_tui.domain.errors import CrmError, Invalid
from crm_tui.domain.route.bpmn_words import CRM, MODEL
from crm_tui.domain.route.route_map import (
    EndPoint,
    Flow,
    ProcessKind,
    Route,
    RuleAction,
    StartPoint,
    Step,
    StepEvent,
    StepRule,
)
from crm_tui.domain.route.route_text import Written, read, written
from crm_tui.parsing.bpmn_in import read_bpmn
from crm_tui.services.route import route_facts, route_maps
from tests.services.conftest import Office, office

__all__ = ["office"]

HEAD = f"<definitions xmlns='{MODEL}' xmlns:crm='{CRM}'><process id='p'>"
TAIL = "</process></definitions>"


def _own(settings: str, more: str = "") -> bytes:
    inner = f"<extensionElements><crm:settings>{settings}</crm:settings></extensionElements>"
    return f"{HEAD}<task id='a'>{inner}</task>{more}{TAIL}".encode()


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'ha'}'>" for n in range(12))
GATE = (
    "<exclusiveGateway id='g'/><endEvent id='e'/><endEvent id='d'/><sequenceFlow id='1' sourceRef='a' targetRef='g'/>"
    "<sequenceFlow id='2' sourceRef='g' targetRef='e'/><sequenceFlow id='3' sourceRef='g' targetRef='d'/>"
)
FILES: dict[str, bytes] = {
    "arrays.toml": b"a=" + b"[" * 500_000,
    "tables.toml": b"a={a=" * 100_000,
    "points.toml": "".join(f'[point.a{n}]\nkind="end"\n' for n in range(20_000)).encode(),
    "flows.toml": b"[[flow]]\n" * 50_000,
    "dots.toml": b"[" + b"a." * 200_000 + b"a]",
    "inner_dots.toml": b"a=[\n{b=1," + b"x." * 200_000 + b"x=1}",
    "quoted_dots.toml": b'"a" . ' * 80_000 + b"a=1",
    "spaces.toml": b" " * 500_000,
    "digits.toml": b"a=" + b"9" * 500_000,
    "control.toml": b'[map]\nname="a\x1b[2Jb"',
    "binary.toml": b"\xff\xfe\x00\x01",
    "path.toml": b'[map]\ncode="../../../etc/cron.d/x"',
    "condition.toml": b'[point.a]\nkind="choice"\nnext=[{to="a",when=' + b"{all=[" * 80 + b"]}" * 80 + b"}]",
    "date.toml": b'[point.a]\nkind="choice"\nnext=[{to="a",when={field="x",op="equals",value=1979-05-27}}]',
    "shapes.toml": b'[point.a]\nkind="step"\nrequires=[[[]]]\nrules=[1]\noutcomes=[[]]',
    "laughs.bpmn": f"<!DOCTYPE l [{LAUGHS}]><l>&l11;</l>".encode(),
    "outside.bpmn": b'<!DOCTYPE a SYSTEM "file:///etc/passwd" [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "deep.bpmn": b"<a>" * 400_000,
    "many.bpmn": f"{HEAD}{'<task/>' * 100_000}{TAIL}".encode(),
    "big.bpmn": b"<a>" + b" " * (3 * 1024 * 1024),
    "attributes.bpmn": ("<a " + " ".join(f"a{n}=''" for n in range(100_000)) + "/>").encode(),
    "gateways.bpmn": (
        HEAD
        + "".join(f"<exclusiveGateway id='t{n}'/>" for n in range(500))
        + "".join(f"<sequenceFlow id='f{n}' sourceRef='t{n}' targetRef='t{n + 1}'/>" for n in range(499))
        + TAIL
    ).encode(),
    "utf7.bpmn": b'<?xml version="1.0" encoding="utf-7"?><a/>',
    "idna.bpmn": b'<?xml version="1.0" encoding="idna"?><a/>',
    "nul.bpmn": b"\0" * 1000,
    "empty.bpmn": b"",
    "json.bpmn": _own("[" * 900_000),
    "rules.bpmn": _own('{"kind":"step","id":"a","rules":' + "[" * 400 + "]" * 400 + "}"),
    "id.bpmn": _own('{"kind":"step","id":{"a":1}}'),
    "kind.bpmn": _own('{"kind":["step"],"id":[1]}'),
    "outcomes.bpmn": _own('{"kind":"step","id":"a","outcomes":{"x":1}}', GATE),
    "number.bpmn": _own('{"kind":"step","id":' + "9" * 100_000 + "}"),
    "timer.bpmn": (
        f"{HEAD}<intermediateCatchEvent id='a'><timerEventDefinition><timeDuration>P{'9' * 10_000}D</timeDuration>"
        f"</timerEventDefinition></intermediateCatchEvent>{TAIL}"
    ).encode(),
}  # fmt: skip
TRIED = """
import json, resource, sys
from pathlib import Path
from crm_tui.domain.errors import Invalid
from crm_tui.services.route import route_files
resource.setrlimit(resource.RLIMIT_AS, (512 * 2**20, 512 * 2**20))
told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        told[path.name] = f"map of {len(route_files.read(path).route.points)}"
    except Invalid as refused:
        told[path.name] = refused.code
print(json.dumps(told))
"""
MAPS = {"spaces.toml", "gateways.bpmn", "id.bpmn", "kind.bpmn"}
"""What is a map for all that, if no sound one."""


def test_assurance_25_hostile_map_files_are_refused_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "maps"
    folder.mkdir()
    million = "".join(f'[point.a{n}]\nkind="end"\n' for n in range(1_000_000))
    files = FILES | {"million.toml": million.encode()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    ran = subprocess.run(
        [sys.executable, "-c", TRIED, folder], capture_output=True, check=False, env=os.environ, timeout=100
    )
    assert ran.returncode == 0, ran.stderr.decode()
    told = json.loads(ran.stdout)
    assert told.keys() == files.keys()
    assert {name for name, said in told.items() if said.startswith("map")} == MAPS
    assert told["laughs.bpmn"] == told["outside.bpmn"] == "xml_doctype"
    assert told["million.toml"] == "route_file_big"
    assert told["condition.toml"] == "condition_too_deep"


SMALL = Route(
    "",
    "Stranger's",
    kind=ProcessKind.INDEPENDENT,
    points=(StartPoint(id="start"), Step(id="call", name="Call"), EndPoint(id="end")),
    flows=(Flow("start", "call"), Flow("call", "end")),
)


def _with(rule: StepRule) -> Route:
    start, step, end = SMALL.points
    assert isinstance(step, Step)
    return replace(SMALL, points=(start, replace(step, rules=(rule,)), end))


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (StepRule(StepEvent.ENTERING, RuleAction.EMAIL, None, "/etc/passwd"), "template_unknown"),
        (StepRule(StepEvent.ENTERING, RuleAction.EMAIL, None, "{{ ''.__class__ }}"), "template_unknown"),
        (StepRule(StepEvent.ENTERING, RuleAction.SET_FIELD, None, "__class__=x"), "field_unknown"),
        (StepRule(StepEvent.ENTERING, RuleAction.SET_FIELD, None, "state_id=1"), "field_unknown"),
        (
            StepRule(StepEvent.ENTERING, RuleAction.TASK, {"field": "name.__class__", "op": "filled"}, "x"),
            "condition_wrong",
        ),
        (
            StepRule(StepEvent.ENTERING, RuleAction.TASK, {"field": "1) OR (1=1", "op": "filled"}, "x"),
            "condition_wrong",
        ),
    ],
)
def test_assurance_25_what_a_strangers_map_would_do_is_refused_before_it_is_in_force(
    office: Office, rule: StepRule, problem: str
) -> None:
    with office.store.work(office.actor, "route_map.import") as work:
        taken = route_maps.import_route(work, Written("stranger", _with(rule)))
        found = [one.code for one in route_facts.problems(work.connection, _with(rule))]
        assert problem in found
        with pytest.raises(CrmError, match="map_not_sound"):
            route_maps.enforce(work, taken.key)


def test_assurance_25_control_characters_in_names_steer_no_terminal() -> None:
    text = written(SMALL).replace('name = "Call"', r'name = "Call\u001b]0;owned\u0007\u202e"')
    for name in (
        read(text.encode()).route.by_id["call"].name,
        read_bpmn(_own(r'{"kind": "step", "id": "a", "name": "x\u001b[2J"}')).route.points[0].name,
    ):
        assert name.isprintable()


def test_assurance_25_a_map_has_no_setting_that_runs_anything() -> None:
    for line in ('script = "import os"', 'run = "rm -rf /"', 'python = "1"'):
        with pytest.raises(Invalid, match="route_unknown"):
            read(written(SMALL).replace('kind = "step"', f'kind = "step"\n{line}').encode())
    with pytest.raises(Invalid, match="bpmn_unsupported"):
        read_bpmn(
            f"{HEAD}<startEvent id='s'/><scriptTask id='a'><script>import os</script></scriptTask>{TAIL}".encode()
        )
