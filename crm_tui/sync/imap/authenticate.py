"""AUTHENTICATE with an access token: OAUTHBEARER (RFC 7628) or XOAUTH2, in one turn where the server takes it so."""

import base64
from typing import TYPE_CHECKING

from crm_tui.sync.bearer import oauthbearer, xoauth2
from crm_tui.sync.credentials import Login
from crm_tui.sync.imap.conversation import ServerRefused, text

if TYPE_CHECKING:
    from crm_tui.sync.imap.conversation import Conversation


def authenticate(conversation: "Conversation", login: Login) -> list[list[bytes]]:
    """The untagged responses of a login that worked. Raises ServerRefused when the server says no."""
    standard = conversation.has("AUTH=OAUTHBEARER")
    server = conversation.server
    said = oauthbearer(login, server.host, server.port) if standard else xoauth2(login)
    answers = [base64.b64encode(said)]
    command = b"AUTHENTICATE OAUTHBEARER" if standard else b"AUTHENTICATE XOAUTH2"
    if conversation.has("SASL-IR"):
        command += b" " + answers.pop()
    tag = conversation.send(command)
    told: list[list[bytes]] = []
    while True:
        line = conversation._line()
        if line.startswith(b"+"):  # asks for the answer, or says why not and waits for an empty one
            conversation._write((answers.pop() if answers else b"") + b"\r\n")
        elif line.startswith(b"* "):
            told.append([line])
        elif conversation._ends(line, tag):
            break
    conversation._tagged = line.partition(b" ")[2].rstrip(b"\r\n")
    if not conversation._tagged.upper().startswith(b"OK"):
        raise ServerRefused("server_refused", answer=text(conversation._tagged))
    return told
