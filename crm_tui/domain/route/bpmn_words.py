"""Names that a route map and a file of BPMN 2.0 share (OMG formal/2011-01-03, chapters 7 to 13)."""

import json
import re
from typing import Any

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
TYPE = f"{{{XSI}}}type"
"""Says that an expression has a text: without it bpmn.io leaves the text out."""
CRM = "urn:crm-tui:route:1"
"""Our settings, within ``extensionElements``: what other programs keep and pass over."""
PREFIXES = {"bpmn": MODEL, "bpmndi": DI, "dc": DC, "di": DD, "xsi": XSI, "crm": CRM}
SETTINGS = f"{{{CRM}}}settings"
"""An element with settings as JSON: those of the map on the process, of a point, of a flow."""
OUTCOMES_OF = f"{{{CRM}}}outcomesOf"
"""Marks the gateway that a step with several outcomes has behind it, with the id of its element."""

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no document of XML 1.0 can have, not even escaped (section 2.2)."""


def tag(name: str, space: str = MODEL) -> str:
    """The name of an element as ElementTree has it."""
    return f"{{{space}}}{name}"


def as_text(settings: dict[str, Any]) -> str:
    """Settings as JSON that XML can hold."""
    text = json.dumps(settings, ensure_ascii=False)
    return _NOT_IN_XML.sub(lambda found: json.dumps(found[0])[1:-1], text)


def fit(text: str) -> str:
    """A name without what XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)
