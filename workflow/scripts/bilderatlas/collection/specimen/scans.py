"""Scans: a photograph as it came off the scanner, before anybody cut the card away.

Bed, mount, shadow, cards at any edge, a slight turn, noise: all drawn from a seed, and the box of
the photograph is known. Sizes follow the picture that is laid down.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.scan_cards import CARDS, draw_card

RECIPE = 1  # raise when the same seed would lay another scan

SIDES = ("left", "top", "right", "bottom")
MOUNTED_SHARE = 0.5  # of the trimmed ones
WHOLE_SHARE = 0.15  # scans that somebody has cut already
# lid, black flock, grey board, warm board: tone, and how rough
BEDS = (((247, 247, 246), 0.4), ((16, 16, 17), 0.8), ((128, 129, 131), 1.5), ((196, 188, 172), 2.0))
MOUNTS = ((226, 219, 203), (203, 194, 175), (92, 88, 84), (150, 152, 146), (238, 236, 230))


@dataclass(frozen=True)
class Scan:
    """A scan and what is true of it.

    Attributes:
        image: RGB.
        box: left, top, right, bottom of the photograph (of the upright rectangle around it, where
            it lies at an angle), right and bottom exclusive.
        cards: kind and side of each card, ``colour bottom``.
        mounted: whether the photograph is glued to a board.
    """

    image: Image.Image
    box: tuple[int, int, int, int]
    cards: tuple[str, ...]
    mounted: bool


def lay_on_scanner(picture: Image.Image, rng: np.random.Generator, trimmed: bool) -> Scan:
    """Lay a photograph on a scanner, perhaps with cards beside it, and scan it.

    Args:
        picture: RGB.
        rng: what happens on the scanner.
        trimmed: whether the photograph was cut to its image; the others keep their paper's rim.
    """
    if rng.random() < WHOLE_SHARE:
        return Scan(_scanned(picture, rng), (0, 0, *picture.size), (), False)
    unit = max(picture.size)
    # ASSUME: photographs were cut to their image before they were glued to a board
    mounted = bool(rng.random() < MOUNTED_SHARE) and trimmed
    thing, print_in_thing = _mount(picture, rng) if mounted else (picture, (0, 0, *picture.size))
    number = int(rng.choice([0, 1, 2], p=[0.2, 0.62, 0.18]))
    sides = [str(side) for side in rng.choice(SIDES, number, replace=bool(rng.random() < 0.2))]
    margins = {side: unit * float(rng.uniform(0.015, 0.12)) for side in SIDES}
    if rng.random() < 0.08:  # laid against the edge of the glass
        margins[str(rng.choice([side for side in SIDES if side not in sides]))] = 0.0
    cards = []
    for side in dict.fromkeys(sides):
        thick = unit * float(rng.uniform(0.09, 0.17))
        touching = rng.random() < 0.12
        gap = unit * float(rng.uniform(0, 0.004) if touching else rng.uniform(0.012, 0.05))
        rim = unit * float(rng.uniform(-0.03, 0.03))
        margins[side] = gap + thick + rim
        for place in range(sides.count(side)):
            cards.append((side, thick, gap, place, sides.count(side)))
    angle = float(rng.uniform(-1.3, 1.3) if rng.random() < 0.6 else rng.uniform(-0.15, 0.15))
    around = _around(thing.size, (0, 0, *thing.size), angle)
    wide, high = around[2] - around[0], around[3] - around[1]
    left, top = round(margins["left"]), round(margins["top"])
    size = (
        left + math.ceil(wide) + round(margins["right"]),
        top + math.ceil(high) + round(margins["bottom"]),
    )
    bed = _bed(size, rng)
    _lay(bed, thing, (left + wide / 2, top + high / 2), angle, rng)
    names = []
    object_box = (left, top, left + wide, top + high)
    for side, thick, gap, place, of in cards:
        kind = str(rng.choice(list(CARDS)))
        _lay_card(bed, kind, side, thick, gap, (place, of), object_box, rng)
        names.append(f"{kind} {side}")
    inner = _around(thing.size, print_in_thing, angle)
    x, y = left - around[0], top - around[1]
    box = (
        max(0, math.floor(inner[0] + x)), max(0, math.floor(inner[1] + y)),
        min(size[0], math.ceil(inner[2] + x)), min(size[1], math.ceil(inner[3] + y)),
    )  # fmt: skip
    return Scan(_scanned(bed, rng), box, tuple(names), mounted)


def _around(
    size: tuple[int, int], box: tuple[float, ...], angle: float
) -> tuple[float, float, float, float]:
    """The upright rectangle around ``box`` after a turn of ``angle`` degrees about the centre."""
    turn = math.radians(angle)
    xs, ys = [], []
    for x in (box[0], box[2]):
        for y in (box[1], box[3]):
            u, v = x - size[0] / 2, y - size[1] / 2
            xs.append(u * math.cos(turn) + v * math.sin(turn))
            ys.append(-u * math.sin(turn) + v * math.cos(turn))
    half = (size[0] / 2, size[1] / 2)
    return min(xs) + half[0], min(ys) + half[1], max(xs) + half[0], max(ys) + half[1]


def _bed(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """What the photograph lies on: nearly one tone, lit a little unevenly."""
    tone, rough = BEDS[rng.integers(len(BEDS))]
    width, height = size
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    light = 1 + float(rng.normal(0, 0.012)) * x + float(rng.normal(0, 0.012)) * y
    light -= float(rng.uniform(0, 0.03)) * (x**2 + y**2)
    base = np.array(tone, np.float32) + float(rng.normal(0, 4))
    ground = base * light[..., None] + rough * texture.fractal(rng, height, width, 1.5)[..., None]
    return Image.fromarray(ground.clip(0, 255).astype(np.uint8))


def _mount(
    picture: Image.Image, rng: np.random.Generator
) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """A board with the photograph glued on it, and the photograph's place on the board."""
    unit = max(picture.size)
    # ASSUME: boards show a wide rim, and a wider one below for the title
    rim = {side: round(unit * float(rng.uniform(0.07, 0.2))) for side in SIDES}
    rim["bottom"] = round(rim["bottom"] * float(rng.uniform(1, 1.5)))
    size = (
        picture.width + rim["left"] + rim["right"], picture.height + rim["top"] + rim["bottom"]
    )  # fmt: skip
    tone = np.array(MOUNTS[rng.integers(len(MOUNTS))], np.float32) + float(rng.normal(0, 5))
    board = tone + 2.5 * texture.fractal(rng, size[1], size[0], 2)[..., None]
    image = Image.fromarray(board.clip(0, 255).astype(np.uint8))
    left, top = rim["left"], rim["top"]
    box = (left, top, left + picture.width, top + picture.height)
    pen = ImageDraw.Draw(image)
    ink = (70, 66, 60) if tone.mean() > 120 else (200, 196, 188)
    if rng.random() < 0.3:  # a ruled frame
        away = round(min(rim.values()) * float(rng.uniform(0.25, 0.6)))
        pen.rectangle((left - away, top - away, box[2] + away, box[3] + away), outline=ink)
    if rng.random() < 0.6:  # a title in pencil below
        x, y = left + picture.width * float(rng.uniform(0.05, 0.4)), box[3] + rim["bottom"] * 0.4
        for _ in range(int(rng.integers(12, 40))):
            tall = float(rng.uniform(2, 7))
            pen.line((x, y, x + 2, y - tall), fill=ink)
            x += float(rng.uniform(3, 8))
    centre = (left + picture.width / 2, top + picture.height / 2)
    _lay(image, picture, centre, 0.0, rng, lift=0.5)  # glued down: a thin shadow
    return image, box


