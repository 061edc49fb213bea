"""Validation against LIDO's XML Schema, record by record, with the lines of the file."""

from __future__ import annotations

import os
from pathlib import Path

from lxml import etree

from bilderatlas.collection.lido.text import LIDO
from bilderatlas.collection.records import Problems
from bilderatlas.errors import InputError

VERSIONS = ("1.1", "1.0")
SHOWN = 5  # faults a record that are listed one by one
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_SCHEMA = "{http://www.w3.org/2001/XMLSchema}"


class Validator:
    """LIDO's schema: one file, or a folder with lido-v1.0.xsd, lido-v1.1.xsd or both.

    Of a folder the version is taken that a record or its file names in ``xsi:schemaLocation``,
    else the newest, which allows what the older one allows. Nothing is fetched: all that a
    schema includes must lie beside it.

    Raises:
        InputError: the schema is missing, broken, or includes what would have to be fetched.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        folder = Path(path)
        files = {version: folder / f"lido-v{version}.xsd" for version in VERSIONS}
        files = {version: file for version, file in files.items() if file.is_file()}
        self._schemas = {version: _load(file) for version, file in files.items()}
        if not self._schemas:
            self._schemas = {
                "": _load(folder / f"lido-v{VERSIONS[0]}.xsd" if folder.is_dir() else folder)
            }

    def check(self, element: etree._Element, file: Path, record: str, problems: Problems) -> None:
        """Note each fault of a ``lido:lido`` with its line; at most :data:`SHOWN` one by one."""
        schema = self._schema(element)
        if schema.validate(element):
            return
        faults = list(schema.error_log)
        for fault in faults[:SHOWN]:
            what = (
                f"line {fault.line}: {' '.join(fault.message.replace(f'{{{LIDO}}}', '').split())}"
            )
            problems.add(file, record, "", what, "not valid LIDO; read as far as it goes")
        if len(faults) > SHOWN:
            what = f"{len(faults) - SHOWN} further faults of the schema"
            problems.add(file, record, "", what, "not valid LIDO; read as far as it goes")

    def _schema(self, element: etree._Element) -> etree.XMLSchema:
        said = element.get(_INSTANCE) or element.getroottree().getroot().get(_INSTANCE) or ""
        named = (one for version, one in self._schemas.items() if f"lido-v{version}" in said)
        return next(named, next(iter(self._schemas.values())))


def _load(path: Path) -> etree.XMLSchema:
    if not path.is_file():
        raise InputError(
            f"{path} does not exist: put LIDO's schema there (with all that it includes), or say "
            f"validate: false."
        )
    try:
        for file in _included(path):
            if not file.is_file():
                raise InputError(f"{path} includes {file}, which does not exist.")
        return etree.XMLSchema(etree.parse(str(path), _parser()))
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        said = " ".join(str(error).split())
        raise InputError(f"{path} is no XML Schema that can be used: {said}.") from None


def _included(path: Path) -> list[Path]:
    """All files that a schema is made of.

    Raises:
        InputError: one of them would have to be fetched.
    """
    found, open_ = [], [path]
    while open_:
        file = open_.pop()
        if file in found:
            continue
        found.append(file)
        if not file.is_file():
            continue
        for node in etree.parse(str(file), _parser()).iter(
            *(f"{_SCHEMA}{name}" for name in ("include", "import", "redefine"))
        ):
            place = node.get("schemaLocation", "")
            if "://" in place:
                raise InputError(
                    f"{file} includes {place}, and nothing is fetched: take a copy of the schema "
                    f"that includes files beside it."
                )
            if place:
                open_.append((file.parent / place).resolve())
    return found


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
