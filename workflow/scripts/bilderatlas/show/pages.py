"""What the HTML pages share: templates that escape, data that no title can break out of."""

from __future__ import annotations

import functools
import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bilderatlas.files import write_text
from bilderatlas.show.labels import label

FOLDER = Path(__file__).with_name("templates")
PLOTLY = "plotly.min.js"
# words on plotly's buttons, by plotly's own English
BUTTONS = {
    "Download plot as a PNG": "maps.button_png",
    "Zoom": "maps.button_zoom",
    "Pan": "maps.button_pan",
    "Reset axes": "maps.button_reset",
    "Reset camera to default": "maps.button_reset",
    "Orbital rotation": "maps.button_orbit",
    "Turntable rotation": "maps.button_turn",
}


def data_text(value: Any) -> str:
    """``value`` as JSON that may stand inside a ``<script>`` element, whatever its texts hold.

    No ``<``, ``>`` or ``&`` stays, so nothing in it can end the element or open another.
    """
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def picture_cards(
    catalogue: pd.DataFrame, image_ids: Sequence[str], thumbnails: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """By image id, what a page shows of a picture: title, date, author, thumbnail."""
    known = catalogue[["title", "date", "makers"]].reindex(list(image_ids)).fillna("")
    return {
        image_id: {
            "title": title,
            "date": date,
            "author": makers,
            "picture": thumbnails.get(image_id, ""),
        }
        for image_id, title, date, makers in zip(
            known.index, known["title"], known["date"], known["makers"], strict=True
        )
    }


def plot_settings(language: str) -> dict[str, Any]:
    """Settings of plotly: few buttons, in the language of the page, and nothing sent anywhere."""
    return {
        "config": {
            "displaylogo": False,
            "responsive": True,
            "locale": language,
            "plotlyServerURL": "",
            "showSendToCloud": False,
            "modeBarButtonsToRemove": [
                "select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d",
                "resetCameraLastSave3d", "hoverClosest3d",
            ],
        },
        "dictionary": {english: label(key, language) for english, key in BUTTONS.items()},
        "separators": label("maps.separators", language),
    }  # fmt: skip


def rounded(values: Sequence[float], digits: int = 4) -> list[float | None]:
    """Numbers with ``digits`` significant digits at the scale of the largest; None for NaN."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    places = digits - math.ceil(math.log10(largest)) if largest else 0
    return [round(value, places) if math.isfinite(value) else None for value in values]


def write_plotly(path: str | os.PathLike) -> None:
    """Write plotly's script from the package, once beside all the pages that load it."""
    from plotly.offline import get_plotlyjs

    write_text(get_plotlyjs(), path)


def write_page(template: str, path: str | os.PathLike, language: str, **values: Any) -> None:
    """Fill ``templates/{template}`` and write the page.

    Templates know ``say(key, **values)`` for words, ``own(name)`` for the text of a script or
    style sheet beside them, and ``data(value)`` for JSON. All else is escaped.
    """
    page = (
        _environment()
        .get_template(template)
        .render(
            language=language,
            say=functools.partial(_say, language=language),
            **values,
        )
    )
    write_text(page, path)


def _say(key: str, language: str, **values: Any) -> str:
    return label(key, language, **values)


@functools.cache
def _environment():
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    environment.globals["own"] = lambda name: (FOLDER / name).read_text(encoding="utf-8")
    environment.globals["data"] = data_text
    return environment
