"""IIIF Image API (2 and 3, and the addresses of 1): which address gives a picture of bounded width.

An address is ``{service}/{region}/{size}/{rotation}/{quality}.{format}``; ``{service}/info.json``
says how large the picture is and what the server can do. Source: IIIF Image API 2.1.1 and 3.0
with their compliance documents.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from bilderatlas.collection.iiif_values import read_json

_REQUEST = re.compile(
    r"(?P<service>https?://.+)"
    r"/(?P<region>full|square|(?:pct:)?[\d.]+,[\d.]+,[\d.]+,[\d.]+)"
    r"/(?P<size>\^?(?:full|max|pct:[\d.]+|!?\d*,\d*))"
    r"/!?[\d.]+/(?P<quality>default|native|colou?r|gr[ae]y|bitonal)\.\w+(?:\?.*)?",
    re.IGNORECASE,
)
_INFO = re.compile(r"(?P<service>https?://.+)/info\.json(?:\?.*)?", re.IGNORECASE)
_LEVEL = re.compile(r"level([012])(?:\.json)?/?$")


@dataclass(frozen=True)
class Service:
    """An image service that a link leads to.

    Attributes:
        base: its address, without a slash at the end.
        whole: does the link itself ask for the picture in its full size?
    """

    base: str
    whole: bool


def service_of(link: str) -> Service | None:
    """The image service of a link to a whole picture, or to an ``info.json``; else None.

    A link to a region is no link to the whole picture: somebody chose that detail, so it is
    taken as it stands.
    """
    found = _INFO.fullmatch(link)
    if found:
        return Service(found["service"], False)
    found = _REQUEST.fullmatch(link)
    if not found or found["region"].lower() != "full":
        return None
    return Service(found["service"], found["size"].lower() in ("full", "max"))


def read_info(content: bytes) -> dict[str, Any]:
    """An ``info.json`` as a mapping.

    Raises:
        ValueError: it is no JSON object with a whole, positive width and height.
    """
    try:
        info = read_json(content)
    except ValueError as error:
        raise ValueError(f"info.json {str(error).removeprefix('it ')}") from None
    if not (_length(info.get("width")) and _length(info.get("height"))):
        raise ValueError("info.json gives no width and height")
    return info


def requests_for(info: dict[str, Any], width: int) -> list[str]:
    """What to append to the service's address for a picture ``width`` pixels wide at most.

    The first is what the server says that it can do; the others are for servers that cannot do
    what they say, in the order in which to try them. At level 0 it is the largest of the listed
    ``sizes`` that is not wider than ``width``, the smallest where all are wider, and the picture
    as it is where none is listed. Nothing is ever asked to be larger than it is, nor than the
    server's own ``maxWidth``, ``maxHeight`` and ``maxArea``.

    Args:
        info: what :func:`read_info` gave.
        width: pixels, at least 1.
    """
    version = version_of(info)
    quality = "native" if version == 1 else "default"
    all_of_it = "max" if version == 3 else "full"
    full, height = _length(info["width"]), _length(info["height"])
    features, limits = _features(info)
    allowed = _allowed(full, height, limits)
    target = max(1, min(width, allowed))
    sizes: list[str] = []
    if target >= full:
        sizes = [all_of_it]
    elif _level(info) >= 1 or "sizebyw" in features:
        sizes = [f"{target},"]
    else:
        listed = [(w, h) for w, h in _sizes(info) if w <= allowed]
        fitting = [size for size in listed if size[0] <= width]
        chosen = max(fitting, default=min(listed, default=None))
        if chosen:
            # both spellings are canonical somewhere; folders of static files have one of them
            sizes = [f"{chosen[0]},{chosen[1]}", f"{chosen[0]},"]
    sizes.append(all_of_it)
    if version == 2:
        sizes.append("max")  # since 2.1, where full may be refused
    return [f"/full/{size}/0/{quality}.jpg" for size in dict.fromkeys(sizes)]


def version_of(info: dict[str, Any]) -> int:
    """The version of the Image API, 1 to 3; 2 where it is not said."""
    contexts = info.get("@context")
    told = [*(contexts if isinstance(contexts, list) else [contexts]), *_profiles(info)]
    for text in (one for one in told if isinstance(one, str)):
        if "/api/image/3/" in text:
            return 3
        if "/api/image/2/" in text:
            return 2
        if "/api/image/1/" in text or "/image-api/1.1/" in text or "compliance.html" in text:
            return 1
    return 3 if info.get("type") == "ImageService3" else 2


def _level(info: dict[str, Any]) -> int:
    for profile in _profiles(info):
        found = _LEVEL.search(profile) if isinstance(profile, str) else None
        if found:
            return int(found[1])
    return 0


def _profiles(info: dict[str, Any]) -> list[Any]:
    profile = info.get("profile")
    return profile if isinstance(profile, list) else [profile]


def _features(info: dict[str, Any]) -> tuple[set[str], dict[str, int]]:
    """Extra features in lower case, and the limits: in 3 beside the size, in 2 in the profile."""
    features: list[Any] = _list(info.get("extraFeatures"))
    limits: dict[str, int] = {}
    for block in [info, *(one for one in _profiles(info) if isinstance(one, dict))]:
        features += _list(block.get("supports"))
        for name in ("maxWidth", "maxHeight", "maxArea"):
            if _length(block.get(name)):
                limits[name] = _length(block[name])
    return {one.lower() for one in features if isinstance(one, str)}, limits


def _allowed(full: int, height: int, limits: dict[str, int]) -> int:
    """The greatest width that the server gives."""
    widths = [full, limits.get("maxWidth", full)]
    # without a maxHeight, maxWidth bounds both sides
    tallest = limits.get("maxHeight", limits.get("maxWidth"))
    if tallest:
        widths.append(full * tallest // height)
    if "maxArea" in limits:
        widths.append(math.isqrt(limits["maxArea"] * full // height))
    return min(widths)


def _sizes(info: dict[str, Any]) -> list[tuple[int, int]]:
    pairs = [
        (_length(one.get("width")), _length(one.get("height")))
        for one in _list(info.get("sizes"))
        if isinstance(one, dict)
    ]
    return [(width, height) for width, height in pairs if width and height]


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def _length(value: Any) -> int:
    """A whole, positive number of pixels, also where it is written as text; else 0."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        value = int(value)
    right = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 2**31
    return int(value) if right else 0
