"""Signatures: under ``-- `` at the end of a letter or above what it quotes, one an account (MAIL-35, RFC 3676)."""

from sqlalchemy import Connection, select

from crm_tui.domain.text import clean
from crm_tui.store.tables import MailAccount, table_of

DELIMITER = "-- "
QUOTE_MARKS = (">", "----------")
"""What the lines that are another's begin with: quoted ones, and the line above a letter that is sent on."""


def placed(connection: Connection, account_id: int | None, below: str) -> str:
    """The body of a letter that begins: two empty lines to write in, the signature, and what is quoted ``below``."""
    block, above = _of(connection, account_id)
    if not block:
        return "\n\n" + below if below else ""
    if not below:
        return "\n\n" + block
    return f"\n\n{block}\n{below}" if above else f"\n\n{below}\n{block}"


def exchanged(connection: Connection, body: str, old_id: int | None, new_id: int | None) -> str:
    """The body with the signature of another account.

    One that was changed by hand stays as it is; where there was none, the new one goes to its place.
    """
    old, _above = _of(connection, old_id)
    new, above = _of(connection, new_id)
    if old:
        start = body.rfind(old)
        if start < 0 or (start and body[start - 1] != "\n"):
            return body
        rest = body[start + len(old) :]
        return body[:start] + new + rest if new else body[:start].rstrip("\n") + "\n" + rest
    if not new or _has_signature(body):
        return body
    lines = body.split("\n")
    quote = next((at for at, line in enumerate(lines) if line.startswith(QUOTE_MARKS)), None)
    if above and quote is not None:
        start = (
            quote - 1 if lines[quote].startswith(">") and quote else quote
        )  # the line that says who wrote it
        return "\n".join(lines[:start]).rstrip("\n") + f"\n\n{new}\n" + "\n".join(lines[start:])
    return f"{body.rstrip(chr(10))}\n\n{new}"


def _has_signature(body: str) -> bool:
    return DELIMITER in body.split("\n")


def _of(connection: Connection, account_id: int | None) -> tuple[str, bool]:
    """The block of an account's signature, with its line of delimiter, and whether it goes above the quote."""
    account = table_of(MailAccount)
    found = connection.execute(
        select(account.c.signature, account.c.signature_above_quote).where(account.c.id == account_id)
    ).one_or_none()
    text = clean(found.signature, multiline=True).strip("\n") if found else ""
    if not found or not text.strip():
        return "", False
    return f"{DELIMITER}\n{text}\n", bool(found.signature_above_quote)
