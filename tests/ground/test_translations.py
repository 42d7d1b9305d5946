"""The catalogues say everything the sources say."""

import ast

import pytest
from babel.messages.catalog import Catalog

from tools import i18n


def test_translations_are_complete() -> None:
    assert list(i18n.problems()) == []


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("{n} letters in {folder}", ["{folder}", "{n}"]),
        ("%d of %s", ["%d", "%s"]),
        ("100 %", []),
        ("a lone { brace", ["not a format"]),
    ],
)
def test_placeholders_are_found(text: str, marks: list[str]) -> None:
    assert i18n.placeholders(text) == marks


def test_a_wrong_catalogue_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    template = Catalog()
    template.add("{n} letters")
    template.add(("{n} task", "{n} tasks"))
    template.add("Mail")
    russian = Catalog("ru")
    russian.add("{n} letters", "{m} писем")
    russian.add(("{n} task", "{n} tasks"), ("{n} задача", "{n} задачи", ""))
    russian.add("Post", "Почта")
    kazakh = Catalog("kk")
    kazakh.add("Mail", "Пошта", flags=["fuzzy"])
    catalogues = {"ru": russian, "uk": template, "kk": kazakh}
    monkeypatch.setattr(i18n, "extract", lambda: template)
    monkeypatch.setattr(i18n, "read", catalogues.__getitem__)
    monkeypatch.setattr(i18n, "catalogue_path", lambda language: i18n.ROOT)
    found = set(i18n.problems())
    assert found >= {
        "ru: not in the catalogue: 'Mail'",
        "ru: nowhere in the sources: 'Post'",
        "ru: '{n} letters' and '{m} писем' differ in placeholders",
        "ru: '{n} task' is not translated",
        "uk: 'Mail' is not translated",
        "kk: 'Mail' is fuzzy",
    }
    assert not any(line.startswith("kk:") and "not in the catalogue" in line for line in found)


def test_no_text_is_put_together_before_it_is_translated() -> None:
    made = [
        f"{path.relative_to(i18n.ROOT)}:{call.lineno}"
        for path in sorted(i18n.PACKAGE.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in i18n.KEYWORDS
        for text in call.args
        if isinstance(text, ast.JoinedStr) or ".format(" in ast.unparse(text)
    ]
    assert made == []
