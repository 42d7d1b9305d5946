"""Verbs of folders: what is wanted, what is refused and why, and that it can be taken back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from crm_tui.domain.errors import CrmError, Invalid, Refused
from crm_tui.services.letter import folders, mail
from crm_tui.store import undo
from crm_tui.store.tables import Folder, MailAccount, Placement
from crm_tui.store.work import Work
from tests.services.conftest import Office


@contextmanager
def doing(office: Office) -> Iterator[Work]:
    with office.store.work(office.actor, "folder.test") as work:
        yield work


def listed(office: Office) -> dict[str, tuple[str | None, bool]]:
    """Name → (intent, hidden) of the folders that are no roles of the office's."""
    with office.store.facts("look") as work:
        rows = work.all(Folder, account_id=office.account.key)
    return {row.name: (row.intent, row.hidden) for row in rows if row.role not in office.folders}


def known(office: Office, *names: str, **values: object) -> list[Folder]:
    """Folders that the server has."""
    with office.store.facts("setup") as work:
        return [
            work.add(Folder(account_id=office.account.key, name=name, srv_name=name, **values))
            for name in names
        ]


def test_mail_06_a_folder_is_wanted_and_taken_back(office: Office) -> None:
    with doing(office) as work:
        outer = folders.create(work, office.account.key, " Клиенты ")
        folders.create(work, office.account.key, "Ivy", parent_id=outer.key)
    assert listed(office) == {"Клиенты": ("create", False), "Клиенты/Ivy": ("create", False)}
    undo.undo(office.store, office.actor)
    assert listed(office) == {}


def test_mail_06_new_folders_lie_where_the_server_keeps_a_persons_own(office: Office) -> None:
    with doing(office) as work:
        work.change(work.get(MailAccount, office.account.key), folder_prefix="INBOX.")
        work.change(work.get(Folder, office.folders["inbox"].key), delimiter=".")
        assert folders.create(work, office.account.key, "Work").name == "INBOX.Work"


def test_mail_06_a_rename_takes_the_inner_folders_along(office: Office) -> None:
    outer, _inner, other = known(office, "Old", "Old/Deep", "Older")
    with doing(office) as work:
        folders.rename(work, outer.key, "New")
    assert listed(office) == {"New": ("rename", False), "New/Deep": (None, False), "Older": (None, False)}
    with doing(office) as work:
        folders.move(work, outer.key, other.key)
    assert {"Older/New", "Older/New/Deep"} < listed(office).keys()
    with doing(office) as work:
        folders.move(work, outer.key, None)
        folders.rename(work, outer.key, "Old")
    assert listed(office)["Old"] == (None, False)
    for _ in range(3):
        undo.undo(office.store, office.actor)
    assert listed(office) == {"Old": (None, False), "Old/Deep": (None, False), "Older": (None, False)}


def test_mail_06_letters_of_a_deleted_folder_go_to_the_trash(office: Office) -> None:
    outer, inner = known(office, "Out", "Out/In")
    places = [office.letter(number=number).key for number in (1, 2)]
    with doing(office) as work:
        mail.move(work, places, inner.key)
    with pytest.raises(Refused) as refused, doing(office) as work:
        folders.delete(work, outer.key)
    assert (refused.value.code, refused.value.facts["count"]) == ("folder_not_empty", 2)
    with doing(office) as work:
        assert folders.delete(work, outer.key, agreed=True) == 2
        assert {work.get(Placement, key).folder_id for key in places} == {office.folders["trash"].key}
    assert listed(office) == {"Out": ("delete", True), "Out/In": ("delete", True)}
    undo.undo(office.store, office.actor)
    assert listed(office) == {"Out": (None, False), "Out/In": (None, False)}
    with office.store.facts("look") as work:
        assert {work.get(Placement, key).folder_id for key in places} == {inner.key}


def test_mail_06_opposite_wishes_come_to_nothing(office: Office) -> None:
    (folder,) = known(office, "Work")
    with doing(office) as work:
        folders.delete(work, folder.key)
        assert folders.create(work, office.account.key, "Work").key == folder.key
        made = folders.create(work, office.account.key, "Draft of a folder")
        folders.delete(work, made.key)
    assert listed(office) == {"Work": (None, False), "Draft of a folder": (None, True)}


