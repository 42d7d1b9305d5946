"""XML of strangers as a tree, within limits of size, depth and number (assurance 25).

A document type is refused where it begins: without one there are no entities, and so neither the billion laughs nor
anything fetched from elsewhere (XML 1.0, section 4).
"""

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST = 2 * 1024 * 1024
"""Bytes of a file."""
MOST_ELEMENTS = 20_000
DEEPEST = 60


class _Limited(ElementTree.TreeBuilder):
    """Builds the tree, and stops at what no honest file has."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """Called where a document type begins."""
        raise Invalid("xml_doctype")

    def start(self, tag: str, attrs: dict[str, str], /) -> "Element":
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST or self._count > MOST_ELEMENTS:
            raise Invalid("xml_too_big", most=MOST_ELEMENTS)
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> "Element":
        self._depth -= 1
        return super().end(tag)


def tree(data: bytes) -> "Element":
    """The root of the document.

    Raises Invalid: ``xml_file_big``, ``xml_doctype``, ``xml_too_big``, ``xml_broken`` with the ``line``.
    """
    if len(data) > LARGEST:
        raise Invalid("xml_file_big", most=LARGEST // 1024)
    parser = ElementTree.XMLParser(target=_Limited())
    try:
        parser.feed(data)
        root: Element = parser.close()
    except ElementTree.ParseError as error:
        raise Invalid("xml_broken", line=error.position[0], reason=clean(str(error))[:100]) from None
    except (ValueError, LookupError) as error:  # an encoding that there is not, or that expat cannot read
        raise Invalid("xml_broken", line=1, reason=clean(str(error))[:100]) from None
    return root
