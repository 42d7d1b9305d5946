"""Translations: English source strings, catalogues for ru, uk and kk.

``activate`` must run before a module that builds texts at import time is imported; the command line does it
first of all. Texts kept in tables are marked with ``N_`` and translated with ``_`` when shown.
"""

import gettext
import os
from collections.abc import Callable
from pathlib import Path

LANGUAGES = ("en", "ru", "uk", "kk")
DOMAIN = "crm_tui"
LOCALE_DIR = Path(__file__).resolve().parent / "locale"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def activate(language: str | None = None) -> str:
    """Choose the language of all later texts and return it.

    Without an argument: ``CRM_LANG``, then the locale variables. An unknown language means English.
    """
    global _catalogue, _language
    wanted = (language or _from_environment()).split(".")[0].split("_")[0].split("-")[0].lower()
    _language = wanted if wanted in LANGUAGES else "en"
    _catalogue = _catalogue_of(_language)
    return _language


def language() -> str:
    """The active language: ``en``, ``ru``, ``uk`` or ``kk``."""
    return _language


def texts_in(language: str) -> Callable[[str], str]:
    """What ``_`` is in another language than the active one: for texts that are written down once."""
    catalogue = _catalogue_of(language)
    return lambda message: catalogue.gettext(message) if message else ""


def _(message: str) -> str:
    """The text in the active language."""
    return _catalogue.gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The text in the plural form that ``count`` asks for."""
    return _catalogue.ngettext(one, many, count)


def N_(message: str) -> str:
    """Mark a text for translation and return it unchanged."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:
    """Mark a text and its plural for translation and return them: ``ngettext(*forms, count)`` shows them."""
    return one, many


def _catalogue_of(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE_DIR, [language], fallback=True)


def _from_environment() -> str:
    for name in ("CRM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return value
    return "en"