def test_mail_07_subscribing_decides_what_is_synced(office: Office) -> None:
    (folder,) = known(office, "News", subscribed=False, sync_mode="none")
    with doing(office) as work:
        assert folders.subscribe(work, [folder.key]) == 1
        assert folders.subscribe(work, [folder.key]) == 0
        row = work.get(Folder, folder.key)
    assert (row.subscribed, row.subscribe_intent, row.sync_mode) == (True, True, "full")
    with doing(office) as work:
        folders.subscribe(work, [folder.key], on=False)
        row = work.get(Folder, folder.key)
    assert (row.subscribed, row.subscribe_intent, row.sync_mode) == (False, False, "none")


def test_how_much_is_kept_here(office: Office) -> None:
    (folder,) = known(office, "Lists")
    with doing(office) as work:
        assert folders.set_sync_mode(work, [folder.key], "headers") == 1
        assert folders.set_age_limit(work, [folder.key], 90) == 1
        row = work.get(Folder, folder.key)
    assert (row.sync_mode, row.age_limit_days) == ("headers", 90)
    undo.undo(office.store, office.actor)
    with doing(office) as work:
        assert work.get(Folder, folder.key).sync_mode == "full"


Act = Callable[[Work, Office, Folder], object]
REFUSED: list[tuple[str, type[CrmError], Act]] = [
    ("name_missing", Invalid, lambda work, office, _: folders.create(work, office.account.key, " \t")),
    ("name_too_long", Invalid, lambda work, office, _: folders.create(work, office.account.key, "ы" * 201)),
    ("folder_name_sign", Invalid, lambda work, office, _: folders.create(work, office.account.key, "a/b")),
    ("folder_name_sign", Invalid, lambda work, _, folder: folders.rename(work, folder.key, "50%")),
    ("folder_exists", Refused, lambda work, office, _: folders.create(work, office.account.key, "inbox")),
    ("folder_exists", Refused, lambda work, _, folder: folders.rename(work, folder.key, "TRASH")),
    ("folder_is_needed", Refused, lambda work, office, _: folders.rename(work, office.folders["sent"].key, "x")),
    ("folder_is_needed", Refused, lambda work, office, _: folders.delete(work, office.folders["inbox"].key)),
    ("folder_is_needed", Refused,
     lambda work, office, _: folders.subscribe(work, [office.folders["inbox"].key], on=False)),
    ("folder_is_needed", Refused,
     lambda work, office, _: folders.set_sync_mode(work, [office.folders["inbox"].key], "none")),
    ("folder_within_itself", Refused, lambda work, _, folder: folders.move(work, folder.key, folder.key)),
    ("not_a_sync_mode", Invalid, lambda work, _, folder: folders.set_sync_mode(work, [folder.key], "some")),
    ("not_a_number_of_days", Invalid, lambda work, _, folder: folders.set_age_limit(work, [folder.key], -1)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "kind", "act"), REFUSED)
def test_what_is_refused_changes_nothing(office: Office, code: str, kind: type[CrmError], act: Act) -> None:
    (folder,) = known(office, "Work")
    before = listed(office)
    with pytest.raises(kind) as refused, doing(office) as work:
        act(work, office, folder)
    assert refused.value.code == code
    assert listed(office) == before


def test_a_folder_that_was_never_looked_into_is_not_deleted(office: Office) -> None:
    (folder,) = known(office, "Far", sync_mode="none", srv_count=3)
    with pytest.raises(Refused) as refused, doing(office) as work:
        folders.delete(work, folder.key, agreed=True)
    assert refused.value.code == "folder_not_here"


@pytest.mark.parametrize(
    ("settings", "code"),
    [({"kind": "pop3"}, "pop3_has_no_folders"), ({"sync_folders": False}, "folders_not_synced")],
)
def test_mail_09_folders_are_not_synced_and_the_reason_is_said(
    office: Office, settings: dict[str, object], code: str
) -> None:
    (folder,) = known(office, "Work")
    with office.store.facts("setup") as work:
        work.change(work.get(MailAccount, office.account.key), **settings)
    acts: list[Callable[[Work], object]] = [
        lambda work: folders.create(work, office.account.key, "New"),
        lambda work: folders.rename(work, folder.key, "New"),
        lambda work: folders.move(work, folder.key, None),
        lambda work: folders.delete(work, folder.key),
        lambda work: folders.subscribe(work, [folder.key], on=False),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused, doing(office) as work:
            act(work)
        assert refused.value.code == code
