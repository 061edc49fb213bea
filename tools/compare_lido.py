"""Where two LIDO files say different things of the same objects, column by column.

    python tools/compare_lido.py first.xml second.xml

Records are paired by their id, the rest in the order of the files. Prints a Markdown table.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workflow/scripts"))

import pandas as pd

from bilderatlas.collection import lido
from bilderatlas.errors import InputError
from bilderatlas.files import RECORDS

COLUMNS = ("record", "field", "first", "second")


def differences(first: Iterable[dict[str, Any]], second: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """A row for each field that two records of a pair say differently, columns :data:`COLUMNS`.

    A record that has no partner gives one row, with its id and the field ``record_id``.
    """
    ones, others = list(first), {record["record_id"]: record for record in second}
    partners = {one["record_id"]: others.pop(one["record_id"], None) for one in ones}
    rest = list(others.values())
    rows = []
    for one in ones:
        other = partners[one["record_id"]] or (rest.pop(0) if rest else dict.fromkeys(RECORDS, ""))
        fields = RECORDS if other["record_id"] else ("record_id",)
        for field in fields:
            if one[field] != other[field]:
                rows.append((one["record_id"], field, _cell(one[field]), _cell(other[field])))
    rows += [(other["record_id"], "record_id", "", other["record_id"]) for other in rest]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _cell(value: Any) -> str:
    return " | ".join(value) if isinstance(value, list) else str(value)


def markdown(table: pd.DataFrame, width: int = 60) -> str:
    """The table in Markdown, each cell cut to ``width`` characters."""
    lines = [list(COLUMNS), ["---"] * len(COLUMNS), *table.to_numpy().tolist()]
    cut = [
        [cell if len(cell) <= width else f"{cell[: width - 1]}…" for cell in row] for row in lines
    ]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in cut)


def main(words: list[str]) -> int:
    if len(words) != 2:
        print(__doc__)
        return 2
    try:
        first, second = (list(lido.read_records(word)) for word in words)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    print(markdown(differences(first, second)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
