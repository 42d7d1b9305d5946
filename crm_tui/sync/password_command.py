"""A command of the user that prints a password or a token: ``pass``, ``gpg``, a helper for OAuth."""

import shlex
import subprocess

from crm_tui.domain.errors import BadConfig
from crm_tui.domain.text import clean

COMMAND_SECONDS = 30.0


def run_password_command(command: str | list[str]) -> str:
    """The first line that a command prints; no shell, no terminal, 30 seconds at most.

    What it wrote to stderr is a fact of the error (shown, never logged). Raises BadConfig.
    """
    try:
        argv = shlex.split(command) if isinstance(command, str) else list(command)
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise BadConfig("password_command_timeout", seconds=COMMAND_SECONDS) from None
    except FileNotFoundError as error:
        raise BadConfig("password_command_missing", program=clean(str(error.filename))) from None
    except (OSError, ValueError, IndexError) as error:
        raise BadConfig("password_command_failed", reason=str(error)) from None
    if done.returncode != 0:
        reason = clean(done.stderr.decode("utf-8", "replace")).strip()
        raise BadConfig("password_command_failed", status=done.returncode, reason=reason)
    first = done.stdout.decode("utf-8", "replace").split("\n", 1)[0].removesuffix("\r")
    if not first:
        raise BadConfig("password_command_empty")
    return first
