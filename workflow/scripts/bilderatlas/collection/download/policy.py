"""How many connections, how patient, how large: what a run of downloads keeps to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import bilderatlas


@dataclass(frozen=True)
class Policy:
    """What a run of downloads keeps to.

    Attributes:
        connections: requests at once.
        per_host: of these, at most so many to one host.
        connect: seconds until a connection must stand.
        read: seconds between two bytes.
        whole: seconds that one request may take from its beginning to its last byte.
        tries: requests for one picture before it is given up for this run.
        longest_wait: seconds at most that backoff waits between two tries.
        patience: seconds at most that a host's ``Retry-After`` is waited for; a host that asks for
            longer is asked no more in this run.
        largest_bytes: of a file.
        largest_pixels: of a picture, width times height.
        contact: an address or page in the User-Agent, so that an archive knows whom to ask.
        placeholders: sha256 (hexadecimal, lower case) of the pictures that hosts send instead of
            one that is gone.
        placeholder_names: stems of the files that hosts redirect to instead.
    """

    connections: int = 32
    per_host: int = 8
    connect: float = 10.0
    read: float = 30.0
    whole: float = 300.0
    tries: int = 4
    longest_wait: float = 60.0
    patience: float = 600.0
    largest_bytes: int = 200_000_000
    largest_pixels: int = 180_000_000
    contact: str = ""
    placeholders: frozenset[str] = frozenset()
    placeholder_names: frozenset[str] = frozenset()

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], runs: int = 1) -> Policy:
        """The policy of one of ``runs`` runs side by side, from the settings block ``download``.

        Connections are shared among the runs, so that a host sees no more of them than the
        settings say (but each run has at least one).
        """
        waits = settings["seconds"]
        return cls(
            connections=max(1, settings["connections"] // runs),
            per_host=max(1, settings["per_host"] // runs),
            connect=waits["connect"],
            read=waits["read"],
            whole=waits["whole"],
            longest_wait=waits["backoff"],
            patience=waits["patience"],
            tries=settings["tries"],
            largest_bytes=int(settings["largest_mb"] * 1e6),
            largest_pixels=int(settings["largest_megapixels"] * 1e6),
            contact=settings["contact"],
            placeholders=frozenset(settings["placeholders"]),
            placeholder_names=frozenset(settings["placeholder_names"]),
        )

    @property
    def user_agent(self) -> str:
        """Who asks: the software, its version, and whom to write to."""
        contact = f"; contact: {self.contact}" if self.contact else ""
        return f"Bilderatlas/{bilderatlas.__version__} (research workflow{contact})"
