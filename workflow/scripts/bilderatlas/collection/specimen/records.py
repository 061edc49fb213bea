"""The records beside the pictures: a LIDO 1.0 document and the table of the truth."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from lxml import etree

from bilderatlas.collection.specimen.plan import Picture
from bilderatlas.files import write_atomically, write_table

LIDO = "http://www.lido-schema.org"
SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
REPOSITORY = "Archiv des Bilderatlas, Specimen"
TRUTH = ("image_id", "motif", "photographer", "year", "negative", "mirrored", "cut")
# "production" in the LIDO terminology
PRODUCTION = "http://terminology.lido-schema.org/lido00007"


def _add(parent: etree._Element, path: str, text: str | None = None, **attributes: str):
    """Append the elements of ``path`` (a/b/c), the last with ``text``; returns the last."""
    for name in path.split("/"):
        parent = etree.SubElement(parent, f"{{{LIDO}}}{name}")
    parent.text = text
    for name, value in attributes.items():
        parent.set(f"{{{LIDO}}}{name}", value)
    return parent


def measurement(picture: Picture) -> str:
    """The picture's size as the archive writes it: height x width, decimal comma."""
    height, width = (
        f"{value:.1f}".removesuffix(".0").replace(".", ",")
        for value in (picture.height_cm, picture.width_cm)
    )
    return f"Bildmaß:  {height}x{width} cm"


def _record(wrap: etree._Element, picture: Picture) -> None:
    lido = _add(wrap, "lido")
    _add(lido, "lidoRecID", f"specimen/{picture.image_id}", type="local")
    described = _add(lido, "descriptiveMetadata")
    described.set(LANGUAGE, "de")
    _add(described, "objectClassificationWrap/objectWorkTypeWrap/objectWorkType/term", "Fotografie")
    identified = _add(described, "objectIdentificationWrap")
    title = _add(identified, "titleWrap/titleSet")
    _add(title, "appellationValue", picture.title, pref="preferred")
    kept = _add(identified, "repositoryWrap/repositorySet", type="current")
    _add(kept, "repositoryName/legalBodyName/appellationValue", REPOSITORY)
    _add(kept, "workID", picture.inventory, type="inventory number")
    sizes = _add(identified, "objectMeasurementsWrap/objectMeasurementsSet")
    _add(sizes, "displayObjectMeasurements", measurement(picture))
    event = _add(described, "eventWrap/eventSet/event")
    kind = _add(event, "eventType")
    _add(kind, "conceptID", PRODUCTION, type="URI")
    _add(kind, "term", "Herstellung")
    _add(event, "eventActor/displayActorInRole", picture.habit.author)
    _add(event, "eventDate/displayDate", picture.date)
    _add(event, "eventMaterialsTech/displayMaterialsTech", picture.technique)
    about = _add(lido, "administrativeMetadata")
    about.set(LANGUAGE, "de")
    record = _add(about, "recordWrap")
    _add(record, "recordID", picture.image_id, type="local")
    _add(record, "recordType/term", "Einzelobjekt")
    _add(record, "recordSource/legalBodyName/appellationValue", REPOSITORY)
    resource = _add(about, "resourceWrap/resourceSet")
    _add(resource, "resourceID", picture.image_id, type="local")
    shown = _add(resource, "resourceRepresentation")
    _add(shown, "linkResource", f"{picture.image_id}.jpg", formatResource="image/jpeg")


def write_lido(pictures: list[Picture], path: Path) -> None:
    """Write one LIDO 1.0 document with a record for each picture."""
    wrap = etree.Element(f"{{{LIDO}}}lidoWrap", nsmap={"lido": LIDO, "xsi": SCHEMA})
    where = f"{LIDO} {LIDO}/schema/v1.0/lido-v1.0.xsd"
    wrap.set(f"{{{SCHEMA}}}schemaLocation", where)
    for picture in pictures:
        _record(wrap, picture)
    with write_atomically(path) as temporary:
        etree.ElementTree(wrap).write(
            temporary, xml_declaration=True, encoding="UTF-8", pretty_print=True
        )


def write_truth(pictures: list[Picture], path: Path) -> None:
    """Write what only tests and metrics may read: motif, photographer, year, negative."""
    rows = [
        (
            p.image_id,
            p.motif,
            p.habit.name,
            p.year,
            p.negative,
            str(p.mirrored).lower(),
            str(p.cut is not None).lower(),
        )
        for p in pictures
    ]
    write_table(pd.DataFrame(rows, columns=list(TRUTH)), path, TRUTH)
