#!/usr/bin/env python3
"""Make the environment in .venv, then run, show or test the program.

Needs Python 3.11 and pip, nothing else: the standard library alone, no make, no compiler, no python3-venv.
Where pip gets packages from is pip's own business (its configuration and PIP_* variables).
"""

import argparse
import compileall
import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
USAGE = """\
commands:
  setup            make the environment
  demo [ARGS]      open the workstation on a throw-away demo company (crm demo ARGS)
  run [ARGS]       run the program (crm ARGS)
  test [ARGS]      lint, then every test; with ARGS just pytest ARGS
  lint             ruff, mypy, import-linter, deptry"""
TEST_PROGRAMS = {
    "dovecot": ("dovecot-imapd", "dovecot-pop3d"),
    "tmux": ("tmux",),
    "strace": ("strace",),
}
"""Programs that tests drive, and the Debian packages they come in."""
UNPACKED_PROGRAMS = {VENV / "cyrus": "cyrus-imapd"}
"""Debian packages that cannot be installed beside those above: unpacked here, with what they need."""
LINTERS = (
    ("ruff", "check", "--quiet", "."),
    ("ruff", "format", "--quiet", "--check", "."),
    ("mypy",),
    ("lint-imports", "--no-cache"),
    ("deptry", "--no-ansi", "."),
)
NO_SERVICES = Path("/usr/sbin/policy-rc.d")


