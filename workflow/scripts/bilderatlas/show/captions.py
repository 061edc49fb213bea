"""What stands beneath a picture, from the catalogue."""

from __future__ import annotations

import pandas as pd


def captions(catalogue: pd.DataFrame) -> dict[str, str]:
    """By image id: title, date and makers as the archive wrote them, what is unknown left out."""
    return {
        image_id: ", ".join(part for part in (title, date, makers) if part)
        for image_id, title, date, makers in zip(
            catalogue["image_id"],
            catalogue["title"],
            catalogue["date"],
            catalogue["makers"],
            strict=True,
        )
    }
