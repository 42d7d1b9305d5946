"""Every error that can be raised has a sentence, and the sentence has its facts."""

import ast
import string
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import crm_tui
from crm_tui.domain import errors
from crm_tui.domain.errors import CrmError, NetworkTrouble, Refused
from crm_tui.services.messages import ERRORS, of_error
from crm_tui.store import faults

SOURCES = Path(crm_tui.__file__).parent
COMPUTED = {
    "store/faults.py",
    "cli/doctor_store.py",
    "services/account/last_fault.py",
    "screens/letter/folder_source.py",
    "domain/route/route_keep.py",
    "services/route/route_sentences.py",
}
"""Files that take the code from a table or from the store: looked at below."""
NAMED = ("domain/route/route_keep.py", "services/process/process_stopping.py")
"""Files that name codes which are raised, or told, elsewhere."""
OF_A_FAULT = ("store_corrupt", "store_io_error", "store_cannot_open", "store_read_only")

Raised = tuple[str, str, set[str] | None]
"""Where, the code, and the names of the facts; None where they are put together elsewhere."""


def error_classes(nodes: dict[str, list[ast.AST]]) -> set[str]:
    """Names of ``CrmError`` and of every class that comes of it."""
    known = {
        name
        for name, found in vars(errors).items()
        if isinstance(found, type) and issubclass(found, CrmError)
    }
    for found in nodes.values():
        for node in found:
            if isinstance(node, ast.ClassDef) and any(last_word(base) in known for base in node.bases):
                known.add(node.name)
    return known


def last_word(name: ast.expr) -> str:
    """``Refused`` of ``errors.Refused`` and of ``Refused``."""
    return name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""


@cache
def raised() -> tuple[Raised, ...]:
    """Every error that the program makes: read once, and not by who collects the tests alone."""
    return tuple(_raised())


def _raised() -> Iterator[Raised]:
    nodes = {
        path.relative_to(SOURCES).as_posix(): list(ast.walk(ast.parse(path.read_bytes())))
        for path in SOURCES.rglob("*.py")
    }
    classes = error_classes(nodes)
    for file, found in nodes.items():
        for node in found:
            if isinstance(node, ast.Call) and last_word(node.func) in classes and node.args:
                names = {keyword.arg for keyword in node.keywords}
                facts = None if None in names else {name for name in names if name is not None}
                where = f"{file}:{node.lineno}"
                for code in codes(node.args[0]):
                    yield where, code, facts


def codes(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.IfExp):
        return codes(argument.body) + codes(argument.orelse)
    return [str(argument.value)] if isinstance(argument, ast.Constant) else [""]


def named() -> set[str]:
    """Every word that the files of NAMED hold."""
    trees = [ast.parse((SOURCES / file).read_text("utf-8")) for file in NAMED]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def fields(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name}


def test_each_code_that_is_raised_has_a_sentence() -> None:
    assert len(raised()) > 100
    assert [one for one in raised() if one[1] and one[1] not in ERRORS] == []
    assert {where.partition(":")[0] for where, code, _facts in raised() if not code} == COMPUTED


def test_a_sentence_asks_for_no_fact_that_is_not_given() -> None:
    assert [
        (where, code, missing)
        for where, code, facts in raised()
        if code and facts is not None and (missing := fields(ERRORS[code]) - facts)
    ] == []


def test_each_sentence_is_of_a_code_that_is_raised() -> None:
    assert set(ERRORS) - {code for _where, code, _facts in raised()} - named() - set(OF_A_FAULT) == set()


def test_no_two_tables_have_a_sentence_for_the_same_code() -> None:
    tables = [path.stem for path in (SOURCES / "services").glob("messages*.py")]
    codes_of = [set(getattr(import_module(f"crm_tui.services.{name}"), "ERRORS", {})) for name in tables]
    own = {
        node.value
        for node in ast.walk(ast.parse((SOURCES / "services" / "messages.py").read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    others = [codes for name, codes in zip(tables, codes_of, strict=True) if name != "messages"]
    twice = [
        code for code in set().union(*others) if sum(code in each for each in others) + (code in own) > 1
    ]
    assert twice == []


@pytest.mark.parametrize("code", OF_A_FAULT)
def test_the_faults_of_a_store_have_their_sentences(code: str) -> None:
    error = faults.damaged(code, Path("/base/crm.db"), "page 7")
    said = of_error(error)
    assert "/base/crm.db" in said
    assert "…" not in said
    assert "{" not in said


def test_words_of_the_program_are_translated_and_foreign_ones_cleaned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = {"accepted": "принят", ERRORS["already_decided"]: "Решено: {status}."}
    monkeypatch.setattr("crm_tui.services.messages._", lambda text: words.get(text, text))
    assert of_error(Refused("already_decided", status="accepted")) == "Решено: принят."
    assert "\x1b" not in of_error(NetworkTrouble("server_refused", answer="NO \x1b[31mred"))


@pytest.mark.parametrize(("count", "said"), [(1, "1 letter. It would go"), (5, "5 letters. They would go")])
def test_what_is_counted_is_said_in_its_number(count: int, said: str) -> None:
    assert said in of_error(Refused("folder_not_empty", folder="News", count=count))
