"""People: silhouettes with limbs, clothes and hats, modelled by light from one side."""

from __future__ import annotations

import math

import numpy as np

from bilderatlas.collection.specimen.body import draw_arms, draw_head, draw_legs
from bilderatlas.collection.specimen.canvas import (
    Sprite,
)
from bilderatlas.collection.specimen.doll import Doll

KINDS = ("woman", "man", "girl", "boy")


TALL = {"woman": 1.62, "man": 1.72, "girl": 1.2, "boy": 1.25}  # metres


def person(
    rng: np.random.Generator,
    height: float,
    kind: str,
    pose: str = "stand",
    facing: str = "front",
    light: float = 0.5,
    haze: float = 0.0,
) -> Sprite:
    """One figure, ``height`` px tall from heel to crown.

    Args:
        rng: decides build, clothes and hat.
        height: from heel to crown, px.
        kind: one of ``KINDS``.
        pose: stand, walk, pull, push, carry, bend, sit, point or akimbo.
        facing: front, back or side (to the right; mirror the sprite for left).
        light: direction of the light, -1 (from the right) to 1.
        haze: 0..1, how much the air between lifts the darks.
    """
    doll = Doll(height)
    child = kind in ("girl", "boy")
    skirted = kind in ("woman", "girl")
    lean = {"pull": 0.16, "push": 0.14, "bend": 0.42, "carry": 0.05}.get(pose, 0.0)
    if facing != "side" and pose in ("pull", "push"):
        lean *= 0.3
    coat = float(rng.uniform(0.07, 0.34))
    below = float(rng.uniform(0.06, 0.42)) if skirted else coat * float(rng.uniform(0.8, 1.3))
    if rng.random() < (0.45 if skirted else 0.15):
        coat = float(rng.uniform(0.5, 0.74))  # a light blouse, shirt sleeves
    skin = float(rng.uniform(0.5, 0.64))
    bulk = float(rng.uniform(0.9, 1.18)) * (1.1 if child else 1.0)
    hip = 0.30 if pose == "sit" else (0.47 if not child else 0.43)
    drop = (0.47 - hip) if pose == "sit" else 0.0

    def turn(x: float, y: float) -> tuple[float, float]:
        """Lean the upper body forward around the hip."""
        dx, dy = x, y - hip
        return dx * math.cos(lean) + dy * math.sin(lean), hip + dy * math.cos(lean) - dx * math.sin(
            lean
        )

    stride = 0.13 if pose in ("walk", "pull", "push") else 0.03
    stride *= float(rng.uniform(0.7, 1.2))
    draw_legs(doll, rng, skirted, child, facing, pose, hip, stride, below, bulk)
    neck = 0.845 - drop if not child else 0.79 - drop
    half = 0.105 * bulk * (0.72 if facing == "side" else 1)
    waist = hip + 0.13
    torso = [
        turn(-half, neck - 0.035),
        turn(-half * 0.45, neck),
        turn(half * 0.45, neck),
        turn(half, neck - 0.035),
        turn(half * (0.72 if skirted else 0.9), waist),
        turn(half * 0.95, hip - 0.03),
        turn(-half * 0.95, hip - 0.03),
        turn(-half * (0.72 if skirted else 0.9), waist),
    ]
    doll.shape(torso, coat)
    if skirted and rng.random() < 0.45 and facing != "back" and pose != "sit":
        reach = 0.16 if not child else 0.26
        doll.shape(
            [
                turn(-half * 0.6, waist),
                turn(half * 0.6, waist),
                (half * 1.0, reach),
                (-half * 1.0, reach),
            ],
            float(rng.uniform(0.6, 0.85)),
        )
    if kind == "man" and facing == "front":
        doll.shape([turn(-0.028, neck), turn(0.028, neck), turn(0.0, waist)], 0.72)
        doll.limb([turn(0, neck - 0.01), turn(0, waist + 0.05)], 0.014, 0.1)
    draw_arms(doll, rng, turn, pose, facing, neck, half, hip, coat, skin)
    draw_head(doll, rng, turn, kind, facing, neck, skin, child)
    sprite = doll.finish(rng, light, height)
    if haze > 0:
        sprite.image = sprite.image.point(lambda v: int(v * (1 - haze) + 200 * haze))
    return sprite
