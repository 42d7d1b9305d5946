"""A pass in a process of its own that freezes (SIGSTOP) once it has sent a letter."""

import json
import os
import signal
import sys
from pathlib import Path

from crm_tui.store.engine import Store
from crm_tui.sync.accounts import Connections, accounts, sync_one
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.imap.conversation import Conversation
from crm_tui.sync.vault import Vault


def main() -> None:
    """Sync as told in the one argument, freeze after the upload, and say how the pass ended."""
    told = json.loads(sys.argv[1])
    write = Conversation._write

    def freezing(conversation: Conversation, data: bytes) -> None:
        write(conversation, data)
        if told["marker"].encode() in data:
            os.kill(os.getpid(), signal.SIGSTOP)

    Conversation._write = freezing  # type: ignore[method-assign]
    store = Store(Path(told["store"]))
    (account,) = accounts(store, [told["account"]])
    account.imap_port = told["port"]
    secrets = Credentials(Vault(store.path.with_name("vault")), None, lambda name: told["password"])
    error = sync_one(store, account, secrets, Connections()).error
    store.close()
    print("" if error is None else error.code)


if __name__ == "__main__":
    main()
