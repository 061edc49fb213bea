"""Fetch targets, many at once: a bounded window of them, one line an outcome.

Threads ask, each with a session of its own (crew.py); the thread that called hands out targets
and writes the table. A picture's bytes are gathered in a file beside the others, flushed to the
disk and renamed; then its line is written. Killed between the two, the next run finds the file
and only writes the line.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from bilderatlas.collection.download.crew import Crew
from bilderatlas.collection.download.disk import is_full
from bilderatlas.collection.download.hosts import Hosts
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.table import Known, StatusTable
from bilderatlas.collection.download.target import Outcome, Target
from bilderatlas.errors import InputError

WINDOW = 8  # targets that wait, for each connection
GLANCE = 0.25  # seconds after which hosts that were left alone are looked at again


def download(
    targets: Iterable[Target],
    folder: str | os.PathLike,
    table: str | os.PathLike,
    policy: Policy,
    known: Known | None = None,
) -> Iterator[Outcome]:
    """Fetch what is not settled; yield each outcome when its line stands in the table.

    Memory does not grow with the number of targets: they are read as they are needed.

    Args:
        targets: what to fetch; ``file`` is relative to ``folder`` and stays inside it. No two of
            them share a file.
        folder: where the pictures go. A hidden folder in it holds what is half there.
        table: the status table of this run; no other run may write to it.
        policy: connections, time-outs, bounds.
        known: what the tables of this and earlier runs know; read from the folder of ``table``
            where None.

    Raises:
        InputError: the disk is full or cannot be written to; another run is at work; a host asks
            for more patience than there is, or has gone silent. All outcomes so far are kept.
        ValueError: a target's file leads out of ``folder``.
    """
    folder, table = Path(folder), Path(table)
    hosts = Hosts(policy.per_host, policy.patience, silence=max(20, 3 * policy.per_host))
    kept = 0
    try:
        with StatusTable(table) as lines:
            if known is None:
                known = Known(table.parent, placeholders=policy.placeholders)
            open_targets = (
                target for target in map(_checked, targets) if not known.is_settled(target, folder)
            )
            with Crew(folder, table.stem, policy, known, hosts) as crew:
                postponed: Counter[str] = Counter()
                for outcome in _outcomes(open_targets, hosts, crew, policy, postponed):
                    lines.add(outcome)
                    kept += outcome.status == "ok"
                    yield outcome
    except OSError as error:
        raise InputError(_stopped(error, folder, kept)) from error
    _tell(hosts, postponed, known.answered | hosts.answered)


def _outcomes(
    targets: Iterator[Target], hosts: Hosts, crew: Crew, policy: Policy, postponed: Counter[str]
) -> Iterator[Outcome]:
    """Keep the crew busy and hand on what it brings, in the order of its coming."""
    more = True
    while more or len(hosts) or crew.running:
        while more and len(hosts) < WINDOW * policy.connections:
            target = next(targets, None)
            if target is None:
                more = False
            else:
                hosts.add(target)
        for target in hosts.given_up():
            if target.host in hosts.silent:
                note = "not asked: its host gives no answer"
                yield Outcome(target, "error", tries=0, note=note)
            else:
                postponed[target.host] += 1
        while crew.running < policy.connections and (target := hosts.take()) is not None:
            crew.start(target)
        if not crew.running and not len(hosts):
            continue  # all that waited were given up
        outcome = crew.next_outcome(GLANCE)
        if outcome is None:
            continue
        hosts.put_back(outcome)
        if outcome.again and not outcome.tries:
            postponed[outcome.target.host] += 1
        else:
            yield outcome


def _checked(target: Target) -> Target:
    way = PurePosixPath(target.file)
    if way.is_absolute() or not way.name or ".." in way.parts:
        raise ValueError(f"{target.image_id}: {target.file!r} is no way down from the folder")
    return target


def _stopped(error: OSError, folder: Path, kept: int) -> str:
    so_far = f"the {kept:,} pictures of this run and all before are kept"
    if is_full(error):
        return (
            f"The disk with {folder} is full: {so_far}; free some space and run the same command"
            " again, it goes on where it stopped."
        )
    return (
        f"{error.filename or folder} cannot be written ({error.strerror}): {so_far}; mend that and"
        " run the same command again, it goes on where it stopped."
    )


def _tell(hosts: Hosts, postponed: Counter[str], ever: set[str]) -> None:
    """Raise where a later run may have what this one had not.

    One host that says nothing among others that do is gone, and no reason to stop; so is one that
    never said anything. But where all are silent that used to answer, the network is.
    """
    if postponed:
        host, count = postponed.most_common(1)[0]
        until = datetime.now().astimezone() + timedelta(seconds=hosts.pause_left(host))
        raise InputError(
            f"{host} asks to be left alone until {until:%Y-%m-%d %H:%M}: {count:,} of its pictures"
            f" ({postponed.total():,} in all) were not asked for; all others are kept; run the same"
            " command again after that."
        )
    lost = sorted(hosts.asked & ever if ever else hosts.asked)
    if lost and hosts.asked <= hosts.silent:
        raise InputError(
            f"{', '.join(lost[:3])}{' and others' if len(lost) > 3 else ''} gave no answer: is"
            " there a network? What came so far is kept; run the same command again."
        )
