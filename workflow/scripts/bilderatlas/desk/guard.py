"""Who may ask the desk: only pages of its own, opened by the address that its terminal printed.

A browser on this machine also shows pages of strangers, and these can send requests to any port
here. They know neither the token in the address, nor can they bring their own name for this
machine (DNS rebinding), for only names of the loopback are answered.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# with any port: through a tunnel it is another one than the desk's own
NAMES = {"127.0.0.1", "localhost", "::1"}
LARGEST = 16_384  # bytes of what a page may send
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """ASGI middleware: hands on what may be answered, and less the token, so that it is ours.

    Args:
        app: what answers.
        token: the first step of every path.
    """

    def __init__(self, app: Any, token: str) -> None:
        self.app = app
        self.token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        told = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        first, _, rest = scope["path"].removeprefix("/").partition("/")
        # compared before anything else is looked at: each stranger gets the same answer as fast
        known = secrets.compare_digest(first.encode(), self.token)
        if not known or _name(told.get(b"host", "")) not in NAMES:
            await _answer(send, 404, "Not found.")
            return
        if fault := _fault(scope["method"], told):
            await _answer(send, 403, fault)
            return
        base = f"/{first}"
        if scope["path"] == base:  # the slash was lost when the address was copied
            await _answer(send, 308, "", [(b"location", f"{base}/".encode())])
            return
        scope = dict(scope) | {"path": base + "/" + rest, "root_path": base}
        await self.app(scope, _bounded(receive), _with_headers(send))


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _fault(method: str, told: dict[bytes, str]) -> str:
    """Why a request that knows the token is refused all the same, or nothing."""
    if method not in ("GET", "HEAD", "POST"):
        return "Only GET and POST."
    origin = told.get(b"origin")
    if origin is not None and origin != f"http://{told[b'host']}":
        return "From another page."
    if told.get(b"sec-fetch-site", "none") not in ("none", "same-origin"):
        return "From another page."
    if method == "POST":
        if told.get(b"content-type", "").partition(";")[0].strip() != "application/json":
            return "JSON only."
        try:
            long = int(told.get(b"content-length", "")) > LARGEST
        except ValueError:
            return "It needs a length."
        if long:
            return "Too long."
    return ""


def _bounded(receive: Receive) -> Receive:
    """What is received, but no more than :data:`LARGEST` bytes, whatever the header said."""
    got = 0

    async def bounded() -> MutableMapping[str, Any]:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > LARGEST:
            return {"type": "http.disconnect"}
        return message

    return bounded


def _with_headers(send: Send) -> Send:
    async def with_headers(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            named = {name.lower() for name, _ in headers}
            for name, value in HEADERS.items():
                headers.append((name.encode(), value.encode()))
            if b"cache-control" not in named:
                headers.append((b"cache-control", b"no-store"))
            message = dict(message) | {"headers": headers}
        await send(message)

    return with_headers


async def _answer(
    send: Send, status: int, text: str, more: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    body = json.dumps({"error": text}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
