"""LIDO, the museums' exchange format (1.0 and 1.1), read record by record.

``config/lido.yaml`` says where in a record each column of the catalogue is found, and by which
rules one of several titles, events, languages, measurements and renditions is chosen. What is
passed over and could matter goes to the problems; nothing is guessed.

``stream`` opens files and yields elements; ``mapping`` holds the map, ``text`` the languages;
``events``, ``dates``, ``techniques``, ``sizes``, ``resources`` and ``relations`` each read a part
of a record, ``record`` puts them together; ``validation`` holds records against the schema.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from bilderatlas.collection.lido.mapping import LidoMap, read_map
from bilderatlas.collection.lido.record import RecordReader
from bilderatlas.collection.lido.stream import elements, list_files
from bilderatlas.collection.lido.validation import Validator
from bilderatlas.collection.records import Problems
from bilderatlas.errors import InputError

__all__ = ["list_files", "read_map", "read_records"]


def read_records(
    path: str | os.PathLike | Sequence[str | os.PathLike],
    problems: Problems | None = None,
    language: str | None = None,
    lido: LidoMap | None = None,
    validate: str | os.PathLike | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield a record a ``lido:lido`` element; memory grows by its id alone.

    ``images`` holds one link a picture of the record, and is empty where it has none. A record
    is called by its ``recordID``; by its ``lidoRecID`` where an earlier one has that; by its
    OAI identifier, or its place in the file ("#3"), where it has neither.

    Args:
        path: an XML file, plain or gzipped; a folder of them; or several of either.
        problems: takes what cannot be read, what is passed over, what a provider withdrew.
        language: two letters of a language to prefer to those of the map.
        lido: where the columns are found; ``config/lido.yaml`` where None.
        validate: LIDO's schema (a file, or a folder with both versions); not asked where None.

    Raises:
        InputError: a file is missing, is not XML, uses entities, breaks, or holds no record.
            Of several files such a one is noted and the next is read; this is raised only
            where none of them holds a record. Then, too, records before the break are yielded.
    """
    problems = Problems() if problems is None else problems
    files = list_files(path)
    reader = RecordReader((lido or read_map()).in_language(language), problems)
    validator = Validator(validate) if validate else None
    count = 0
    for file in files:
        place = 0
        try:
            for element, identifier in elements(file, problems):
                place += 1
                record = reader.read(element, file, place, identifier)
                if validator:
                    validator.check(element, file, record["record_id"], problems)
                if len(files) > 1:
                    problems.locate(record["record_id"], file)
                yield record
        except InputError as error:
            if len(files) == 1:
                raise
            done = f"{place} record(s) before it read" if place else "file left out"
            problems.add(file, "", "", str(error), done)
        count += place
    if len(files) > 1 and not count:
        raise InputError(f"None of {len(files)} files holds a LIDO record, {files[0]} for one.")
