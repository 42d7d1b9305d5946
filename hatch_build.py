"""Build hook: compiles the message catalogues into the wheel."""

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles every ``.po`` of ``crm_tui/locale`` to the ``.mo`` beside it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for source in Path(self.root, "crm_tui", "locale").rglob("*.po"):
            # Written aside and renamed: a program that runs from this tree may be reading it.
            draft = source.with_suffix(f".{os.getpid()}.tmp")
            with source.open("rb") as text, draft.open("wb") as binary:
                write_mo(binary, read_po(text))
            draft.rename(source.with_suffix(".mo"))
