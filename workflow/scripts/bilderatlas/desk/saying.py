"""Refusals: one sentence of ``labels.csv``, in the language of who reads it."""

from __future__ import annotations

from bilderatlas.errors import InputError
from bilderatlas.show.labels import label


class SaidError(InputError):
    """What cannot be done, in one sentence; in English where nobody asks for another language.

    Args:
        key: of ``labels.csv``, without ``desk.``.
        values: what the sentence names.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(label(f"desk.{key}", "en", **values))
        self.key = key
        self.values = values

    def say(self, language: str) -> str:
        """The sentence in a language."""
        return label(f"desk.{self.key}", language, **self.values)


class RefusedError(SaidError):
    """A decision that cannot be taken."""


class ConflictError(RefusedError):
    """A decision that cannot be taken because another one came before it."""
