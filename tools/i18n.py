#!/usr/bin/env python3
"""Message catalogues: ``tools/i18n.py extract | update | check | compile``.

``extract`` writes the template from the sources, ``update`` also carries the catalogues over to it, ``check``
lists what is missing or wrong, ``compile`` writes the ``.mo`` files that the program reads.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "crm_tui"
LOCALE = PACKAGE / "locale"
TEMPLATE = LOCALE / "crm_tui.pot"
COMPLETE = ("ru", "uk")
"""Languages in which nothing may be missing."""
CARRIED = ("kk",)
"""Languages that may lag behind, but hold nothing stale."""
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "NN_": (1, 2)}
# A date of the day would make every extraction a change.
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
_PERCENT = re.compile(r"%(?:\(\w+\))?[#0 +-]*\d*(?:\.\d+)?[sdifgxr]")


def main() -> int:
    """Do what the command line asks for; exit code 1 when ``check`` finds something."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("extract", "update", "check", "compile"))
    match parser.parse_args().command:
        case "extract":
            _write(extract(), TEMPLATE)
        case "update":
            update()
        case "compile":
            compile_all()
        case "check":
            found = list(problems())
            print("\n".join(found) or "Translations are complete.")
            return 1 if found else 0
    return 0


def extract() -> Catalog:
    """The messages of the sources as a template."""
    template = Catalog(project="crm_tui", charset="utf-8", creation_date=UNDATED)
    found = extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS, strip_comment_tags=True)
    for file, _line, message, comments, context in found:
        place = [(f"crm_tui/{Path(file).as_posix()}", 0)]
        template.add(message, None, place, auto_comments=comments, context=context)
    for map_file, message in _texts_of_maps():
        template.add(message, None, [(f"crm_tui/maps/{map_file}", 0)])
    return template


def _texts_of_maps() -> Iterator[tuple[str, str]]:
    """File and text of the route maps that are shipped; imported here, for compiling needs nothing but babel."""
    sys.path.insert(0, str(ROOT))
    from crm_tui.services.route import shipped_maps

    return shipped_maps.source_texts()


def update() -> None:
    """Write the template anew and carry every catalogue over to it; what is new is empty, never guessed."""
    template = extract()
    _write(template, TEMPLATE)
    for language in (*COMPLETE, *CARRIED):
        path = catalogue_path(language)
        catalogue = read(language) if path.exists() else Catalog(language, charset="utf-8")
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.creation_date = catalogue.revision_date = UNDATED
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(catalogue, path)


def compile_all() -> None:
    """Write the ``.mo`` beside every ``.po``."""
    for source in sorted(LOCALE.rglob("*.po")):
        # Written aside and renamed: a program that runs from this tree may be reading it.
        draft = source.with_suffix(f".{os.getpid()}.tmp")
        with source.open("rb") as text, draft.open("wb") as binary:
            write_mo(binary, read_po(text))
        draft.rename(source.with_suffix(".mo"))


def problems() -> Iterator[str]:
    """What is missing or wrong, one line each."""
    current = extract()
    wanted = _ids(current)
    if not TEMPLATE.exists():
        yield f"{TEMPLATE.name} is missing"
    else:
        with TEMPLATE.open("rb") as text:
            if _ids(read_po(text)) != wanted:
                yield f"{TEMPLATE.name} is stale: tools/i18n.py update"
    for language in (*COMPLETE, *CARRIED):
        if not catalogue_path(language).exists():
            yield f"{language}: no catalogue"
            continue
        catalogue = read(language)
        yield from _stale(language, catalogue, wanted)
        for message in catalogue:
            if message.id:
                yield from _wrong(language, catalogue, message)


def read(language: str) -> Catalog:
    """The catalogue of a language."""
    with catalogue_path(language).open("rb") as text:
        return read_po(text, locale=language)


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return LOCALE / language / "LC_MESSAGES" / "crm_tui.po"


def _stale(language: str, catalogue: Catalog, wanted: set[tuple[str, ...]]) -> Iterator[str]:
    have = _ids(catalogue)
    if language in COMPLETE:
        yield from (f"{language}: not in the catalogue: {ids[0]!r}" for ids in sorted(wanted - have))
    yield from (f"{language}: nowhere in the sources: {ids[0]!r}" for ids in sorted(have - wanted))


def _wrong(language: str, catalogue: Catalog, message: Message) -> Iterator[str]:
    sources, forms = _texts(message.id), _texts(message.string)
    name = f"{language}: {sources[0]!r}"
    if message.fuzzy:
        yield f"{name} is fuzzy"
    empty = not all(forms) or (message.pluralizable and len(forms) != catalogue.num_plurals)
    if empty and (language in COMPLETE or any(forms)):
        yield f"{name} is not translated"
    for form in forms:
        # A form for one thing may say the number in words, as the English one does.
        if form and placeholders(form) not in [placeholders(source) for source in sources]:
            yield f"{name} and {form!r} differ in placeholders"


def placeholders(text: str) -> list[str]:
    """The ``{name}`` and ``%s`` marks of a text, sorted."""
    try:
        braces = [f"{{{field}}}" for _, field, _, _ in Formatter().parse(text) if field is not None]
    except ValueError:
        braces = ["not a format"] if "{" in text else []
    return sorted(braces + _PERCENT.findall(text))


def _ids(catalogue: Catalog) -> set[tuple[str, ...]]:
    return {_texts(message.id) for message in catalogue if message.id}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value or ""),)


def _write(catalogue: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        write_po(out, catalogue, width=100, sort_output=True, ignore_obsolete=True, include_lineno=False)


if __name__ == "__main__":
    sys.exit(main())
