"""The motifs by name: how a scene is invented (facts and German title) and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bilderatlas.collection.specimen.motif_booth import draw_booth, invent_booth
from bilderatlas.collection.specimen.motif_cart import draw_cart, invent_cart
from bilderatlas.collection.specimen.motif_crowd import draw_crowd, invent_crowd
from bilderatlas.collection.specimen.motif_doorway import draw_doorway, invent_doorway
from bilderatlas.collection.specimen.motif_pit import draw_pit, invent_pit
from bilderatlas.collection.specimen.motif_portrait import draw_portrait, invent_portrait
from bilderatlas.collection.specimen.motif_still import draw_still, invent_still
from bilderatlas.collection.specimen.motif_street import draw_street, invent_street
from bilderatlas.collection.specimen.shot import Shot


@dataclass(frozen=True)
class Motif:
    """A motif; ``landscape`` is its share of pictures in landscape format."""

    invent: Callable[[np.random.Generator], tuple[dict[str, str], str]]
    draw: Callable[[Shot], np.ndarray]
    landscape: float


MOTIFS = {
    "cart": Motif(invent_cart, draw_cart, 0.85),
    "doorway": Motif(invent_doorway, draw_doorway, 0.25),
    "street": Motif(invent_street, draw_street, 0.5),
    "portrait": Motif(invent_portrait, draw_portrait, 0.12),
    "crowd": Motif(invent_crowd, draw_crowd, 0.9),
    "still_life": Motif(invent_still, draw_still, 0.6),
    "booth": Motif(invent_booth, draw_booth, 0.85),
    "pit": Motif(invent_pit, draw_pit, 0.65),
}
