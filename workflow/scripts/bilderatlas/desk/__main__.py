"""``python -m bilderatlas.desk``: the desk of a collection, by what the command line says.

`make desk` calls it by way of ``tools/desk.py``, which reads the workflow's settings first.
"""

from __future__ import annotations

import argparse
import getpass
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from bilderatlas.desk.holdings import Holdings
from bilderatlas.desk.server import PORT, serve
from bilderatlas.errors import InputError
from bilderatlas.show.labels import LANGUAGES


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that both ways of calling the desk have."""
    parser.add_argument("--by", default="", help="who decides (default: the login name)")
    parser.add_argument("--port", type=int, help=f"port on 127.0.0.1 (default: {PORT}, or a next)")
    parser.add_argument("--new-token", action="store_true", help="make a new address")
    parser.add_argument("--language", choices=LANGUAGES, help="of the pages")


def login_name() -> str:
    """Who is logged in; ``unknown`` where the system does not say."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def run(holdings: Holdings, port: int | None, new_token: bool) -> int:
    """Serve; the exit status. A fault is told in one sentence."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        serve(holdings, port, new_token)
    except InputError as error:
        print(f"desk: {error}", file=sys.stderr)
        return 1
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="bilderatlas.desk", description=__doc__)
    parser.add_argument("--collection", required=True)
    parser.add_argument("--title", help="what pages call the collection (default: its name)")
    parser.add_argument("--root", type=Path, default=Path(), help="holds results and resources")
    add_options(parser)
    asked = parser.parse_args(arguments)
    holdings = Holdings(
        collection=asked.collection,
        title=asked.title or asked.collection,
        root=asked.root,
        by=" ".join((asked.by or login_name()).split()),
        language=asked.language or "en",
    )
    return run(holdings, asked.port, asked.new_token)


if __name__ == "__main__":
    sys.exit(main())
