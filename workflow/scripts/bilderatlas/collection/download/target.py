"""What is to be fetched, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

STATUSES = ("ok", "dead", "placeholder", "timeout", "not_image", "error")


class Target(NamedTuple):
    """One picture to fetch.

    Attributes:
        image_id: its id in the status table.
        url: its address.
        file: where it goes, relative to the folder of the run, with slashes.
    """

    image_id: str
    url: str
    file: str

    @property
    def host(self) -> str:
        """The host and port of the address, lower case; empty where it has none."""
        return host_of(self.url)


def host_of(url: str) -> str:
    """Host and port of an address, lower case; empty where it is none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:  # half an IPv6 address
        return ""


@dataclass
class Outcome:
    """What came of a target.

    Attributes:
        target: what was asked for.
        status: one of :data:`STATUSES`.
        http: the status code of the last answer; None where there was none.
        bytes: size of the file; 0 where nothing whole came.
        sha256: of the bytes, hexadecimal; empty where nothing whole came.
        tries: requests that were made; 0 for a file that was there already.
        at: when, UTC, ISO 8601 with milliseconds.
        note: why not, in a few words.
        again: whether another try may help (not part of the table).
        wait: seconds that the host asked to wait (not part of the table).
    """

    target: Target
    status: str
    http: int | None = None
    bytes: int = 0
    sha256: str = ""
    tries: int = 1
    at: str = ""
    note: str = ""
    again: bool = False
    wait: float | None = None

    def __post_init__(self) -> None:
        self.at = self.at or datetime.now(UTC).isoformat(timespec="milliseconds")
