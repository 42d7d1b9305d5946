"""Marks of Markdown put round and taken off what is selected in a text (MAIL-33)."""

import re

BOLD, ITALIC = "**", "*"
_ITEM = re.compile(r"(\s*)[-*+] ")


def emphasised(text: str, start: int, end: int, mark: str) -> tuple[str, int, int]:
    """The text with ``mark`` round ``start`` to ``end``, or without it where it stood there already.

    Nothing selected means the word at ``start``; beside no word the marks are put with nothing between them. Answers
    the text and the new place of what is selected.
    """
    if start == end:
        start, end = _word_at(text, start)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    wide = len(mark)
    if _stands_round(text, start, end, mark):
        return text[: start - wide] + text[start:end] + text[end + wide :], start - wide, end - wide
    return text[:start] + mark + text[start:end] + mark + text[end:], start + wide, end + wide


def listed(lines: list[str]) -> list[str]:
    """The lines as items of a list; where they all are items, without their marks. Empty lines stay empty."""
    written = [line for line in lines if line.strip()]
    if written and all(_ITEM.match(line) for line in written):
        return [_ITEM.sub(r"\1", line, count=1) for line in lines]
    return [line if not line.strip() or _ITEM.match(line) else f"- {line}" for line in lines]


def linked(text: str, url: str) -> str:
    """A link with this text; the address stands for itself where there is none."""
    target = url.strip().replace(" ", "%20").replace(")", "%29")
    shown = text.strip() or url.strip()
    return f"[{shown.replace('[', '(').replace(']', ')')}]({target})"


def _word_at(text: str, place: int) -> tuple[int, int]:
    start = end = place
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def _stands_round(text: str, start: int, end: int, mark: str) -> bool:
    """Whether exactly this mark is round the place: ``**`` is not ``*`` twice."""
    before = len(text[:start]) - len(text[:start].rstrip("*"))
    after = len(text[end:]) - len(text[end:].lstrip("*"))
    common = min(before, after)
    return common >= len(mark) and (common - len(mark)) in (0, 1, 2) and (mark == BOLD or common != len(BOLD))