def _lay(
    bed: Image.Image,
    thing: Image.Image,
    centre: tuple[float, float],
    angle: float,
    rng: np.random.Generator,
    lift: float = 1.0,
) -> None:
    """Lay a flat thing down, turned by ``angle`` degrees, with the shadow of its edge."""
    data = _placing(thing.size, centre, angle)
    mask = Image.new("L", thing.size, 255).transform(
        bed.size, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR
    )
    turned = thing.transform(bed.size, Image.Transform.AFFINE, data, Image.Resampling.BICUBIC)
    blur = float(rng.uniform(1.0, 5.0)) * lift
    shift = tuple(round(float(v)) for v in rng.normal(0, 1.5 * lift, 2))
    shade = Image.new("L", bed.size)
    shade.paste(mask, shift)
    depth = float(rng.uniform(0.05, 0.5)) * lift
    shade = shade.filter(ImageFilter.GaussianBlur(blur)).point(lambda v: int(v * depth))
    bed.paste(Image.new("RGB", bed.size, (8, 8, 8)), mask=shade)
    bed.paste(turned, mask=mask)


def _placing(size: tuple[int, int], centre: tuple[float, float], angle: float) -> tuple[float, ...]:
    """Pillow's coefficients that lay a thing's centre on ``centre``, turned."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    x, y = centre
    return (
        c, -s, size[0] / 2 - c * x + s * y,
        s, c, size[1] / 2 - s * x - c * y,
    )  # fmt: skip


def _lay_card(
    bed: Image.Image,
    kind: str,
    side: str,
    thick: float,
    gap: float,
    place: tuple[int, int],
    object_box: tuple[float, ...],
    rng: np.random.Generator,
) -> None:
    """Lay a card beside the photograph; several at one side share its length."""
    upright = side in ("left", "right")
    whole = bed.height if upright else bed.width
    share = whole / place[1]
    length = share * float(rng.uniform(0.5, 0.97))
    card = draw_card(rng, kind, round(length), round(thick))
    slack = share - length
    along = share * place[0] + length / 2 + slack * float(rng.random())
    tilt = float(rng.uniform(-0.8, 0.8)) if gap > 0.008 * length else float(rng.normal(0, 0.1))
    # a card at an angle needs more room; it must not come to lie on the photograph
    needed = card.height / 2 + abs(math.sin(math.radians(tilt))) * length / 2 + gap
    turn = {"left": 90, "right": 270, "top": 0, "bottom": 180}[side]
    if rng.random() < 0.5:
        turn += 180
    centre = {
        "left": (object_box[0] - needed, along),
        "right": (object_box[2] + needed, along),
        "top": (along, object_box[1] - needed),
        "bottom": (along, object_box[3] + needed),
    }[side]
    _lay(bed, card, centre, turn + tilt, rng, lift=0.7)


def _scanned(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """What the scanner makes of it: a little blur, noise, JPEG."""
    soft = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 0.7))))
    array = np.asarray(soft, np.float32)
    noise = texture.cut(texture.white_bank(), rng, *array.shape[:2])[..., None]
    array = array + float(rng.uniform(0.2, 1.6)) * noise
    held = io.BytesIO()
    rough = Image.fromarray(array.clip(0, 255).astype(np.uint8))
    rough.save(held, "JPEG", quality=int(rng.integers(75, 94)))
    return Image.open(held).convert("RGB")
