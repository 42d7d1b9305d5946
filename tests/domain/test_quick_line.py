"""Somebody typed in one line (CORP-04)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.identity.quick_line import QuickLine, parse


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            "Olga Kim, NewCo, olga@newco.kz, +7 701 555 12 34",
            QuickLine("Olga Kim", "NewCo", ("olga@newco.kz",), ("+7 701 555 12 34",)),
        ),
        (
            "ТОО «Насос», Ольга Ким; 8 (701) 555-12-34",
            QuickLine("Ольга Ким", "ТОО «Насос»", (), ("8 (701) 555-12-34",)),
        ),
        (
            "Olga Kim olga@newco.kz +77015551234",
            QuickLine("Olga Kim", "", ("olga@newco.kz",), ("+77015551234",)),
        ),
        ("Olga <olga@newco.kz>", QuickLine("Olga", "", ("olga@newco.kz",))),
        ("NewCo LLP, https://newco.kz", QuickLine("", "NewCo LLP", (), (), ("https://newco.kz",))),
        ("Olga, NewCo, buyer, 12", QuickLine("Olga", "NewCo", rest=("buyer", "12"))),
        ("+7 701 555 12 34", QuickLine(phones=("+7 701 555 12 34",))),
        ("+7 701", QuickLine(rest=("+7 701",))),
        ("", QuickLine()),
    ],
)
def test_corp_04_the_parts_of_a_line(line: str, parts: QuickLine) -> None:
    assert parse(line, "KZ") == parts


@given(st.text(max_size=80))
def test_any_line_is_taken_apart(line: str) -> None:
    parse(line, "KZ")
