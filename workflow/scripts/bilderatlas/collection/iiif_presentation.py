"""IIIF Presentation (2 and 3): manifests and collections as a source of pictures with records.

Every canvas with an image is a picture; what its manifest says of title, maker, date and rights
holds for all of its canvases. Rules: ``label`` is the title where ``metadata`` gives none, the
label of a canvas goes before the description where there are several; the collections above are
the series; ``rights`` (or ``license``) is the right of the image, and a canvas's own goes before
its manifest's; ``requiredStatement`` (or ``attribution``) is the credit line; ``provider`` the
repository; ``homepage`` (or ``related``), else the manifest's address, leads to the record.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bilderatlas.collection.download.single import FetchError
from bilderatlas.collection.iiif_values import (
    address,
    as_list,
    from_metadata,
    kind,
    read_json,
    text,
    values,
)
from bilderatlas.collection.measurements import picture_size
from bilderatlas.collection.records import Problems, join, new_record
from bilderatlas.errors import InputError


@dataclass
class Reading:
    """How manifests are read.

    Attributes:
        get: the bytes of an address or a local file; raises FetchError.
        language: which to prefer, two letters.
        columns: labels of ``metadata`` that this collection uses, by column of the catalogue.
        problems: takes what could not be read.
    """

    get: Callable[[str], bytes]
    language: str
    columns: dict[str, str]
    problems: Problems


def read_places(places: list[str], reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield a record a canvas of the manifests at ``places``, and of those in their collections.

    A manifest that is reached twice is read once. A member of a collection that is gone or is no
    IIIF is a problem; one that did not answer stops the reading after all others were asked.

    Raises:
        InputError: a place itself cannot be read, members did not answer, or there is no picture.
    """
    waiting = deque((place, place, "") for place in places)
    asked: set[str] = set()
    silent: list[str] = []
    known: set[str] = set()
    while waiting:
        found, place, series = waiting.popleft()
        if place in asked:
            continue
        asked.add(place)
        try:
            thing = found if isinstance(found, dict) else read_json(reading.get(found))
            if kind(thing) not in ("Manifest", "Collection", "Layer"):
                raise ValueError("it is neither a IIIF manifest nor a collection")
        except (FetchError, ValueError) as error:
            if place in places:
                raise InputError(f"{place} cannot be read as a IIIF manifest: {error}.") from None
            if getattr(error, "passing", False):
                silent.append(place)
            reading.problems.add(place, place, "", str(error), "manifest left out")
            continue
        if kind(thing) == "Manifest":
            for record in _records(thing, place, series, reading):
                yield _told_apart(record, known, place, reading.problems)
        else:
            name = join([series, text(thing.get("label"), reading.language)])
            waiting.extend((*member, name) for member in _members(thing))
    if silent:
        raise InputError(
            f"{len(silent)} manifests did not answer (the first is {silent[0]}): run the same "
            f"command again, those already read are kept."
        )
    if not known:
        raise InputError(f"{', '.join(places)} gives no canvas with an image: no picture.")


def _told_apart(
    record: dict[str, Any], known: set[str], place: str, problems: Problems
) -> dict[str, Any]:
    """The record, under another name where its canvas has the address of an earlier one."""
    name, number = record["record_id"], 2
    while record["record_id"] in known:
        record["record_id"] = f"{name}#{number}"
        number += 1
    if record["record_id"] != name:
        what = "a second canvas of this address"
        problems.add(place, name, "record_id", what, f"called {record['record_id']}")
    known.add(record["record_id"])
    return record


def _members(collection: dict[str, Any]) -> Iterator[tuple[dict[str, Any] | str, str]]:
    """Members of a collection, embedded whole or by address, and its pages."""
    for key in ("items", "members", "manifests", "collections"):
        for member in as_list(collection.get(key)):
            place = address(member)
            if not place or (kind(member) and kind(member) not in ("Manifest", "Collection")):
                continue
            whole = isinstance(member, dict) and any(
                member.get(name) for name in ("items", "sequences", "manifests", "members")
            )
            yield (member if whole else place), place
    for key in ("first", "next"):
        # a collection's page is a Collection (2.1) of its own address
        if address(collection.get(key)):
            yield address(collection[key]), address(collection[key])


