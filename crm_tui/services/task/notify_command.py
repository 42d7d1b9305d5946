"""The program that tells a person outside the screens (setting ``notify.command``)."""

import shlex
import subprocess

SECONDS = 30.0


def hand_over(command: str, text: str) -> str:
    """Give the text to the program on its standard input; why that failed, in the system's words, or nothing.

    ``command`` is split as a shell would, and no shell runs it. A program that hangs is ended after ``SECONDS``.
    """
    try:
        argv = shlex.split(command)
        if not argv:
            return "notify.command"
        done = subprocess.run(
            argv, input=text, text=True, timeout=SECONDS, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return str(error)
    return "" if done.returncode == 0 else f"{argv[0]}: {done.returncode}"
