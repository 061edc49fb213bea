"""A server of tiny pictures on this machine that also does all that servers do wrong.

``Server`` runs in a thread of a test; ``python tests/picture_server.py 0.05`` runs alone, waits
so many seconds before each answer, prints its address, and tells its counts under ``/counts``.
The first part of a path says what happens: ``/ok/17.jpg``, ``/dead/…``, ``/hang/…``.
"""

import asyncio
import contextlib
import hashlib
import io
import json
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from PIL import Image


def _jpeg():
    made = io.BytesIO()
    Image.new("L", (24, 16), 90).save(made, "JPEG", quality=80)
    return made.getvalue()


def _bomb():
    """A PNG of a few hundred bytes that holds four million pixels."""
    made = io.BytesIO()
    Image.new("1", (2000, 2000)).save(made, "PNG")
    return made.getvalue()


PLAIN = _jpeg()
PLACEHOLDER = PLAIN[:2] + b"\xff\xfe\x00\x06gone" + PLAIN[2:]
PLACEHOLDER_SHA256 = hashlib.sha256(PLACEHOLDER).hexdigest()


def picture(path):
    """The bytes of a picture: a JPEG whose comment is its path, so that no two are alike."""
    name = path.encode()
    return PLAIN[:2] + b"\xff\xfe" + (len(name) + 2).to_bytes(2) + name + PLAIN[2:]


class Server:
    """Answers on 127.0.0.1; a context. Counts each path, and how many it serves at once.

    Attributes:
        latency: seconds before each answer.
        asked: how often each path was asked for.
        agents: User-Agents seen.
        most: requests at once, at most.
        times: seconds (of the loop's clock) of the requests, by path.
    """

    def __init__(self, latency=0.0):
        self.latency, self.asked, self.agents, self.most = latency, Counter(), set(), 0
        self.times, self.cookies = {}, set()
        self._now = 0
        self._bomb = None

    def __enter__(self):
        started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(started.set)))
        self._thread.start()
        started.wait()
        return self

    def __exit__(self, *error):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    async def _serve(self, tell):
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._tasks = set()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, backlog=256)
        self.port = server.sockets[0].getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        tell()
        await self._end.wait()
        server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connection(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            while line := await reader.readline():
                path = line.split()[1].decode()
                while (header := await reader.readline()).strip():
                    name, _, value = header.decode().partition(":")
                    if name.lower() == "user-agent":
                        self.agents.add(value.strip())
                    if name.lower() == "cookie":
                        self.cookies.add(value.strip())
                self._now += 1
                self.most = max(self.most, self._now)
                try:
                    if not await self._answer(path, writer):
                        break
                    await writer.drain()
                finally:
                    self._now -= 1
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, path, writer):
        """Write an answer; whether the connection may be used again."""
        kind = path.split("/")[1]
        if kind == "counts":
            told = json.dumps({"asked": self.asked, "most": self.most}).encode()
            return _give(writer, told)
        self.asked[path] += 1
        self.times.setdefault(path, []).append(self._loop.time())
        times = self.asked[path]
        if self.latency:
            await asyncio.sleep(self.latency)
        body = picture(path)
        if kind in ("ok", "img"):
            return _give(writer, PLACEHOLDER if "photo_unavailable" in path else body)
        if kind in ("dead", "gone", "forbidden"):
            return _give(writer, b"no", {"dead": 404, "gone": 410, "forbidden": 403}[kind])
        if kind == "placeholder":
            return _give(writer, PLACEHOLDER)
        if kind == "moved":
            return _give(writer, b"", 302, Location="/img/photo_unavailable.jpg")
        if kind == "circle":
            return _give(writer, b"", 302, Location=path)
        if kind == "page":
            return _give(writer, b"<html>Not here</html>")
        if kind == "halved":  # what its length says, but not all of the picture
            return _give(writer, body[: len(body) // 2])
        if kind == "cookie":
            return _give(writer, body, **{"Set-Cookie": "who=you"})
        if kind == "bomb":
            self._bomb = self._bomb or _bomb()
            return _give(writer, self._bomb)
        if kind == "short":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + body)
            return False
        if kind == "mended":  # short once, whole after that
            if times == 1:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + body)
                return False
            return _give(writer, body)
        if kind == "down" or (kind == "twice" and times <= 2):
            return _give(writer, b"no", 503)
        if kind == "busy" and times == 1:
            return _give(writer, b"no", 429, **{"Retry-After": "1"})
        if kind == "date" and times == 1:
            then = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
            return _give(writer, b"no", 503, **{"Retry-After": then})
        if kind == "tomorrow":
            return _give(writer, b"no", 429, **{"Retry-After": "86400"})
        if kind == "hang":
            await asyncio.sleep(3600)
        if kind == "drip":  # the head at once, then a byte now and then
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
            return await _drip(writer)
        if kind == "open":  # the same without a length: its end looks like any other
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + body)
            return await _drip(writer)
        if kind == "driphead":
            writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            return await _drip(writer)
        if kind == "endless":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                writer.write(b"x" * 65_536)
                await writer.drain()
        if kind == "reset":
            writer.transport.abort()
            return False
        return _give(writer, body)


def _give(writer, body, status=200, **headers):
    said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body)}\r\n{said}\r\n"
    writer.write(head.encode() + body)
    return True


async def _drip(writer):
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)
    return False


async def _alone():
    server = Server(float(sys.argv[1]))
    await server._serve(lambda: print(server.base, flush=True))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_alone())
