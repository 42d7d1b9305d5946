"""Row 51: an old program does not write a store that a newer one has upgraded."""

from pathlib import Path

import pytest

from crm_tui.domain.errors import StoreDamaged
from crm_tui.store import schema
from crm_tui.store.engine import Store
from crm_tui.store.tables import User
from crm_tui.store.work import Actor
from tests.stores import TestClock, new_store


def _upgraded_by_another(path: Path) -> None:
    from crm_tui.store import driver

    connection = driver.dbapi.connect(str(path))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()


def test_assurance_51_an_old_program_refuses_to_open_a_newer_store(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", TestClock())
    store.close()
    _upgraded_by_another(store.path)
    with pytest.raises(StoreDamaged) as caught:
        Store(store.path)
    assert (caught.value.code, caught.value.facts["found"], caught.value.facts["known"]) == (
        "schema_newer",
        "9999",
        schema.HEAD,
    )


def test_assurance_51_a_program_that_runs_stops_writing_when_the_store_is_upgraded(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", TestClock())
    _upgraded_by_another(store.path)
    for unit in (store.work(Actor("me", 1), "x"), store.arrivals("x"), store.facts("x")):
        with pytest.raises(StoreDamaged) as caught, unit as work:
            work.add(User(login="me", name="Me"))
        assert caught.value.code == "schema_newer"
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM user").scalar_one() == 0
