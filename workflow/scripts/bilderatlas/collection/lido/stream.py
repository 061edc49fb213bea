"""LIDO files, record by record: plain or gzipped, one or many, in envelopes or bare.

Nothing in a file is trusted: no DTD is loaded, nothing is fetched, and a file that declares or
uses entities is refused. What has been read is forgotten, so memory does not grow with a file.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from bilderatlas.collection.lido.text import LIDO, text_of
from bilderatlas.collection.records import Problems
from bilderatlas.errors import InputError

RECORD = f"{{{LIDO}}}lido"
OAI = "http://www.openarchives.org/OAI/2.0/"
HEADER, TOKEN, ERROR = (f"{{{OAI}}}{name}" for name in ("header", "resumptionToken", "error"))
SUFFIXES = (".xml", ".lido", ".xml.gz", ".lido.gz")


def list_files(path: str | os.PathLike | Iterable[str | os.PathLike]) -> list[Path]:
    """The files that ``path`` means: itself, several, or those below a folder, by name.

    In a folder only names that end in one of :data:`SUFFIXES` count, and none that begin with
    a dot.

    Raises:
        InputError: a path does not exist, or a folder holds no such file.
    """
    paths = [Path(path)] if isinstance(path, str | os.PathLike) else [Path(one) for one in path]
    found: list[Path] = []
    for one in paths:
        if one.is_dir():
            below = [
                file
                for file in sorted(one.rglob("*"))
                if file.name.lower().endswith(SUFFIXES)
                and not any(part.startswith(".") for part in file.relative_to(one).parts)
                and file.is_file()
            ]
            if not below:
                raise InputError(f"{one} holds no LIDO file (none ends in {', '.join(SUFFIXES)}).")
            found += below
        elif one.is_file():
            found.append(one)
        else:
            raise InputError(f"{one} does not exist or is no file.")
    return list(dict.fromkeys(found))


def elements(path: Path, problems: Problems) -> Iterator[tuple[etree._Element, str]]:
    """Yield every ``lido:lido`` of a file with its OAI identifier (empty where it has none).

    An element is empty again when the next one is asked for. Records that an OAI-PMH provider
    has withdrawn, and a page that is not the last of its list, are noted as problems.

    Raises:
        InputError: the file cannot be read, is not XML, uses entities, or holds no record; a
            file that breaks in the middle raises there, after the records before it.
    """
    count = withdrawn = 0
    identifier = ""
    try:
        with _open(path) as handle:
            for element in _stream(handle):
                if element.tag == RECORD:
                    _refuse_entities(element, path)
                    count += 1
                    yield element, identifier
                elif element.tag == HEADER:
                    identifier = text_of(next(element.iterchildren(f"{{{OAI}}}identifier"), ""))
                    if element.get("status") == "deleted":
                        withdrawn += 1
                        what = "withdrawn by its provider (OAI status deleted)"
                        problems.add(path, identifier, "record_id", what, "no row")
                elif element.tag == ERROR:
                    said = f"{element.get('code', 'error')} {text_of(element)}".strip()
                    raise InputError(f"{path} is an OAI-PMH answer without records: {said}.")
                elif text_of(element):
                    what = "the list goes on (resumptionToken): this is not its last page"
                    problems.add(path, "", "", what, "read what is here")
                _free(element)
    except etree.XMLSyntaxError as error:
        line = f" (line {error.lineno})" if error.lineno else ""
        said = " ".join(error.msg.partition(", line ")[0].split())
        raise InputError(f"{path} is not a well-formed XML file: {said}{line}.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path} is a broken gzip file: {error}. Fetch it again.") from None
    if not count and not withdrawn:
        raise InputError(f"{path} holds no LIDO record (no element lido in {LIDO}).")


@contextlib.contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    """A file or, where its first two bytes say gzip, what is packed in it."""
    try:
        handle = open(path, "rb")  # noqa: SIM115
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror}.") from None
    with handle:
        packed = handle.read(2) == b"\x1f\x8b"
        handle.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=handle) as unpacked:
                yield unpacked
        else:
            yield handle


def _stream(handle: BinaryIO) -> Iterator[etree._Element]:
    context = etree.iterparse(
        handle,
        events=("end",),
        tag=(RECORD, HEADER, TOKEN, ERROR),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in context:
        yield element


def _refuse_entities(element: etree._Element, path: str | os.PathLike) -> None:
    declared = element.getroottree().docinfo.internalDTD
    if next(element.iter(etree.Entity), None) is not None or (
        declared is not None and next(declared.iterentities(), None) is not None
    ):
        raise InputError(f"{path} uses XML entities, which are not read: write the texts out.")


def _free(element: etree._Element) -> None:
    """Forget a record and all that stands before it, up to the root.

    What stands after it is left alone: the parser reads ahead and may still be at work there.
    """
    element.clear()
    for node in (element, *element.iterancestors()):
        while node.getprevious() is not None and node.getparent() is not None:
            del node.getparent()[0]
