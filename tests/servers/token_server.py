"""An OAuth provider on loopback: device codes, a browser that comes back, refresh tokens, and Dovecot's tokeninfo."""

import base64
import hashlib
import http.server
import json
import threading
import urllib.parse
from types import TracebackType
from typing import Any, Self


class TokenServer:
    """``user`` is whom every live token is for. Tokens are numbered; ``revoke`` ends those given so far."""

    def __init__(self, user: str = "") -> None:
        self.user = user
        self.live: set[str] = set()
        self.refresh_tokens = {"refresh-0"}
        self.rotates = False
        self.pending = 0
        """So many questions for a device are answered by "not yet"."""
        self.asked: list[dict[str, str]] = []
        self.challenge = ""
        self._given = 0
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.tokens = self  # type: ignore[attr-defined]
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def settings(self, *, device: bool = True) -> dict[str, Any]:
        """``MailAccount.oauth`` for this provider."""
        root = f"http://127.0.0.1:{self.port}"
        way = {"device": f"{root}/device"} if device else {"authorize": f"{root}/authorize"}
        return {"token": f"{root}/token", "client_id": "crm", "scope": "mail", **way}

    def revoke(self) -> None:
        """Every access token given so far ends."""
        self.live.clear()

    def answer(self, path: str, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What is said to a form."""
        self.asked.append(fields)
        if path == "/device":
            return 200, {"device_code": "d", "user_code": "WDJB-MJHT", "verification_uri": "https://x.example/dev",
                         "interval": 0, "expires_in": 100}  # fmt: skip
        grant = fields.get("grant_type", "").rpartition(":")[2]
        if grant == "device_code" and self.pending:
            self.pending -= 1
            return 400, {"error": "authorization_pending"}
        if grant == "refresh_token" and fields.get("refresh_token") not in self.refresh_tokens:
            return 400, {"error": "invalid_grant", "error_description": "Token has been revoked"}
        if grant == "authorization_code":
            digest = hashlib.sha256(fields["code_verifier"].encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.challenge:
                return 400, {"error": "invalid_grant"}
        return 200, self._tokens(grant)

    def _tokens(self, grant: str) -> dict[str, Any]:
        self._given += 1
        access = f"access-{self._given}"
        self.live.add(access)
        told: dict[str, Any] = {"access_token": access, "expires_in": 3600}
        if grant != "refresh_token" or self.rotates:
            told["refresh_token"] = f"refresh-{self._given}"
            self.refresh_tokens = {told["refresh_token"]}
        return told


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.say(*self.server.tokens.answer(self.path, dict(urllib.parse.parse_qsl(body))))  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        tokens: TokenServer = self.server.tokens  # type: ignore[attr-defined]
        given = urllib.parse.urlsplit(self.path).query.partition("=")[2]
        if given in tokens.live:
            self.say(200, {"email": tokens.user, "active": "yes", "expires_in": 3600})
        else:
            self.say(400, {"error": "invalid_token"})

    def say(self, code: int, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""
