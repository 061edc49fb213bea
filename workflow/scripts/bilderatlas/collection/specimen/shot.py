"""What a motif is told before it draws: the photographer's habits, place, moment, light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

EYE_HEIGHT = 1.65  # metres


@dataclass(frozen=True)
class Habit:
    """How a photographer works.

    Attributes:
        name: name in the truth table.
        author: name in the catalogue.
        horizon: height of the horizon, share of the picture from above.
        closeness: scale of figures and things (1 is the scene's own).
        contrast, key: slope of the tone curve, and how light the whole is (-1..1).
        softness: blur of the negative, in 1/1000 of its long side.
        landscape: share of pictures in landscape format.
        wander: how far the camera strays from the scene's centre.
    """

    name: str
    author: str
    horizon: float
    closeness: float
    contrast: float
    key: float
    softness: float
    landscape: float
    wander: float


ZEICHNER = Habit("zeichner", "Zeichner, Anton (1858-1929)", 0.60, 1.18, 1.2, -0.04, 1.0, 0.62, 0.5)
UNKNOWN = Habit("unknown", "Unbekannter Fotograf", 0.42, 0.82, 0.86, 0.12, 2.3, 0.55, 1.0)
HABITS = {habit.name: habit for habit in (ZEICHNER, UNKNOWN)}


@dataclass
class Shot:
    """One exposure.

    Attributes:
        width, height: of the canvas in px.
        facts: what the title speaks of; the drawing keeps to it.
        place: random numbers of the place, the same in all exposures of a series.
        moment: random numbers of the moment, new in each exposure.
        light: direction of the light, -1 (from the right) to 1 (from the left).
        step: metres that the camera has gone to the right since the first exposure of the place.
    """

    width: int
    height: int
    habit: Habit
    year: int
    winter: bool
    facts: dict[str, str]
    place: np.random.Generator
    moment: np.random.Generator
    light: float = 0.5
    step: float = 0.0

    @property
    def unit(self) -> float:
        """The long side of the canvas: what sizes are measured in."""
        return float(max(self.width, self.height))

    def parallax(self, rows: float) -> float:
        """By how many px the camera's step moves what stands so many rows below the horizon."""
        return -self.step * rows / EYE_HEIGHT

    def horizon(self, spread: float = 0.04) -> int:
        """Row of the horizon, by the photographer's habit."""
        share = self.habit.horizon + float(self.place.normal(0, spread))
        return int(self.height * min(max(share, 0.25), 0.78))
