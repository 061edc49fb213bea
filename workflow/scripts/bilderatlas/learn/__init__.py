"""Learning: one file a method, and the loop that all methods share.

``METHODS`` names the methods; each is a module with ``RECIPE`` (raised when a loss, view or model
changes meaning) and ``build(settings)``, which gives the Lightning module.
"""

from __future__ import annotations

from types import ModuleType


def method(name: str) -> ModuleType:
    """The module of a method, imported only when it is asked for."""
    from importlib import import_module

    if name not in METHODS:
        raise ValueError(f"no method {name!r}; there are {', '.join(METHODS)}")
    return import_module(METHODS[name])


METHODS = {"simclr": "bilderatlas.learn.simclr"}
