"""Copies of tables for a German spreadsheet program, beside the ones that machines read.

UTF-8 with a byte order mark, semicolons, decimal commas, lines that end in CR LF; every text in
double quotes, numbers bare. Texts that the program would take for a number, a date or a formula
(``00123``, ``1/2``, ``3-4``, ``1E5``, ``=x``) begin with a tab. A CSV has no types, so something
must say that ``00123`` is a text: ``="00123"`` is a formula that LibreOffice shows as it stands
and that every reader must take apart; an apostrophe is shown; a tab is not seen, makes the cell a
text and a formula harmless, and is lost like any white space where the table comes back as a
source (:func:`records.read_rows`). Ids are quoted as texts too, so that LibreOffice's option
"quoted field as text" holds for them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

import pandas as pd

from bilderatlas.files import NUMERIC, read_table, write_atomically

_MONTHS = (
    "jan(?:uar|uary)?|feb(?:ruar|ruary)?|mär(?:z)?|mar(?:ch)?|mrz|apr(?:il)?|mai|may|jun[ie]?|jul[iy]?"
    "|aug(?:ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|de[zc](?:ember)?"
)
_FORMULA = re.compile(r"\s*[=+\-@]")
# what holds nothing but digits and the signs of numbers, dates and times
_NUMBER = re.compile(
    r"[\s\d.,:/%€$'-]*\d[\s\d.,:/%€$'-]*(?:[eE][+-]?\d+|[ap]\.?m\.?)?"
    # 3-Mrz, 1. Mai 1900, Mai 1900
    rf"|(?:\d{{1,2}}[\s./-]*)?(?:{_MONTHS})\.?[\s./-]*\d{{1,4}}|\d{{1,2}}[\s./-]*(?:{_MONTHS})\.?"
    r"|true|false|wahr|falsch",
    re.IGNORECASE,
)
_LONGEST_NUMBER = 64
# a cell of Excel holds no more
LONGEST = 32_767


def write_copy(
    source: str | os.PathLike, target: str | os.PathLike, columns: Sequence[str]
) -> None:
    """Write a table of ours for a German spreadsheet program.

    Args:
        source: a table as :func:`files.write_table` writes it.
        target: the copy.
        columns: the columns that the source must have, as in :mod:`files`.

    Raises:
        InputError: the source is missing or is no such table.
    """
    table = read_table(source, columns)
    convert = [_number if name in NUMERIC else _text for name in table.columns]
    with (
        write_atomically(target) as temporary,
        open(temporary, "w", encoding="utf-8-sig", newline="") as handle,
    ):
        handle.write(";".join(map(_text, table.columns)) + "\r\n")
        for row in table.itertuples(index=False):
            cells = (write(value) for write, value in zip(convert, row, strict=True))
            handle.write(";".join(cells) + "\r\n")


def _number(value: float) -> str:
    """A number without quotes; as a double it is read again as the same one."""
    return "" if pd.isna(value) else repr(float(value)).removesuffix(".0").replace(".", ",")


def _text(value: str) -> str:
    """A text in quotes; empty where there is none."""
    if not value:
        return ""
    is_number = len(value) <= _LONGEST_NUMBER and _NUMBER.fullmatch(value)
    value = f"\t{value}" if is_number or _FORMULA.match(value) else value
    value = value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
    return '"' + value.replace('"', '""') + '"'