def main() -> int:
    """Do what the command line asks for and return its exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=USAGE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("setup", "demo", "run", "test", "lint"))
    parser.add_argument("args", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036 - pip has not checked it yet
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    set_up(dev=asked.command in ("test", "lint"))
    if asked.command in ("setup", "demo", "run"):
        compile_program()
    match asked.command:
        case "demo":
            run_program("demo", *asked.args)
        case "run":
            run_program(*asked.args)
        case "lint":
            return 1 if lint() else 0
        case "test":
            return test(asked.args)
    return 0


def set_up(*, dev: bool) -> None:
    """Make ``.venv`` fit ``pyproject.toml`` and this Python; quick when it fits already."""
    key = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + sys.version.encode()).hexdigest()
    stamps = {extra: VENV / f".fits{extra}" for extra in ("", "[dev]")}
    wanted = ("[dev]",) if dev else ("", "[dev]")
    if not (PYTHON.exists() and any(read(stamps[extra]) == key for extra in wanted)):
        extra = "[dev]" if dev or stamps["[dev]"].exists() else ""
        print(f"Making the environment in {VENV} …", file=sys.stderr, flush=True)
        if not runs_this_python():
            # Debian without python3-venv has no ensurepip, and its own venv then calls sys.exit.
            venv.create(VENV, with_pip=importlib.util.find_spec("ensurepip") is not None, clear=True)
        pip("install", "--quiet", "--editable", f".{extra}")
        stamps[extra].write_text(key)
    compile_catalogues()


def runs_this_python() -> bool:
    """Whether ``.venv`` is there, whole, and of the Python that runs this."""
    asked = [str(PYTHON), "-c", "import sys; print(sys.version)"]
    with contextlib.suppress(OSError):
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)
        return answer.stdout.strip() == sys.version.strip()
    return False


def pip(*args: str) -> None:
    """Run the environment's pip, or this Python's on the environment where it has none."""
    own = subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False)
    command = [str(PYTHON), "-m", "pip"]
    if own.returncode != 0:
        if importlib.util.find_spec("pip") is None:
            sys.exit("pip is needed: apt-get install python3-pip")
        command = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    try:
        subprocess.run([*command, "--disable-pip-version-check", *args], cwd=ROOT, check=True)
    except subprocess.CalledProcessError as error:
        sys.exit(f"pip could not install what the program needs (exit code {error.returncode}).")


def compile_catalogues() -> None:
    """Compile the translations that changed since they were compiled."""
    for source in (ROOT / "crm_tui" / "locale").rglob("*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            subprocess.run([str(PYTHON), "tools/i18n.py", "compile"], cwd=ROOT, check=True)
            return


def compile_program() -> None:
    """Compile the modules that changed, where Python is told to keep nothing: pip does so with what it installs, and
    each start would take a fifth longer."""
    if sys.dont_write_bytecode:
        compileall.compile_dir(ROOT / "crm_tui", quiet=2)


def run_program(*args: str) -> None:
    """Become ``crm ARGS``."""
    os.execv(BIN / "crm", ["crm", *args])


def lint() -> list[str]:
    """Run every linter and return the commands that found something; what each says is printed in one piece."""
    failed = []
    for command in LINTERS:
        name = " ".join(command)
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        print(f"— {name}\n{done.stdout}", end="", flush=True)
        if done.returncode:
            failed.append(name)
    return failed


def test(args: list[str]) -> int:
    """Run the linters and all tests, or only what ``args`` ask of pytest; pytest's closing line comes last."""
    ensure_programs()
    if args:
        return subprocess.run([str(PYTHON), "-m", "pytest", *args], cwd=ROOT, check=False).returncode
    environment = compiling()
    command = [str(PYTHON), "-m", "pytest"]
    with ThreadPoolExecutor(1) as beside:
        linting = beside.submit(lint)
        # The linters take one processor. All is compiled on the other: else each worker would compile all for itself.
        subprocess.run(
            [*command, "--collect-only"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False
        )
        command += ["-n", "4", "--dist", "worksteal"]
        closing = ""
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as tests:
            assert tests.stdout is not None
            for line in tests.stdout:
                print(closing, end="", flush=True)
                closing = line
        failed = linting.result()
    for name in failed:
        print(f"FAILED: {name}")
    print(closing, end="", flush=True)
    return 1 if failed or tests.returncode else 0


def compiling() -> dict[str, str]:
    """The environment of the tests: each program that they start finds itself compiled, outside the working tree,
    also where Python is told to keep nothing."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(VENV / "pycache")}


def ensure_programs() -> None:
    """Install the programs that tests drive, or say which tests will be skipped for want of them."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    missing = [name for name in TEST_PROGRAMS if shutil.which(name, path=path) is None]
    packages = [package for name in missing for package in TEST_PROGRAMS[name]]
    if missing:
        install_packages(missing, packages)
    for folder, package in UNPACKED_PROGRAMS.items():
        if not folder.exists() and shutil.which("apt-get") and shutil.which("dpkg"):
            unpack_package(package, folder)


def install_packages(missing: list[str], packages: list[str]) -> None:
    """Install Debian packages, or say how it is done where that is not ours to do."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"Tests that need {', '.join(missing)} will be skipped. To have them run:", file=sys.stderr)
        print(f"  sudo apt-get install {' '.join(packages)}", file=sys.stderr, flush=True)
        return
    print(f"Installing {' '.join(packages)} …", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["install", "-qq", "--yes", "--no-install-recommends", *packages]
    with no_services_started():
        for command in (["update", "-qq"], install):
            subprocess.run(["apt-get", *command], check=True, env=environment, stdout=subprocess.DEVNULL)


def unpack_package(package: str, folder: Path) -> None:
    """Unpack a Debian package, with those of its dependencies that are not installed, into a folder of its own.

    Installs nothing and runs none of the packages' scripts. Without a network the tests that need it are skipped.
    """
    print(f"Unpacking {package} …", file=sys.stderr, flush=True)
    plan = ["apt-get", "install", "--simulate", "--no-install-recommends", package]
    with tempfile.TemporaryDirectory(prefix="crm-packages-") as place:
        Path(place).chmod(0o755)  # apt fetches as a user of its own
        unpacked = Path(place, "unpacked")
        try:
            told = subprocess.run(plan, check=True, capture_output=True, text=True).stdout
            names = [line.split()[1] for line in told.splitlines() if line.startswith("Inst ")]
            subprocess.run(["apt-get", "download", "-qq", *names], check=True, cwd=place, capture_output=True)
            for archive in Path(place).glob("*.deb"):
                subprocess.run(["dpkg", "--extract", str(archive), str(unpacked)], check=True)
        except subprocess.CalledProcessError:
            print(f"{package} could not be had: the tests that need it will be skipped.", file=sys.stderr)
            return
        shutil.move(unpacked, folder)


@contextlib.contextmanager
def no_services_started() -> Iterator[None]:
    """Keep Debian from starting the installed servers as services: the tests start their own."""
    if NO_SERVICES.exists():
        yield
        return
    NO_SERVICES.write_text("#!/bin/sh\nexit 101\n")
    NO_SERVICES.chmod(0o755)
    try:
        yield
    finally:
        NO_SERVICES.unlink()


def read(path: Path) -> str:
    """The text of a file, empty when it is not there."""
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
