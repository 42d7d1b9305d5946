"""Everything the demo company's people say, written for it: one module a language."""

from crm_tui.demo.content import english, kazakh, russian, ukrainian
from crm_tui.demo.content.language import Language

LANGUAGES: dict[str, Language] = {
    each.code: each for each in (english.TEXTS, russian.TEXTS, ukrainian.TEXTS, kazakh.TEXTS)
}
