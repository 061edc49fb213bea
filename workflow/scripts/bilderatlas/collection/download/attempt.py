"""One request: its answer becomes a picture under its own name, or says why not."""

from __future__ import annotations

import hashlib
import os
import ssl
import urllib.parse
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from bilderatlas.collection.download.deadline import Guard, Watch
from bilderatlas.collection.download.picture import NoPictureError, decode
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.target import Outcome, Target

DEAD = (404, 410)
TRANSIENT = (408, 425, 429)  # and all from 500 on
PIECE = 65_536
# an address that cannot be asked, however often one tries
HOPELESS = (
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.TooManyRedirects,
)

# some of them kinds of OSError, which otherwise means the disk
NETWORK = (requests.RequestException, HTTPError, ConnectionError, TimeoutError, ssl.SSLError)


def attempt(
    session: requests.Session,
    target: Target,
    path: Path,
    temporary: Path,
    policy: Policy,
    watch: Watch,
) -> Outcome:
    """Ask once for ``target``; ``path`` is there, whole, where the outcome is ``ok``.

    Args:
        session: of this thread (see :func:`deadline.new_session`).
        target: what to ask for.
        path: where the picture goes.
        temporary: where its bytes are gathered, on the same file system; nothing is left there.
        policy: time-outs and bounds.
        watch: looks after the deadline.

    Raises:
        OSError: the disk, never the network.
    """
    with watch.over(policy.whole) as guard:
        try:
            if guard.late:
                return Outcome(target, "error", tries=0, again=True)
            with session.get(
                target.url, stream=True, timeout=(policy.connect, policy.read)
            ) as answer:
                return _judge(answer, target, path, temporary, policy, guard)
        except HOPELESS as error:
            last = getattr(error, "response", None)
            code = None if last is None else last.status_code
            return Outcome(target, "error", code, note=_words(error))
        except NETWORK as error:
            if guard.late or _is_timeout(error):
                return Outcome(target, "timeout", guard.http, note=_late(guard, policy), again=True)
            return Outcome(target, "error", guard.http, note=_words(error), again=True)
        except ValueError as error:  # a host name or redirect that is none
            return Outcome(target, "error", note=_words(error))
        finally:
            temporary.unlink(missing_ok=True)


def _judge(
    answer: requests.Response,
    target: Target,
    path: Path,
    temporary: Path,
    policy: Policy,
    guard: Guard,
) -> Outcome:
    if guard.late:  # headers that were cut are read as if they were all
        return Outcome(target, "timeout", note=_late(guard, policy), again=True)
    code = guard.http = answer.status_code
    if code != 200:
        _drain(answer)
        if code in DEAD:
            return Outcome(target, "dead", code)
        again = code in TRANSIENT or code >= 500
        wait = retry_after(answer.headers.get("Retry-After")) if again else None
        return Outcome(target, "error", code, note=answer.reason or "", again=again, wait=wait)
    announced = answer.headers.get("Content-Length", "")
    too_large = f"more than {policy.largest_bytes / 1e6:.0f} MB"
    if announced.isdecimal() and int(announced) > policy.largest_bytes:
        return Outcome(target, "error", code, note=too_large)
    digest, size = hashlib.sha256(), 0
    with open(temporary, "wb") as handle:
        for piece in answer.iter_content(PIECE):
            size += len(piece)
            if size > policy.largest_bytes:
                return Outcome(target, "error", code, note=too_large)
            digest.update(piece)
            handle.write(piece)
        handle.flush()
        # a socket that was shut looks like the end of a body without an announced length
        if guard.late:
            return Outcome(target, "timeout", code, note=_late(guard, policy), again=True)
        if announced.isdecimal() and size < int(announced):
            return Outcome(target, "error", code, note=f"{size} of {announced} bytes", again=True)
        found = Outcome(target, "ok", code, size, digest.hexdigest())
        found.status, found.note = judge_file(
            temporary, found.sha256, policy, answer.url if answer.history else ""
        )
        if found.status == "ok":
            os.fsync(handle.fileno())
    if found.status == "ok":
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(temporary, path)
    return found


def judge_file(path: Path, sha256: str, policy: Policy, redirect: str = "") -> tuple[str, str]:
    """Status and note of the bytes in ``path``: a placeholder, a picture, or neither.

    ``redirect`` is the address that they came from in the end, where it is not the one asked for.
    """
    if sha256 in policy.placeholders:
        return "placeholder", ""
    if redirect and PurePosixPath(urllib.parse.urlsplit(redirect).path).stem in (
        policy.placeholder_names
    ):
        return "placeholder", f"redirected to {redirect}"
    try:
        decode(path, policy.largest_pixels)
    except NoPictureError as error:
        return "not_image", str(error)
    return "ok", ""


def retry_after(text: str | None) -> float | None:
    """Seconds to wait by a ``Retry-After`` header (RFC 9110, 10.2.3), 0 or more.

    None where there is no such header, or one that is neither seconds nor an HTTP date.
    """
    text = (text or "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), 1e9)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _drain(answer: requests.Response) -> None:
    """Read a short page to its end, so that its connection can be used again."""
    announced = answer.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) <= PIECE:
        for _ in answer.iter_content(PIECE):
            pass


def _is_timeout(error: Exception) -> bool:
    # a time-out in the middle of a body comes wrapped in a ConnectionError
    inside = error.args[0] if error.args else None
    return isinstance(error, requests.Timeout | TimeoutError) or isinstance(
        inside, ReadTimeoutError
    )


def _late(guard: Guard, policy: Policy) -> str:
    return f"not done in {policy.whole:g} s" if guard.late else "no answer in time"


def _words(error: Exception) -> str:
    inside = error.args[0] if error.args else error
    reason = getattr(inside, "reason", inside)
    return " ".join(f"{type(error).__name__}: {reason}".split())[:200]
