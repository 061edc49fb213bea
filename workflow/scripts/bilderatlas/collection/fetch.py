"""Fetch a pinned list of files over HTTP: checked, retried, resumed."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from bilderatlas import job
from bilderatlas.errors import InputError
from bilderatlas.files import write_atomically

log = logging.getLogger("bilderatlas")

USER_AGENT = "Bilderatlas/0.1 (research workflow; fetches a pinned data set once)"


class _UnfitError(Exception):
    """What came is not what is expected; worth another try."""


def sha256_of(path: str | os.PathLike) -> str:
    """The sha256 of a file's bytes, read in pieces."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def fetch_files(
    base: str,
    expected: Mapping[str, str],
    folder: Path,
    workers: int = 8,
    tries: int = 4,
    longest_wait: float = 30.0,
) -> None:
    """Fetch ``base``/name for every name into ``folder``; keep what is already right.

    Args:
        base: address of the folder on the server, without a slash at the end.
        expected: file name to the sha256 of its bytes.
        folder: where the files go; each appears under its name only when it is whole.
        workers: how many are fetched at once.
        tries: how often each is tried.
        longest_wait: seconds at most between two tries.

    Raises:
        InputError: some files could not be had; those that could are kept for the next run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [
        name
        for name, digest in expected.items()
        if not (folder / name).exists() or sha256_of(folder / name) != digest
    ]
    log.info("%d of %d files are there already.", len(expected) - len(wanted), len(expected))
    if not wanted:
        return
    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT

    def fetch(name: str) -> Exception | None:
        retrying = Retrying(
            retry=retry_if_exception_type((requests.RequestException, _UnfitError)),
            wait=wait_random_exponential(multiplier=0.5, max=longest_wait),
            stop=stop_after_attempt(tries),
            reraise=True,
        )
        try:
            retrying(_fetch_one, session, f"{base}/{name}", folder / name, expected[name])
        except (requests.RequestException, _UnfitError) as error:
            log.info("%s: %s", name, error)
            return error
        return None

    with ThreadPoolExecutor(workers) as pool:
        results = list(job.progress(pool.map(fetch, wanted), "fetching", len(wanted)))
    failed = [
        (name, error) for name, error in zip(wanted, results, strict=True) if error is not None
    ]
    if failed:
        raise InputError(
            f"{len(failed)} of {len(expected)} files could not be fetched from {base} (the first"
            f" is {failed[0][0]}: {_reason(failed[0][1])}); run the same command again, the others"
            " are kept, or give a local folder as the collection's `path:`."
        )


def _reason(error: Exception) -> str:
    """An error of the network in a few words; the log has all of them."""
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    if isinstance(error, requests.HTTPError):
        return f"HTTP {error.response.status_code}"
    return str(error)


def _fetch_one(session: requests.Session, url: str, path: Path, digest: str) -> None:
    with session.get(url, timeout=(10, 60)) as answer:
        answer.raise_for_status()
        found = hashlib.sha256(answer.content).hexdigest()
    if found != digest:
        raise _UnfitError(f"its sha256 is {found[:12]}…, expected {digest[:12]}…")
    with write_atomically(path) as temporary:
        temporary.write_bytes(answer.content)
