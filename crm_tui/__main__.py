"""``crm``, ``crm-tui`` and ``python -m crm_tui``: the same program."""

import os
import sys


def main() -> int:
    """Run the program on the arguments of the process and return its exit code."""
    os.umask(0o077)  # all we write is readable by its owner alone
    if len(sys.argv) == 1:
        from crm_tui.screens.shell import last_frame

        take_over = last_frame.paint()  # before anything that takes time to import
    from crm_tui import i18n

    i18n.activate()
    if len(sys.argv) == 1:
        from crm_tui.cli import guarded, tui

        return guarded(lambda: tui.run(take_over))
    from crm_tui import cli

    return cli.run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
