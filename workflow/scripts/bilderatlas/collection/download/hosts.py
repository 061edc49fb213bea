"""Who waits for which host, how many are with it, and which host is left alone."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator

from bilderatlas.collection.download.target import Outcome, Target


class Hosts:
    """Targets that wait, host by host. :meth:`pause` and :meth:`pause_left` may be called anywhere.

    Args:
        per_host: targets at most with one host at a time.
        patience: seconds; a host that asks to wait for longer is given up for this while.
        silence: a host without any answer to so many targets running is given up.
    """

    def __init__(self, per_host: int, patience: float, silence: int) -> None:
        self.per_host, self.patience, self.silence = per_host, patience, silence
        self.asked: set[str] = set()
        self.answered: set[str] = set()
        self.silent: set[str] = set()
        self._waiting: dict[str, deque[Target]] = {}
        self._count = 0
        self._busy: Counter[str] = Counter()
        self._not_before: dict[str, float] = {}
        self._unanswered: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many targets wait."""
        return self._count

    def add(self, target: Target) -> None:
        """Let a target wait for its host."""
        self._waiting.setdefault(target.host, deque()).append(target)
        self._count += 1

    def take(self) -> Target | None:
        """A target whose host is free, or None; hosts take turns."""
        for host in self._waiting:
            if self._busy[host] < self.per_host and not self.pause_left(host):
                break
        else:
            return None
        waiting = self._waiting.pop(host)
        target = waiting.popleft()
        if waiting:  # to the end: the others come first next time
            self._waiting[host] = waiting
        self._count -= 1
        self._busy[host] += 1
        return target

    def put_back(self, outcome: Outcome) -> None:
        """Note how a host answered: it is free for the next target."""
        host = outcome.target.host
        self._busy[host] -= 1
        if outcome.http is not None:
            self.asked.add(host)
            self.answered.add(host)
            self.silent.discard(host)
            self._unanswered[host] = 0
        elif outcome.tries:
            self.asked.add(host)
            self._unanswered[host] += 1
            if self._unanswered[host] >= self.silence:
                self.silent.add(host)

    def pause(self, host: str, seconds: float) -> None:
        """Leave a host alone for a while, as it asked."""
        until = time.monotonic() + seconds
        self._not_before[host] = max(self._not_before.get(host, 0.0), until)

    def pause_left(self, host: str) -> float:
        """Seconds for which a host is still to be left alone; 0 where it may be asked."""
        return max(0.0, self._not_before.get(host, 0.0) - time.monotonic())

    def given_up(self) -> Iterator[Target]:
        """Take out what waits for a host that is silent, or left alone for longer than patience."""
        for host in list(self._waiting):
            if host in self.silent or self.pause_left(host) > self.patience:
                waiting = self._waiting.pop(host)
                self._count -= len(waiting)
                yield from waiting
