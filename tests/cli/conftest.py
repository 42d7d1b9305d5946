"""Commands run in this process, on a store of the test's own."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crm_tui import cli
from crm_tui.services import users
from crm_tui.store.engine import Store
from tests.stores import new_store


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[list[str]]:
        """Fields of the lines of ``--plain``."""
        return [line.split("\t") for line in self.out.splitlines()]


Crm = Callable[..., Done]


@pytest.fixture
def crm(store_file: Path, capsys: pytest.CaptureFixture[str]) -> Crm:
    """Run ``crm`` with arguments; wrong usage is a code too."""

    def run(*arguments: object) -> Done:
        capsys.readouterr()
        try:
            code = cli.run([str(one) for one in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture
def store_file(crm_home: Path) -> Path:
    """The person's store, empty."""
    (crm_home / "data").mkdir(mode=0o700)
    store = new_store(crm_home / "data")
    users.current(store)
    store.close()
    return crm_home / "data" / "crm.db"


@pytest.fixture
def store(store_file: Path) -> Iterator[Store]:
    """The same store as another program has it open."""
    made = Store(store_file)
    yield made
    made.close()
