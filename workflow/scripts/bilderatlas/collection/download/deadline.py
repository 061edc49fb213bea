"""Sessions whose requests end in time, whatever the other side does.

The time-outs of requests count from one piece of data to the next: a host that sends a byte now
and then, in the body or already in the headers, holds a connection for ever. So a thread looks
after all requests of a run and shuts the sockets of those that are late; the blocked read then
ends at once.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

LOOK_EVERY = 0.1  # seconds
HOSTS_KEPT = 16  # hosts whose connection a session keeps open

_here = threading.local()


class Guard:
    """One request under a deadline.

    Attributes:
        ends: when its time is up (seconds, monotonic).
        late: whether it was.
        http: status code of its answer, as soon as there is one.
    """

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self.late = False
        self.http: int | None = None
        self.connection: _Known | None = None

    def cut(self) -> None:
        """End the request: shut its socket, which wakes whoever reads from it."""
        self.late = True
        held = self.connection.held if self.connection else None
        if held is not None:
            with contextlib.suppress(OSError):
                # past the TLS layer, which must not be touched from another thread
                socket.socket.shutdown(held, socket.SHUT_RDWR)


class Watch:
    """Looks after the requests of a run; a context, at whose end all of them are cut."""

    def __init__(self) -> None:
        self._guards: set[Guard] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._gone = threading.Event()
        self._thread = threading.Thread(target=self._look, name="deadlines", daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
        self._gone.set()
        self._thread.join()

    def close(self) -> None:
        """Cut what runs, and let nothing new begin. Cutting goes on until the context ends."""
        self._closed = True

    @contextlib.contextmanager
    def over(self, seconds: float) -> Iterator[Guard]:
        """Guard what this thread asks for inside the block."""
        guard = Guard(time.monotonic() + seconds)
        guard.late = self._closed
        with self._lock:
            self._guards.add(guard)
        _here.guard = guard
        try:
            yield guard
        finally:
            _here.guard = None
            with self._lock:  # from here on its connection may serve another request
                self._guards.discard(guard)

    def _look(self) -> None:
        while not self._gone.wait(LOOK_EVERY):
            self._cut(float("inf") if self._closed else time.monotonic())

    def _cut(self, now: float) -> None:
        with self._lock:
            for guard in self._guards:
                if guard.ends < now:
                    guard.cut()


class _Known:
    """A connection that tells the guard of its thread which socket it uses.

    ``held`` outlives ``sock``, which is let go as soon as the headers of a last answer are read.
    """

    held: socket.socket | None = None

    def connect(self) -> None:
        super().connect()
        self.held = self.sock

    def request(self, *arguments, **options):
        guard = getattr(_here, "guard", None)
        if guard is not None:
            guard.connection = self
        return super().request(*arguments, **options)


class _Http(_Known, HTTPConnection):
    pass


class _Https(_Known, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


_POOLS = {"http": _HttpPool, "https": _HttpsPool}


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments, **options) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *arguments, **options):
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


def new_session(user_agent: str) -> requests.Session:
    """A session for one thread: it says who asks, takes no cookies, keeps few connections."""
    session = requests.Session()
    # pictures are compressed already; so the length that is announced is that of the file
    session.headers.update({"User-Agent": user_agent, "Accept-Encoding": "identity"})
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = _Adapter(pool_connections=HOSTS_KEPT, pool_maxsize=1)
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session
