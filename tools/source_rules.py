"""Calls that let foreign text act, or damage the store, found in the syntax trees of our sources.

Textual reads markup out of a plain ``str`` given to most of its widgets: a letter's subject can crash the screen
or run an action. So whatever such a call is given must be visibly harmless here, in the source: a literal, a
translated literal, a ``Content``, or anything at all beside ``markup=False``.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SINKS = {
    "Button",
    "Checkbox",
    "Collapsible",
    "Label",
    "Link",
    "ListItem",
    "Option",
    "RadioButton",
    "Static",
    "Tab",
    "TabPane",
    "add_column",
    "add_option",
    "add_row",
    "notify",
}
"""Calls whose positional arguments Textual may read markup from."""
MARKUP_ATTRIBUTES = {"tooltip", "border_title", "border_subtitle"}
HARMLESS_TYPES = {"Content", "Text"}
TRANSLATORS = {"_", "N_", "ngettext", "NN_"}
SHELLS = {
    "asyncio.create_subprocess_shell",
    "os.popen",
    "os.system",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
}
SQL_TEXT_PLACES = re.compile(
    r"crm_tui/store/(engine|driver|search\w*|record_index|feed|backup|health|schema|beside|trial|bulk|(tables|migrations)/.*)\.py$"
)
"""Where dialect SQL may stand."""
STORE_FILE = re.compile(r"\bdatabase\(\)|crm\.db|\bdb_(path|file)\b")
FILE_OPENERS = {"open", "read_bytes", "read_text", "copy", "copy2", "copyfile", "copyfileobj"}


@dataclass(frozen=True)
class Finding:
    """One breach of a rule."""

    path: str
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}"


def package_findings() -> list[Finding]:
    """All findings in ``crm_tui``."""
    trees = {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "crm_tui").rglob("*.py"))
    }
    makers = {name for tree in trees.values() for name in _content_makers(tree)}
    return [finding for path, tree in trees.items() for finding in findings(path, tree, makers)]


def findings(path: str, tree: ast.Module, makers: set[str]) -> Iterator[Finding]:
    """The findings of one file; ``makers`` are functions known to return a ``Content``."""
    harmless = makers | _content_makers(tree) | _content_names(tree, makers)
    draws = _imports_textual(tree)
    for node in ast.walk(tree):
        for rule in _broken(path, node):
            yield Finding(path, getattr(node, "lineno", 0), rule)
        for rule in _drawn(node, harmless) if draws else ():
            yield Finding(path, getattr(node, "lineno", 0), rule)


def _drawn(node: ast.AST, harmless: set[str]) -> Iterator[str]:
    """What is wrong with how ``node`` hands text to Textual."""
    match node:
        case ast.Call():
            yield from _drawn_by_call(node, harmless)
        case ast.Assign(targets=[ast.Attribute(attr=name)], value=value) if name in MARKUP_ATTRIBUTES:
            if not _is_harmless(value, harmless):
                yield f"{name} is set to text that may hold markup"


def _drawn_by_call(call: ast.Call, harmless: set[str]) -> Iterator[str]:
    name = _last_name(call.func)
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    literal = _is_false(keywords.get("markup"))
    if name in SINKS and not literal and not all(_is_harmless(each, harmless) for each in call.args):
        yield f"{name}() is given text that may hold markup"
    if name == "update" and any(_is_made_text(argument) for argument in call.args):
        yield "update() is given text that may hold markup"
    for keyword in MARKUP_ATTRIBUTES & set(keywords):
        if not _is_harmless(keywords[keyword], harmless):
            yield f"{keyword}= is given text that may hold markup"


def _broken(path: str, node: ast.AST) -> Iterator[str]:
    """What is wrong with ``node`` in any module."""
    match node:
        case ast.Call():
            yield from _broken_by_call(path, node)
        case ast.ImportFrom(module=str(module)) if module.startswith("sqlalchemy"):
            if not SQL_TEXT_PLACES.search(path) and any(alias.name == "text" for alias in node.names):
                yield "SQL text outside the engine and the search"


def _broken_by_call(path: str, call: ast.Call) -> Iterator[str]:
    name = _last_name(call.func)
    shell = next((keyword.value for keyword in call.keywords if keyword.arg == "shell"), None)
    if shell is not None and not _is_false(shell):
        yield "a shell is started"
    if _qualified_name(call.func) in SHELLS:
        yield "a shell is started"
    if name == "create_all":
        yield "tables are made past the migrations"
    if name == "exec_driver_sql" and not SQL_TEXT_PLACES.search(path):
        yield "SQL text outside the engine and the search"
    if name in FILE_OPENERS and STORE_FILE.search(ast.unparse(call)):
        yield "the store's file is opened: closing it drops SQLite's locks"


def _imports_textual(tree: ast.Module) -> bool:
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return any(module.split(".")[0] == "textual" for module in modules)


def _is_harmless(value: ast.expr, harmless: set[str]) -> bool:
    match value:
        case ast.Constant(value=text):
            return not isinstance(text, str) or "[" not in text
        case ast.Call(func=function):
            return _last_name(function) in TRANSLATORS | harmless or _made_by_content(function)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in harmless
        case ast.IfExp(body=body, orelse=orelse):
            return _is_harmless(body, harmless) and _is_harmless(orelse, harmless)
        case ast.BinOp(left=left, right=right):
            return _is_harmless(left, harmless) and _is_harmless(right, harmless)
        case ast.BoolOp(values=values):
            return all(_is_harmless(each, harmless) for each in values)
        case ast.Starred(value=inner):
            return _is_harmless(inner, harmless)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return all(_is_harmless(each, harmless) for each in items)
        case ast.ListComp(elt=each) | ast.GeneratorExp(elt=each):
            return _is_harmless(each, harmless)
    return False


def _is_made_text(value: ast.expr) -> bool:
    match value:
        case ast.JoinedStr():
            return True
        case ast.Call(func=ast.Attribute(attr="format")):
            return True
    return False


def _is_false(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def _made_by_content(function: ast.expr) -> bool:
    """``Content(…)``, ``Content.from_markup(…)``, ``Text.assemble(…)``."""
    while isinstance(function, ast.Attribute):
        function = function.value
    return isinstance(function, ast.Name) and function.id in HARMLESS_TYPES


def _content_makers(tree: ast.Module) -> set[str]:
    """Functions and properties that say that they return a ``Content``."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name for node in functions if _is_content_type(node.returns)}


def _content_names(tree: ast.Module, makers: set[str]) -> set[str]:
    """Variables, parameters and fields that are a ``Content`` by annotation or by what they are set to."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name, annotation=kind) if _is_content_type(kind):
                names.add(name)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind) if _is_content_type(kind):
                names.add(name)
            case ast.AnnAssign(target=ast.Attribute(attr=name), annotation=kind) if _is_content_type(kind):
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function)):
                if _made_by_content(function) or _last_name(function) in makers:
                    names.add(name)
    return names


def _is_content_type(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    parts = set(re.findall(r"\w+", ast.unparse(annotation)))
    return bool(parts & HARMLESS_TYPES) and "str" not in parts


def _last_name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _qualified_name(function: ast.expr) -> str:
    """``module.name`` of a call on a plain name."""
    match function:
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return f"{module}.{name}"
    return ""
