"""Fetch a pinned list of files: each checked against its sha256, resumed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tenacity import RetryError, Retrying, retry_if_result, stop_after_attempt

from bilderatlas import job
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.single import Asker, FetchError
from bilderatlas.errors import InputError
from bilderatlas.files import sha256_of, write_atomically

log = logging.getLogger("bilderatlas")


def fetch_files(base: str, expected: Mapping[str, str], folder: Path, policy: Policy) -> None:
    """Fetch ``base``/name for every name into ``folder``; keep what is already right.

    Args:
        base: address of the folder on the server, without a slash at the end.
        expected: file name to the sha256 of its bytes.
        folder: where the files go; each appears under its name only when it is whole.
        policy: tries, time-outs; its ``per_host`` is how many are fetched at once.

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
    with Asker(policy) as asker, ThreadPoolExecutor(policy.per_host) as pool:

        def fetch(name: str) -> str:
            fault = _fetch(asker, f"{base}/{name}", folder / name, expected[name])
            if fault:
                log.info("%s: %s", name, fault)
            return fault

        faults = list(job.progress(pool.map(fetch, wanted), "fetching", len(wanted)))
    failed = [(name, fault) for name, fault in zip(wanted, faults, strict=True) if fault]
    if failed:
        raise InputError(
            f"{len(failed)} of {len(expected)} files could not be fetched from {base} (the first"
            f" is {failed[0][0]}: {failed[0][1]}); run the same command again, the others are"
            " kept, or give a local folder as the collection's `path:`."
        )


def _fetch(asker: Asker, url: str, path: Path, digest: str) -> str:
    """Write one file; why not, in a few words, or nothing."""
    # what is whole but wrong is worth another try as well: a proxy's page, an old copy
    retrying = Retrying(
        retry=retry_if_result(lambda content: _sha256(content) != digest),
        stop=stop_after_attempt(asker.policy.tries),
    )
    try:
        content = retrying(lambda: asker.get(url)[0])
    except FetchError as error:
        return str(error)
    except RetryError as error:
        found = _sha256(error.last_attempt.result())
        return f"its sha256 is {found[:12]}…, expected {digest[:12]}…"
    with write_atomically(path) as temporary:
        temporary.write_bytes(content)
    return ""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
