"""German dates as archives write them, in the variety of the real ones."""

from __future__ import annotations

import numpy as np

SUMMER_MONTHS = ("April", "Mai", "Juni", "Juli", "August", "September", "Oktober")
WINTER_MONTHS = ("Januar", "Februar", "Dezember")


def german_date(rng: np.random.Generator, year: int, winter: bool) -> str:
    """A date, as written, that contains ``year`` (``winter``: of a picture with snow).

    About half are seasons, the others months, days, years, spans, and years with "um".
    """
    pick = rng.random()
    if winter:
        first = year - int(rng.integers(0, 2))
        short = f"{first}/{(first + 1) % 100:02d}" if rng.random() < 0.5 else f"{first}/{first + 1}"
        if pick < 0.7:
            return f"Winter {short}"
        if pick < 0.8:
            return f"Jahreswende {short}"
        return f"{rng.choice(WINTER_MONTHS)} {year}"
    if pick < 0.42:
        return f"{rng.choice(['Sommer', 'Sommer', 'Herbst', 'Frühling', 'Spätsommer'])} {year}"
    if pick < 0.58:
        return f"{rng.choice(SUMMER_MONTHS)} {year}"
    if pick < 0.62:
        month = int(rng.integers(0, len(SUMMER_MONTHS) - 1))
        return f"{SUMMER_MONTHS[month]}/{SUMMER_MONTHS[month + 1]} {year}"
    if pick < 0.68:
        return f"{int(rng.integers(1, 31))}. {rng.choice(SUMMER_MONTHS)} {year}"
    if pick < 0.80:
        return str(year)
    if pick < 0.86:
        first = year - int(rng.integers(0, 2))
        return f"{first}/{first + 1}" if rng.random() < 0.8 else f"{first}/ {first + 1}"
    if pick < 0.90:
        first = year - int(rng.integers(0, 3))
        return f"um {first}-{first + 2}"
    return f"um {year}"
