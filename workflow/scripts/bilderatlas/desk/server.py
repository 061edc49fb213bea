"""Serve the desk on the loopback, and say how to open it."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import socket
import sys

from bilderatlas.desk.holdings import Holdings
from bilderatlas.errors import InputError
from bilderatlas.show.labels import label

PORT = 8765
TRIED = 10  # further ports that are tried where the first is taken


def serve(holdings: Holdings, port: int | None = None, new_token: bool = False) -> None:
    """Serve the desk of a collection until Ctrl-C.

    Args:
        holdings: the collection.
        port: of the loopback; 0 takes a free one; None takes 8765 or one of the next that is free.
        new_token: make a new address, so that tabs which know the old one are shut out.

    Raises:
        InputError: the collection has not been read, or no port is to be had.
    """
    import uvicorn

    from bilderatlas.desk.app import make_app

    token = _token(holdings, new_token)
    app = make_app(holdings, token)
    listening = _listen(port)
    taken = listening.getsockname()[1]
    print(_greeting(holdings, taken, token), flush=True)
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        log_level="warning",
        access_log=False,  # it would write the token into logs
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def _greeting(holdings: Holdings, port: int, token: str) -> str:
    opened, tunnel, ends = (
        label(f"desk.{key}", holdings.language, **values)
        for key, values in (
            ("opened", {"title": holdings.title, "by": holdings.by}), ("tunnel", {}), ("ends", {}),
        )
    )  # fmt: skip
    return (
        f"{opened}\n\n    http://127.0.0.1:{port}/{token}/\n\n"
        f"{tunnel}\n\n    ssh -N -L {port}:127.0.0.1:{port} {socket.gethostname()}\n\n{ends}"
    )


def _token(holdings: Holdings, new: bool) -> str:
    """The token of a collection's desk, kept so that open tabs go on after a restart.

    The file can be read by its owner alone.
    """
    path = holdings.resources / "desk" / "token"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if new:
            path.unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            state = path.stat()
            kept = path.read_text(encoding="ascii").strip()
            # one that others could read or have put there is none
            if state.st_uid == os.getuid() and not state.st_mode & 0o077 and len(kept) >= 32:
                return kept
            path.unlink()
        token = secrets.token_urlsafe(32)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="ascii") as file:
            file.write(token)
    except (OSError, UnicodeDecodeError) as error:
        # where nothing can be kept, the address lasts as long as the server
        logging.getLogger(__name__).warning("%s cannot be kept: %s", path, error)
        return secrets.token_urlsafe(32)
    return token


def _listen(port: int | None) -> socket.socket:
    """A socket on the loopback alone."""
    asked = range(PORT, PORT + TRIED + 1) if port is None else (port,)
    for one in asked:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":
            # after a kill the port is free for this server again at once
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", one))
            listening.listen(64)
        except (OSError, OverflowError):  # no port has more than 16 bits
            listening.close()
            continue
        return listening
    if port is None:
        raise InputError(
            f"The ports {asked[0]} to {asked[-1]} are all taken: name a free one with --port."
        )
    raise InputError(f"The port {port} is taken or not allowed: name another with --port.")
