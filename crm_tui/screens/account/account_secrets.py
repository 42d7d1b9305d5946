"""Where the screens keep a password: the keyring, the vault under a master password, or memory alone."""

import asyncio
from functools import partial

from crm_tui.domain.errors import Invalid
from crm_tui.i18n import _
from crm_tui.screens.shell.outside import ask_outside
from crm_tui.services.ports import MailSync

MASTERS = ("master", "again")
"""The fields of a master password."""


def keeping_options(sync: MailSync) -> list[tuple[str, str]]:
    """What can be done with a password here, the best first: (value, text). Asks the keyring: call it in a thread.

    ``unlock`` and ``make`` are the vault, to be unlocked or made by a master password first.
    """
    best = sync.keeps()
    if best == "session":
        best = "unlock" if sync.has_vault() else "make"
    texts = {
        "keyring": _("in the keyring of this desktop"),
        "vault": _("in the encrypted file of passwords"),
        "unlock": _("in the encrypted file: its master password"),
        "make": _("in an encrypted file: a new master password"),
    }
    return [(best, texts[best]), ("session", _("nowhere: it is asked for in each session"))]


async def keep_password(
    sync: MailSync, address: str, password: str, where: str, masters: tuple[str, str]
) -> str:
    """Keep a password as chosen from ``keeping_options``; answers ``MailAccount.password_source``.

    ``masters`` are the two master passwords typed. Raises Invalid when a new one differs or is empty, LoginRefused
    when it is not that of the vault.
    """
    first, again = masters
    if where == "make" and (not first or first != again):
        raise Invalid("passwords_differ")
    if where in ("make", "unlock"):
        await asyncio.to_thread(sync.unlock, first, make=where == "make")
    place = await ask_outside(partial(sync.remember, address, password, session_only=where == "session"))
    return "ask" if place == "session" else place
