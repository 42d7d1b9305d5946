"""Assurance 55: versions with known faults are reported by ``crm doctor``."""

from collections.abc import Callable
from importlib import metadata

import pytest

from crm_tui.cli import doctor_machine
from crm_tui.cli.findings import FAIL, OK, WARN


def found(monkeypatch: pytest.MonkeyPatch, **versions: str) -> dict[str, tuple[str, str]]:
    """State and fix of each library, were these versions installed; an empty one is not."""
    real = metadata.version

    def version(name: str) -> str:
        told = versions.get(name)
        if told == "":
            raise metadata.PackageNotFoundError(name)
        return told or real(name)

    monkeypatch.setattr(doctor_machine.metadata, "version", version)
    return {one.name: (one.state, one.fix) for one in doctor_machine._libraries()}


def test_assurance_55_what_is_installed_here_is_in_order(
    monkeypatch: pytest.MonkeyPatch, figure: Callable[[str], None]
) -> None:
    states = found(monkeypatch)
    assert {state for state, _fix in states.values()} == {OK}
    assert set(states) >= {f"library.{name}" for name in doctor_machine.LIBRARIES}
    figure(f"{len(states)} libraries looked at")


@pytest.mark.parametrize(
    ("name", "version", "state"),
    [
        ("jinja2", "3.1.5", WARN),
        ("jinja2", "3.1.6", OK),
        ("mako", "1.2.1", WARN),
        ("textual", "8.2.7", FAIL),
        ("textual", "8.2.8", OK),
        ("imapclient", "3.9.9", FAIL),
        ("sqlmodel", "0.0.44", FAIL),
        ("sqlmodel", "0.0.45", OK),
        ("cryptography", "", FAIL),
    ],
)
def test_assurance_55_a_version_with_known_faults_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str, version: str, state: str
) -> None:
    told, fix = found(monkeypatch, **{name: version})[f"library.{name}"]
    assert told == state
    assert ("pip install --upgrade" in fix) is (state != OK)


def test_assurance_55_a_library_that_is_not_needed_may_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "library.jinja2" not in found(monkeypatch, jinja2="")


def test_assurance_55_the_gateway_of_mail_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor_machine._gateway().state == OK
    monkeypatch.setattr("crm_tui.sync.imap.tokens.check", lambda argument: argument)
    assert doctor_machine._gateway().state == FAIL
