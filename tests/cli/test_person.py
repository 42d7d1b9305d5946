"""``crm person``: what is held of a person is handed over and erased by a script too."""

import json
import zipfile
from pathlib import Path

from crm_tui.services.party import contacts, customers
from crm_tui.store.engine import Store
from crm_tui.store.tables import Contact
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm


def test_l_13_a_person_is_exported_and_erased(crm: Crm, store: Store, tmp_path: Path) -> None:
    with store.work(Actor("test"), "enter") as work:
        contacts.add(work, "Olga Kim", notes="Likes pumps.", infos=[("email", "olga@newco.example")])
        customers.add(work, "NewCo LLP")
    path = tmp_path / "copy.zip"
    assert crm("person", "export", "contact", "1", str(path), "--json").json["rows"]["contact"] == 1
    with zipfile.ZipFile(path) as packed:
        assert json.loads(packed.read("person.json"))["tables"]["contact"][0]["notes"] == "Likes pumps."
    assert path.stat().st_mode & 0o777 == 0o600
    assert crm("person", "export", "contact", "1", str(path)).code != 0
    assert crm("person", "export", "contact", "1", str(path), "--force").out == f"{path}\n"
    asked = crm("person", "erase", "contact", "1")
    assert "Addresses and numbers: 1" in asked.out
    assert "--yes" in asked.err
    with store.facts("look") as work:
        assert work.get(Contact, 1).name == "Olga Kim"
    assert crm("person", "erase", "contact", "1", "--yes", "--json").json["erased"] is True
    with store.facts("look") as work:
        assert work.get(Contact, 1).name == "[erased]"
    assert crm("person", "erase", "customer", "1").code != 0
    assert crm("person", "erase", "contact", "9").code == 3
