"""The first command works on a machine that has nothing."""

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, at work in an empty project; what it would run is kept in ``did``."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    python = tmp_path / ".venv" / "bin" / "python"
    did: list[str] = []

    def create(*_args: object, **_options: object) -> None:
        did.append("venv")
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)

    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", python)
    monkeypatch.setattr(module.venv, "create", create)
    monkeypatch.setattr(module, "pip", lambda *args: did.append(args[-1]))
    monkeypatch.setattr(module, "did", did, raising=False)
    return module


def test_environment_is_made_once_and_grows_when_asked(bootstrap: ModuleType) -> None:
    bootstrap.set_up(dev=False)
    bootstrap.set_up(dev=False)
    assert bootstrap.did == ["venv", "."]
    bootstrap.set_up(dev=True)
    bootstrap.set_up(dev=False)
    assert bootstrap.did == ["venv", ".", ".[dev]"]


def test_environment_follows_a_changed_project_and_keeps_its_tools(bootstrap: ModuleType) -> None:
    bootstrap.set_up(dev=True)
    (bootstrap.ROOT / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    bootstrap.set_up(dev=False)
    assert bootstrap.did == ["venv", ".[dev]", ".[dev]"]


def test_every_linter_runs_and_the_failed_ones_are_named(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = []

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        ran.append(Path(command[0]).name)
        failed = command[0].endswith("mypy")
        return subprocess.CompletedProcess(command, int(failed), "one.py:1: error\n" if failed else "")

    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    assert bootstrap.lint() == ["mypy"]
    assert ran == ["ruff", "ruff", "mypy", "lint-imports", "deptry"]
    assert "— mypy\none.py:1: error\n— lint-imports" in capsys.readouterr().out


@pytest.mark.parametrize(("linted", "tested", "code"), [([], 0, 0), (["mypy"], 0, 1), ([], 1, 1)])
def test_a_linter_that_found_something_fails_the_run_and_the_closing_line_is_last(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    linted: list[str],
    tested: int,
    code: int,
) -> None:
    said = f"print('.... [100%]'); print('4 passed'); raise SystemExit({tested})"
    really = subprocess.Popen

    def start(_command: list[str], **options: object) -> subprocess.Popen[str]:
        return really([sys.executable, "-S", "-c", said], **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(bootstrap, "ensure_programs", lambda: None)
    monkeypatch.setattr(bootstrap, "lint", lambda: linted)
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *_args, **_options: None)
    monkeypatch.setattr(bootstrap.subprocess, "Popen", start)
    assert bootstrap.test([]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines == [".... [100%]", *(f"FAILED: {name}" for name in linted), "4 passed"]


def test_the_tests_find_all_compiled(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = bootstrap.compiling()
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert Path(environment["PYTHONPYCACHEPREFIX"]).is_relative_to(bootstrap.VENV)


@pytest.mark.parametrize("told", [True, False])
def test_the_program_is_compiled_where_python_would_keep_nothing(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", told)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    module = bootstrap.ROOT / "crm_tui" / "one.py"
    module.parent.mkdir()
    module.write_text("x = 1\n")
    bootstrap.compile_program()
    assert (module.parent / "__pycache__").exists() is told


def test_bootstrap_needs_the_standard_library_alone() -> None:
    tree = ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_no_package_index_is_named() -> None:
    files = [ROOT / name for name in ("bootstrap.py", "pyproject.toml", "Makefile", ".ci/run")]
    named = [file.name for file in files if re.search(r"index-url|find-links|pypi\.org", file.read_text())]
    assert named == []


def test_ci_runs_the_second_command() -> None:
    script = ROOT / ".ci" / "run"
    assert "set -euo pipefail" in script.read_text()
    assert "python3 bootstrap.py test" in script.read_text()
    assert script.stat().st_mode & 0o111
