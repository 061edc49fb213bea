"""One address, one answer: asked for with patience, read with a bound, told apart by its status."""

from __future__ import annotations

import re
import threading
import time
from typing import Any

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_random_exponential

from bilderatlas.collection.download.attempt import retry_after

USER_AGENT = "Bilderatlas/0.1 (research workflow; fetches the pictures of a collection once)"
LARGEST = 200 * 2**20  # bytes of one answer
LONGEST = 600.0  # seconds for one answer: a server that drips keeps no worker for ever
CONNECT, READ = 10, 60  # seconds of silence
PASSING = (408, 425, 429, 500, 502, 503, 504)
GONE = (404, 410)
_CHUNK = 2**16
_own = threading.local()


class FetchError(Exception):
    """An address that gave no answer to use.

    Attributes:
        status: ``dead`` (404, 410), ``refused`` (another answer of 4xx), ``timeout``, ``error``
            (server or connection), ``too_large``, ``no_address``.
        code: the HTTP status, where there was one.
        passing: may another try help?
        pause: seconds that the server asks to wait.
    """

    def __init__(
        self,
        status: str,
        words: str,
        code: int | None = None,
        passing: bool = False,
        pause: float = 0.0,
    ) -> None:
        super().__init__(words)
        self.status, self.code, self.passing, self.pause = status, code, passing, pause


def fetch(
    url: str,
    wanted: str = "*/*",
    largest: int = LARGEST,
    tries: int = 4,
    longest_wait: float = 30.0,
) -> tuple[bytes, str]:
    """What an address gives: its bytes and its media type (lower case, without parameters).

    Args:
        url: an address that begins with http:// or https://.
        wanted: media types for the header ``Accept``.
        largest: bytes at most.
        tries: how often a failure that may pass is tried.
        longest_wait: seconds at most between two tries, also where ``Retry-After`` asks for more.

    Raises:
        FetchError: no usable answer; a body shorter than announced is an ``error`` that may pass.
    """
    drawn = wait_random_exponential(multiplier=0.5, max=longest_wait)

    def wait(state: RetryCallState) -> float:
        asked = getattr(state.outcome.exception(), "pause", 0.0) if state.outcome else 0.0
        return min(max(drawn(state), asked), longest_wait)

    retrying = Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, FetchError) and error.passing),
        wait=wait,
        stop=stop_after_attempt(tries),
        reraise=True,
    )
    return retrying(_fetch_once, url, wanted, largest)


def _fetch_once(url: str, wanted: str, largest: int) -> tuple[bytes, str]:
    if not re.match(r"https?://[^/]", url, re.IGNORECASE):
        raise FetchError("no_address", "no address that begins with http:// or https://")
    try:
        with _session().get(
            url, timeout=(CONNECT, READ), stream=True, headers={"Accept": wanted}
        ) as answer:
            _check(answer)
            kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return _body(answer, largest), kind
    except requests.Timeout:
        raise FetchError("timeout", "no answer in time", passing=True) from None
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
        if "timed out" in str(error).lower():
            raise FetchError("timeout", "the answer stopped in the middle", passing=True) from None
        broken = isinstance(error, requests.exceptions.ChunkedEncodingError)
        words = "the answer broke off" if broken else "no connection"
        raise FetchError("error", words, passing=True) from None
    except requests.TooManyRedirects:
        raise FetchError("error", "sent round in a circle") from None
    # requests lets some faults of an address through as ValueError
    except (requests.RequestException, ValueError) as error:
        words = " ".join(str(error).split())[:200]
        raise FetchError("no_address", f"not to be asked: {words}") from None


def _check(answer: Any) -> None:
    code = answer.status_code
    if code in GONE:
        raise FetchError("dead", f"HTTP {code}", code)
    if code in PASSING or code >= 500:
        pause = retry_after(answer.headers.get("Retry-After")) or 0.0
        raise FetchError("error", f"HTTP {code}", code, passing=code in PASSING, pause=pause)
    if code != 200:
        raise FetchError("refused", f"HTTP {code}", code)


def _body(answer: Any, largest: int) -> bytes:
    until = time.monotonic() + LONGEST
    pieces, size = [], 0
    for piece in answer.iter_content(_CHUNK):
        size += len(piece)
        if size > largest:
            raise FetchError("too_large", f"more than {largest / 2**20:.0f} MB")
        if time.monotonic() > until:
            raise FetchError("timeout", f"more than {LONGEST:.0f} seconds", passing=True)
        pieces.append(piece)
    return b"".join(pieces)


def _session() -> requests.Session:
    """A session a thread: they share no state that is not meant to be shared."""
    if not hasattr(_own, "session"):
        _own.session = requests.Session()
        _own.session.headers["User-Agent"] = USER_AGENT
    return _own.session
