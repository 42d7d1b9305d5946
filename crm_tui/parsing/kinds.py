"""What kind of letter it is, by the marks that programs leave in the headers."""

from crm_tui.parsing.parts import Part

_REPORTS = {"disposition-notification": "receipt", "delivery-status": "bounce"}
_AUTORESPONDERS = frozenset(("x-autoreply", "x-autorespond", "x-autoresponder"))
_OF_LISTS = frozenset(("list-id", "list-post", "list-unsubscribe"))
_ANSWERED = ("auto-replied", "auto-notified")


def kind_of(root: Part, bounced: bool) -> str:
    """letter, bounce, receipt, auto_reply, automatic, invitation or list (RFC 3464, 8098, 3834, 5546, 2369)."""
    if bounced:
        return "bounce"
    if root.type == "multipart/report":
        return _REPORTS.get(root.parameters.get("report-type", "").lower(), "automatic")
    if any(_invites(part) for part in root.walk()):
        return "invitation"
    submitted = _value(root, "auto-submitted").partition(";")[0].strip()
    precedence = _value(root, "precedence")
    if submitted in _ANSWERED or precedence == "auto_reply" or _answers_by_itself(root):
        return "auto_reply"
    if not _OF_LISTS.isdisjoint(root.headers) or precedence in ("list", "bulk"):
        return "list"
    return "automatic" if submitted not in ("", "no") else "letter"


def _invites(part: Part) -> bool:
    if part.type != "text/calendar":
        return False
    return part.parameters.get("method", "").lower() in ("request", "cancel", "reply", "counter", "add")


def _answers_by_itself(root: Part) -> bool:
    return not _AUTORESPONDERS.isdisjoint(root.headers) or _value(root, "x-auto-response-type") != ""


def _value(root: Part, name: str) -> str:
    value = root.first(name)
    return value.decode("ascii", "replace").strip().lower() if value else ""
