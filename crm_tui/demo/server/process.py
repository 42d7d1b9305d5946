"""Starting the demo's mail server as a process that ends with its parent."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from crm_tui.demo.server.serve import Ports, read_ports
from crm_tui.domain.errors import NetworkTrouble


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Ports]:
    """The server of this folder, listening while the block lasts. Raises NetworkTrouble when it cannot start.

    The server reads its standard input: it ends when this process does, however that happens.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "crm_tui.demo.server", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            answer = server.stdout.readline()
            ports = read_ports(folder)
            if answer.strip() != b"ready" or ports is None:
                raise NetworkTrouble("demo_server_failed", folder=str(folder))
            yield ports
        finally:
            server.stdin.close()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.kill()
