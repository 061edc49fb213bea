"""Legs, arms, heads and hats of a figure, in body coordinates (see :mod:`.doll`)."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen.doll import Doll


def draw_legs(
    doll: Doll, rng: np.random.Generator, skirted, child, facing, pose, hip, stride, tone, bulk
) -> None:
    """Legs and shoes, or a skirt with its folds; ``stride`` parts the feet."""
    shoe = 0.07
    if pose == "sit":
        for side in (-1, 1):
            x = 0.055 * side * bulk
            ahead = 0.22 if facing == "side" else 0.03 * side
            knee = (ahead + x * 0.4, hip + 0.0)
            doll.limb([(x, hip + 0.02), knee, (knee[0] * 1.05, 0.03)], 0.085, tone)
            doll.oval(knee[0] * 1.08 + (0.03 if facing == "side" else 0), 0.018, 0.05, 0.02, shoe)
        if skirted:
            reach = 0.24 if facing == "side" else 0.13
            doll.shape(
                [
                    (-0.11, hip + 0.1),
                    (0.1, hip + 0.1),
                    (reach, hip),
                    (reach + 0.02, 0.06),
                    (-0.1, 0.06),
                ],
                tone,
            )
        return
    hem = 0.30 if child else float(rng.uniform(0.015, 0.06))
    spread = stride if facing == "side" else 0.05
    for side in (-1, 1):
        ankle = spread * side + (0.02 if facing == "side" else 0)
        knee = (ankle * 0.55 + (0.035 if facing == "side" else 0), hip * 0.52)
        bare = 0.2 if child else tone * 0.85
        top = 0.045 * side * (0.4 if facing == "side" else 1)
        doll.limb([(top, hip), knee, (ankle, 0.04)], 0.088 if not skirted else 0.06, bare)
        toe = 0.028 if facing == "side" else 0.008 * side
        doll.oval(ankle + toe, 0.017, 0.052 if facing == "side" else 0.034, 0.021, shoe)
    if skirted:
        wide = float(rng.uniform(0.14, 0.21)) * bulk * (0.85 if child else 1)
        sway = float(rng.uniform(-0.02, 0.03)) + (0.03 if stride > 0.06 else 0)
        doll.shape(
            [
                (-0.085 * bulk, hip + 0.12),
                (0.085 * bulk, hip + 0.12),
                (0.115 * bulk, hip),
                (wide * 0.8 + sway, hip * 0.45 + hem / 2),
                (wide + sway, hem),
                (sway, hem - 0.012),
                (-wide + sway * 0.4, hem),
                (-wide * 0.78, hip * 0.45 + hem / 2),
                (-0.115 * bulk, hip),
            ],
            tone,
        )
        for _ in range(5):  # folds of the skirt
            x = float(rng.uniform(-0.7, 0.7))
            doll.limb(
                [(x * 0.09, hip), (x * wide, hem + 0.03)],
                0.008,
                tone * float(rng.choice([0.55, 1.3])),
            )
    elif not child and rng.random() < 0.35:
        doll.shape(
            [
                (-0.1 * bulk, hip + 0.05),
                (0.1 * bulk, hip + 0.05),
                (0.125 * bulk, 0.24),
                (-0.125 * bulk, 0.24),
            ],
            tone * 0.9,
        )


def draw_arms(
    doll: Doll, rng: np.random.Generator, turn, pose, facing, neck, half, hip, coat, skin
) -> None:
    """Both arms, bent as the pose wants; ``turn`` leans them with the body."""
    shoulder = neck - 0.05
    for side in (-1, 1):
        x = half * 0.88 * side
        if facing == "side":
            x *= 0.25
        swing = float(rng.uniform(-0.03, 0.03))
        elbow, hand = (x * 1.25, shoulder - 0.17), (x * 1.28 + swing, shoulder - 0.33)
        if pose == "pull" and facing == "side":
            elbow, hand = (x - 0.12, shoulder - 0.16), (x - 0.25, shoulder - 0.27)
        elif pose in ("push", "carry") and facing == "side":
            elbow, hand = (x + 0.07, shoulder - 0.16), (x + 0.22, shoulder - 0.2)
        elif pose in ("carry", "sit"):
            elbow, hand = (x * 1.35, shoulder - 0.17), (x * 0.35, hip + 0.09)
        elif pose == "akimbo" or (pose == "stand" and rng.random() < 0.2):
            elbow, hand = (x + 0.11 * side, shoulder - 0.16), (x * 0.9, hip + 0.1)
        elif pose == "point" and side == 1:
            elbow, hand = (x + 0.13, shoulder - 0.03), (x + 0.27, shoulder + 0.06)
        elif pose == "bend":
            elbow, hand = (x + 0.02, shoulder - 0.17), (x + 0.06, shoulder - 0.34)
        elif pose == "walk" and facing == "side":
            elbow, hand = (0.05 * side, shoulder - 0.17), (0.13 * side, shoulder - 0.3)
        tone = coat * (0.82 if side < 0 else 1.05)
        doll.limb([turn(x, shoulder), turn(*elbow), turn(*hand)], 0.052, tone)
        doll.oval(*turn(*hand), 0.019, 0.023, skin * 0.92)


def draw_head(doll: Doll, rng: np.random.Generator, turn, kind, facing, neck, skin, child) -> None:
    """Neck, head, hair, a face in a few strokes, and a hat."""
    big = 1.25 if child else 1.0
    ry, rx = 0.068 * big, 0.05 * big
    x, y = turn(0.012 if facing == "side" else float(rng.uniform(-0.01, 0.01)), neck + 0.085 * big)
    nape = turn(0, neck)
    doll.limb([nape, (x, y - 0.04)], 0.05, skin * 0.8)
    hair = float(rng.choice([0.06, 0.1, 0.16, 0.3]))
    doll.oval(x, y, rx, ry, skin if facing != "back" else hair)
    if facing == "front":
        doll.oval(x, y + ry * 0.4, rx * 1.04, ry * 0.72, hair)
        doll.oval(x, y - ry * 0.08, rx * 0.86, ry * 0.78, skin)
        for side in (-1, 1):
            doll.oval(x + side * rx * 0.38, y + ry * 0.1, rx * 0.17, ry * 0.06, skin * 0.55)
        doll.limb([(x, y + ry * 0.05), (x + 0.002, y - ry * 0.28)], 0.007, skin * 0.75)
        doll.limb(
            [(x - rx * 0.3, y - ry * 0.52), (x + rx * 0.3, y - ry * 0.52)], 0.006, skin * 0.66
        )
        if kind == "man" and rng.random() < 0.6:
            beard = float(rng.uniform(0.1, 0.6))
            doll.oval(x, y - ry * 0.38, rx * 0.5, ry * 0.12, beard)
            if rng.random() < 0.4:
                doll.oval(x, y - ry * 0.85, rx * 0.62, ry * 0.45, beard)
    elif facing == "side":
        doll.shape(
            [(x + rx * 0.8, y + 0.015), (x + rx * 1.3, y - 0.012), (x + rx * 0.8, y - 0.02)], skin
        )
        doll.oval(x - rx * 0.35, y + ry * 0.25, rx * 0.8, ry * 0.8, hair)
    _hat(doll, rng, kind, x, y, rx, ry, hair, facing, skin)


def _hat(doll: Doll, rng: np.random.Generator, kind, x, y, rx, ry, hair, facing, skin) -> None:
    dark = float(rng.uniform(0.04, 0.18))
    pick = rng.random()
    top = y + ry * 0.45
    if kind == "woman" and pick < 0.35:  # a headscarf
        cloth = float(rng.choice([0.2, 0.5, 0.8]))
        doll.oval(
            x - (rx * 0.3 if facing == "side" else 0), y + ry * 0.35, rx * 1.12, ry * 0.85, cloth
        )
        if facing == "front":
            doll.oval(x, y - ry * 0.12, rx * 0.78, ry * 0.72, skin)
            doll.oval(x - rx * 0.33, y, rx * 0.15, ry * 0.06, skin * 0.55)
            doll.oval(x + rx * 0.33, y, rx * 0.15, ry * 0.06, skin * 0.55)
    elif kind in ("woman", "girl") and pick < 0.7:  # a hat with a wide brim
        tone = float(rng.choice([0.1, 0.75, 0.82]))
        doll.oval(x, top, rx * float(rng.uniform(1.7, 2.5)), ry * 0.22, tone)
        doll.oval(x, top + ry * 0.3, rx * 0.95, ry * 0.5, tone * 0.9)
        if rng.random() < 0.5:
            doll.oval(x + rx * 0.5, top + ry * 0.55, rx * 0.6, ry * 0.4, 1 - tone)
    elif kind in ("woman", "girl"):  # bare, hair tied up
        doll.oval(
            x - (rx * 0.5 if facing == "side" else 0), y + ry * 1.05, rx * 0.5, ry * 0.38, hair
        )
    elif pick < 0.4:  # a flat cap
        doll.oval(
            x + (rx * 0.2 if facing == "side" else 0), top + ry * 0.22, rx * 1.25, ry * 0.38, dark
        )
    elif pick < 0.62:  # a bowler
        doll.oval(x, top, rx * 1.5, ry * 0.15, dark)
        doll.oval(x, top + ry * 0.3, rx * 1.02, ry * 0.62, dark)
    elif pick < 0.78 and kind == "man":  # a straw boater
        doll.oval(x, top + ry * 0.05, rx * 1.6, ry * 0.14, 0.82)
        doll.shape(
            [
                (x - rx, top),
                (x + rx, top),
                (x + rx * 0.96, top + ry * 0.6),
                (x - rx * 0.96, top + ry * 0.6),
            ],
            0.78,
        )
        doll.limb([(x - rx, top + ry * 0.14), (x + rx, top + ry * 0.14)], ry * 0.2, 0.1)
    elif pick < 0.86 and kind == "man":  # a top hat
        doll.oval(x, top, rx * 1.5, ry * 0.14, 0.05)
        doll.shape(
            [
                (x - rx * 0.95, top),
                (x + rx * 0.95, top),
                (x + rx, top + ry * 1.5),
                (x - rx, top + ry * 1.5),
            ],
            0.06,
        )
