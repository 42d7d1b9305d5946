"""``python -m crm_tui.demo.server FOLDER SECONDS``: serve until standard input ends, that is, until the parent ends.

Prints one line, ``ready``, when both servers listen.
"""

import asyncio
import sys
from pathlib import Path

from crm_tui.demo.server.serve import MailServer
from crm_tui.domain.clock import utc_now


async def _serve(folder: Path, answer_seconds: float) -> None:
    async with MailServer(folder, utc_now, answer_seconds):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), float(sys.argv[2])))
