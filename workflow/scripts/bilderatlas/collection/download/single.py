"""One address, one answer in memory: for links that have to be looked at before they are taken.

Runs of many known addresses go through ``run.py``, which writes to the disk as bytes come; here
belong image services (an ``info.json`` first), manifests, links that turn out to be pages, and
lists of pinned files.
"""

from __future__ import annotations

import re
import threading
import time
from typing import Any

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_random_exponential

from bilderatlas.collection.download.attempt import DEAD, PIECE, TRANSIENT, retry_after
from bilderatlas.collection.download.deadline import Guard, Watch, new_session
from bilderatlas.collection.download.hosts import Hosts
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.target import host_of


class FetchError(Exception):
    """An address that gave no answer to use.

    Attributes:
        status: ``dead`` (404, 410), ``refused`` (another answer of 4xx), ``timeout``, ``error``
            (server or connection), ``too_large``, ``no_address``.
        code: the HTTP status, where there was one.
        passing: may another try help, now or in a later run?
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


class Asker:
    """Asks for addresses as a policy says, from any thread; a context, at whose end all is cut.

    Args:
        policy: tries, time-outs, bounds, and whom an archive may write to.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._hosts = Hosts(policy.per_host, policy.patience, silence=0)
        self._watch = Watch()
        self._own = threading.local()
        self._drawn = wait_random_exponential(multiplier=0.5, max=policy.longest_wait)

    def __enter__(self) -> Asker:
        self._watch.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._watch.__exit__(*error)

    def get(self, url: str, wanted: str = "*/*") -> tuple[bytes, str]:
        """What an address gives: its bytes and its media type (lower case, without parameters).

        A host that asks to wait is left alone by all threads for so long; one that asks for more
        than the policy's patience is not asked again.

        Args:
            url: an address that begins with http:// or https://.
            wanted: media types for the header ``Accept``.

        Raises:
            FetchError: no usable answer; a body shorter than announced is an ``error`` that may
                pass.
        """
        retrying = Retrying(
            retry=retry_if_exception(self._is_worth_another),
            wait=self._wait,
            stop=stop_after_attempt(self.policy.tries),
            reraise=True,
        )
        return retrying(self._ask, url, wanted)

    def _is_worth_another(self, error: BaseException) -> bool:
        patient = getattr(error, "pause", 0.0) <= self.policy.patience
        return isinstance(error, FetchError) and error.passing and patient

    def _wait(self, state: RetryCallState) -> float:
        asked = getattr(state.outcome.exception(), "pause", 0.0) if state.outcome else 0.0
        return max(self._drawn(state), asked)

    def _ask(self, url: str, wanted: str) -> tuple[bytes, str]:
        if not re.match(r"https?://[^/]", url, re.IGNORECASE):
            raise FetchError("no_address", "no address that begins with http:// or https://")
        host = host_of(url)
        pause = self._hosts.pause_left(host)
        if pause > self.policy.patience:
            words = f"{host} asks to be left alone for {pause:.0f} seconds"
            raise FetchError("error", words, passing=True, pause=pause)
        time.sleep(pause)
        with self._watch.over(self.policy.whole) as guard:
            try:
                return self._answer(url, wanted, guard)
            except FetchError as error:
                if guard.late:  # what was cut short may look like any fault
                    raise self._too_slow() from None
                if error.pause:
                    self._hosts.pause(host, error.pause)
                raise
            except Exception as error:
                if guard.late:
                    raise self._too_slow() from None
                raise _read(error) from None

    def _answer(self, url: str, wanted: str, guard: Guard) -> tuple[bytes, str]:
        waits = (self.policy.connect, self.policy.read)
        with self._session().get(
            url, timeout=waits, stream=True, headers={"Accept": wanted}
        ) as answer:
            _check(answer)
            kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            content = _body(answer, self.policy.largest_bytes)
        # a socket that was shut looks like the end of a body without an announced length
        if guard.late:
            raise self._too_slow()
        return content, kind

    def _too_slow(self) -> FetchError:
        return FetchError("timeout", f"not done in {self.policy.whole:g} s", passing=True)

    def _session(self) -> requests.Session:
        if not hasattr(self._own, "session"):
            self._own.session = new_session(self.policy.user_agent)
        return self._own.session


def _check(answer: Any) -> None:
    code = answer.status_code
    if code in DEAD:
        raise FetchError("dead", f"HTTP {code}", code)
    if code in TRANSIENT or code >= 500:
        pause = retry_after(answer.headers.get("Retry-After")) or 0.0
        # 501: it will not learn it between two tries
        raise FetchError("error", f"HTTP {code}", code, passing=code != 501, pause=pause)
    if code != 200:
        raise FetchError("refused", f"HTTP {code}", code)


def _body(answer: Any, largest: int) -> bytes:
    pieces, size = [], 0
    for piece in answer.iter_content(PIECE):
        size += len(piece)
        if size > largest:
            raise FetchError("too_large", f"more than {largest / 1e6:.0f} MB")
        pieces.append(piece)
    announced = answer.headers.get("Content-Length", "")
    if announced.isdecimal() and size < int(announced):
        raise FetchError("error", "the answer broke off", passing=True)
    return b"".join(pieces)


def _read(error: Exception) -> Exception:
    """What a fault of requests means; any other fault stays what it is."""
    if isinstance(error, requests.Timeout):
        return FetchError("timeout", "no answer in time", passing=True)
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return FetchError("error", "the answer broke off", passing=True)
    if isinstance(error, requests.ConnectionError):
        if "timed out" in str(error).lower():
            return FetchError("timeout", "the answer stopped in the middle", passing=True)
        return FetchError("error", "no connection", passing=True)
    if isinstance(error, requests.TooManyRedirects):
        return FetchError("error", "sent round in a circle")
    # requests lets some faults of an address through as ValueError
    if isinstance(error, requests.RequestException | ValueError):
        words = " ".join(str(error).split())[:200]
        return FetchError("no_address", f"not to be asked: {words}")
    return error
