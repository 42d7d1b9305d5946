"""Links to a person's page, as one pastes them, made one short form: ``t.me/olga`` (L-25)."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

_LIMIT = 500
"""Characters: what is longer is no link to a person."""

_NAMES = {
    "t.me": re.compile(r"(?:s/)?@?([A-Za-z]\w{3,31})"),
    "instagram.com": re.compile(r"@?([\w.]{1,30})"),
    "linkedin.com": re.compile(r"((?:in|company)/[\w%.-]{2,150})"),
    "facebook.com": re.compile(r"([\w.-]{3,80})"),
    "vk.com": re.compile(r"@?([\w.]{2,60})"),
    "x.com": re.compile(r"@?(\w{1,15})"),
}
"""Host → what the path to a person's page looks like, sub-pages left off."""
_PAGES = (
    "about accounts c company dialog direct events explore feed groups hashtag help home i in intent iv jobs joinchat"
    " login marketplace messages p pages photo profile.php proxy reel reels s search settings share sharer sharer.php"
    " status stories story.php tv watch wall video videos"
)
"""First parts of paths that are pages of the service, or of a post, and no person's name."""
_NO_NAMES = frozenset(_PAGES.split())
_SAME = {
    "telegram.me": "t.me",
    "telegram.dog": "t.me",
    "twitter.com": "x.com",
    "fb.com": "facebook.com",
    "vkontakte.ru": "vk.com",
    "vk.ru": "vk.com",
}
_SCHEMES = {
    "telegram": "t.me",
    "tg": "t.me",
    "instagram": "instagram.com",
    "ig": "instagram.com",
    "linkedin": "linkedin.com",
    "facebook": "facebook.com",
    "fb": "facebook.com",
    "vk": "vk.com",
    "twitter": "x.com",
}
"""``telegram:olga`` of address books → the host it stands for."""
_SCHEMED = re.compile(r"([a-z]+):\s*@?(?!//)(.+)", re.IGNORECASE)
_WHATSAPP = ("wa.me", "api.whatsapp.com", "web.whatsapp.com", "whatsapp.com")
MESSENGERS = frozenset({"t.me"})


@dataclass(frozen=True, slots=True)
class Handle:
    """What a link stands for."""

    kind: Literal["phone", "messenger", "web"]
    value: str
    """``t.me/olga``, ``linkedin.com/in/olga-kim``; of a ``phone`` its digits with a plus sign."""


def of(text: str) -> Handle | None:
    """The handle that a link names; None for what is no link to a person, which stays as it is. Never raises."""
    text = text.strip()
    if not text or len(text) > _LIMIT or any(c.isspace() for c in text):
        return _schemed(text) if 0 < len(text) <= _LIMIT else None
    return _schemed(text) or _linked(text)


def _schemed(text: str) -> Handle | None:
    """``telegram:olga``, ``tg://resolve?domain=olga``, ``whatsapp:+7701…``."""
    found = _SCHEMED.fullmatch(text)
    if found is None:
        return None
    scheme, rest = found[1].lower(), found[2]
    if scheme == "whatsapp":
        return _number(rest.partition("phone=")[2] or rest)
    if scheme == "tg" and "domain=" in rest:
        return _named("t.me", rest.partition("domain=")[2].partition("&")[0])
    host = _SCHEMES.get(scheme)
    if host is None:
        return None
    return _named(host, f"in/{rest}" if host == "linkedin.com" and "/" not in rest else rest)


def _linked(text: str) -> Handle | None:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
        path = unquote(parts.path).strip("/")
        is_plain = parts.scheme in ("http", "https") and parts.username is None and parts.port is None
    except ValueError:
        return None
    if parts.scheme == "tg":
        return _named("t.me", (parse_qs(parts.query).get("domain") or [""])[0])
    if parts.scheme == "whatsapp" or host in _WHATSAPP:
        return _number((parse_qs(parts.query).get("phone") or [path])[0])
    if not is_plain:
        return None
    host = _SAME.get(host, host)
    if host.endswith(".linkedin.com"):  # kz.linkedin.com: the same page in another language
        host = "linkedin.com"
    return _named(host, path)


def _named(host: str, path: str) -> Handle | None:
    pattern = _NAMES.get(host)
    found = pattern.match(path) if pattern else None
    if found is None or path[found.end() : found.end() + 1] not in ("", "/"):
        return None
    name = found[1]
    if name.lower() in _NO_NAMES or not any(c.isalnum() for c in name):
        return None
    return Handle("messenger" if host in MESSENGERS else "web", f"{host}/{name}")


def _number(text: str) -> Handle | None:
    digits = "".join(c for c in text if c in "0123456789")
    looks_so = re.fullmatch(r"\+?[\d\s()-]+", text) is not None
    return Handle("phone", f"+{digits}") if looks_so and 8 <= len(digits) <= 15 else None