def _records(
    manifest: dict[str, Any], place: str, series: str, reading: Reading
) -> Iterator[dict[str, Any]]:
    language = reading.language
    told = from_metadata(manifest.get("metadata"), language, reading.columns)
    size = picture_size(told.pop("size", ""))
    canvases = list(_canvases(manifest))
    shared = {
        "title": told.get("title") or text(manifest.get("label"), language),
        "series": series,
        "credit_line": told.get("credit_line") or _statement(manifest, language),
        "repository": told.get("repository") or _provider(manifest, language),
        "rights_image": _rights(manifest),
        "record_url": _homepage(manifest) or address(manifest) or place,
        "height_cm": size.height_cm if size else "",
        "width_cm": size.width_cm if size else "",
    }
    summary = told.get("description") or text(
        manifest.get("summary") or manifest.get("description"), language
    )
    for number, canvas in enumerate(canvases, start=1):
        identity = address(canvas) or f"{address(manifest) or place}#{number}"
        link, rights = _image(canvas)
        if not link:
            reading.problems.add(place, identity, "images", "no image", "canvas left out")
            continue
        own = from_metadata(canvas.get("metadata"), language, reading.columns)
        own.pop("size", None)
        label = text(canvas.get("label"), language) if len(canvases) > 1 else ""
        described = own.pop("description", "") or summary
        yield new_record(
            **told
            | shared
            | own
            | {
                "record_id": identity,
                "images": [link],
                "description": join([label, described]),
                "rights_image": _rights(canvas) or rights or shared["rights_image"],
            }
        )


def _canvases(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in as_list(manifest.get("items")):
        if kind(item) == "Canvas":
            yield item
    # the first sequence is the whole object; further ones are other orders of the same canvases
    for sequence in as_list(manifest.get("sequences"))[:1]:
        if isinstance(sequence, dict):
            yield from (one for one in as_list(sequence.get("canvases")) if isinstance(one, dict))


def _image(canvas: dict[str, Any]) -> tuple[str, str]:
    """Link to the first image that is painted on a canvas, by its service if it has one; rights."""
    bodies = [
        annotation.get("body")
        for page in as_list(canvas.get("items"))
        if isinstance(page, dict)
        for annotation in as_list(page.get("items"))
        if isinstance(annotation, dict)
        and "painting" in as_list(annotation.get("motivation", "painting"))
    ]
    bodies += [
        annotation.get("resource")
        for annotation in as_list(canvas.get("images"))
        if isinstance(annotation, dict)
    ]
    for body in bodies:
        for image in _images(body, 4):
            link = next(filter(None, map(_service, as_list(image.get("service")))), "")
            link = f"{link.rstrip('/')}/info.json" if link else address(image)
            if link:
                return link, _rights(image)
    return "", ""


def _images(body: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Images in a body: itself, the first of a choice, or the source of a part."""
    for one in as_list(body):
        if not isinstance(one, dict) or not depth:
            continue
        if kind(one) == "Choice":
            yield from _images(as_list(one.get("default")) + as_list(one.get("items")), depth - 1)
        elif kind(one) == "SpecificResource":
            yield from _images(one.get("source") or one.get("full"), depth - 1)
        elif kind(one) in ("Image", "") or one.get("service"):
            yield one


def _service(service: Any) -> str:
    """The address of an image service; empty for services of other kinds."""
    if not isinstance(service, dict):
        return ""
    told = [
        *as_list(service.get("@context")),
        *as_list(service.get("profile")),
        *as_list(service.get("type")),
        *as_list(service.get("@type")),
    ]
    marks = ("ImageService", "/api/image/", "/image-api/")
    known = any(mark in one for one in told if isinstance(one, str) for mark in marks)
    return address(service) if known else ""


def _rights(thing: dict[str, Any]) -> str:
    return join(map(address, as_list(thing.get("rights")) + as_list(thing.get("license"))))


def _statement(manifest: dict[str, Any], language: str) -> str:
    statement = manifest.get("requiredStatement")
    if isinstance(statement, dict) and "value" in statement:
        return text(statement["value"], language)
    return text(manifest.get("attribution"), language)


def _provider(manifest: dict[str, Any], language: str) -> str:
    providers = [one for one in as_list(manifest.get("provider")) if isinstance(one, dict)]
    return join(name for one in providers for name in values(one.get("label"), language)[:1])


def _homepage(manifest: dict[str, Any]) -> str:
    pages = as_list(manifest.get("homepage")) + as_list(manifest.get("related"))
    return next(filter(None, map(address, pages)), "")
