"""The browser comes back to this machine (RFC 8252 section 7.3): one answer, then the listener is gone."""

import http.server
import threading
from types import TracebackType
from typing import Self

from crm_tui.domain.errors import LoginRefused, NetworkTrouble

SECONDS = 300.0
_STEP = 0.2
_PAGE = b"<!doctype html><meta charset=utf-8><title>crm_tui</title><p>crm_tui: OK</p>"


class Loopback:
    """Listens on 127.0.0.1 within a ``with`` block; ``redirect`` is where the provider sends the browser."""

    def __init__(self) -> None:
        self.came_to = ""
        self._server = http.server.HTTPServer(("127.0.0.1", 0), _Handler)
        self._server.timeout = _STEP
        self._server.loopback = self  # type: ignore[attr-defined]
        self.redirect = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()

    def wait(self, stop: threading.Event) -> str:
        """The address that the browser came to. Raises LoginRefused when nobody came in five minutes."""
        for _ in range(int(SECONDS / _STEP)):
            if stop.is_set():
                raise NetworkTrouble("stopped")
            self._server.handle_request()
            if self.came_to:
                return self.came_to
        raise LoginRefused("oauth_refused", reason="timeout")


class _Handler(http.server.BaseHTTPRequestHandler):
    timeout = 10

    def do_GET(self) -> None:
        if "state=" in self.path:  # not the browser's question for an icon
            self.server.loopback.came_to = self.path  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(_PAGE)))
        self.end_headers()
        self.wfile.write(_PAGE)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the address holds the code."""
