"""The threads that ask: each with a session of its own, retries and pauses."""

from __future__ import annotations

import hashlib
import queue
import shutil
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import requests
from tenacity import (
    Retrying,
    retry_if_result,
    sleep_using_event,
    stop_after_attempt,
    stop_when_event_set,
    wait_random_exponential,
)

from bilderatlas.collection.download.attempt import attempt, judge_file
from bilderatlas.collection.download.deadline import Watch, new_session
from bilderatlas.collection.download.hosts import Hosts
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.table import Known
from bilderatlas.collection.download.target import Outcome, Target


class Crew:
    """Threads that fetch targets into ``folder``; a context, at whose end all requests are cut.

    Args:
        folder: where the pictures go.
        name: of the run: what is half there lies in a hidden folder of that name until it is
            whole, and is swept away before and after.
        policy: connections, time-outs, bounds.
        known: which files are listed already.
        hosts: told at once when a host asks to be left alone.
    """

    def __init__(self, folder: Path, name: str, policy: Policy, known: Known, hosts: Hosts) -> None:
        self.running = 0
        self._folder, self._parts = folder, folder / f".parts-{name}"
        self._policy, self._known, self._hosts = policy, known, hosts
        self._done: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._watch = Watch()
        self._own = threading.local()
        self._pool = ThreadPoolExecutor(policy.connections, thread_name_prefix="fetch")

    def __enter__(self) -> Crew:
        shutil.rmtree(self._parts, ignore_errors=True)
        self._parts.mkdir(parents=True)
        self._watch.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._watch.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._watch.__exit__()
        shutil.rmtree(self._parts, ignore_errors=True)

    def start(self, target: Target) -> None:
        """Let a thread fetch ``target``."""
        self.running += 1
        self._pool.submit(self._fetch, target).add_done_callback(self._done.put)

    def next_outcome(self, seconds: float) -> Outcome | None:
        """What came next, or None where nothing did in so many seconds.

        An outcome of no tries that is to be had ``again`` says that its host was left alone.

        Raises:
            OSError: a file could not be written.
        """
        try:
            future = self._done.get(timeout=seconds)
        except queue.Empty:
            return None
        self.running -= 1
        return future.result()

    def _fetch(self, target: Target) -> Outcome:
        path = self._folder / target.file
        if path.is_file() and not self._known.lists_file(target):
            found = self._adopt(target, path)
            if found is not None:
                return found
        retrying = Retrying(
            retry=retry_if_result(self._is_worth_another),
            stop=stop_after_attempt(self._policy.tries) | stop_when_event_set(self._stop),
            wait=wait_random_exponential(multiplier=1, max=self._policy.longest_wait),
            sleep=sleep_using_event(self._stop),
            retry_error_callback=lambda state: state.outcome.result(),
        )
        outcome = retrying(self._ask, target, path)
        if outcome.tries:
            outcome.tries = retrying.statistics["attempt_number"]
        return outcome

    def _ask(self, target: Target, path: Path) -> Outcome:
        pause = self._hosts.pause_left(target.host)  # another thread was told so meanwhile
        if pause > self._policy.patience:
            return Outcome(target, "error", tries=0, again=True)
        if pause:
            self._stop.wait(pause)
        temporary = self._parts / str(threading.get_ident())
        outcome = attempt(self._session(), target, path, temporary, self._policy, self._watch)
        if outcome.wait:
            self._hosts.pause(target.host, outcome.wait)
        return outcome

    def _is_worth_another(self, outcome: Outcome) -> bool:
        asked = outcome.tries > 0
        return outcome.again and asked and (outcome.wait or 0.0) <= self._policy.patience

    def _session(self) -> requests.Session:
        if not hasattr(self._own, "session"):
            self._own.session = new_session(self._policy.user_agent)
        return self._own.session

    def _adopt(self, target: Target, path: Path) -> Outcome | None:
        """List a whole picture that a killed run left unlisted; sweep away anything else."""
        with open(path, "rb") as handle:
            sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
            size = handle.tell()
        if judge_file(path, sha256, self._policy)[0] == "ok":
            return Outcome(target, "ok", None, size, sha256, tries=0, note="was there")
        path.unlink()
        return None
