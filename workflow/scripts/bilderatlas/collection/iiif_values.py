"""Values in IIIF manifests of the Presentation API 2 and 3, read as museums write them.

Version 3 gives texts as ``{"de": ["…"]}``, version 2 as a string, as ``{"@value": …,
"@language": …}``, or as a list of either; both are met in files of either version. Sources: IIIF
Presentation API 2.1.1 and 3.0.

The library iiif-prezi3 writes version 3 well, but does not read what is published: it knows no
version 2, and one text that is a string where a list is asked for, one empty value, or one image
service with a list as its profile, and it refuses the whole manifest (tried with 3.1.1). So the
JSON is read here, field by field: what is odd is left out, and the rest is kept.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from bilderatlas.collection.records import join

# The label of a pair in `metadata`, lower case, for each column of the catalogue.
LABELS = {
    "title": ("title", "titel", "titre", "objekttitel", "sachtitel"),
    "makers": (
        "artist", "artists", "creator", "creators", "maker", "author", "photographer", "painter",
        "künstler", "künstler*in", "künstler/in", "künstlerin", "urheber", "fotograf",
        "fotograf*in", "maler", "autor", "verfasser", "hersteller", "artiste", "auteur", "créateur",
        "photographe",
    ),
    "date": (
        "date", "dates", "date created", "creation date", "date of creation", "dating", "published",
        "datum", "datierung", "entstehungsdatum", "entstehungszeit", "erscheinungsjahr", "jahr",
        "date de création", "datation", "année",
    ),
    "technique": (
        "medium", "technique", "material", "materials", "materials and techniques", "technik",
        "material/technik", "material, technik", "material und technik", "materialien",
        "technique et matériaux",
    ),
    "size": (
        "dimensions", "dimension", "measurements", "size", "maße", "masse", "abmessungen",
        "abmessung", "größe", "format",
    ),
    "inventory_number": (
        "inventory number", "accession number", "object number", "identifier", "shelfmark",
        "call number", "inventarnummer", "inventar-nr.", "inv.-nr.", "signatur", "objektnummer",
        "numéro d'inventaire", "cote",
    ),
    "repository": (
        "repository", "holding institution", "institution", "owner", "collection owner", "location",
        "standort", "besitzer", "sammlung", "museum", "eigentümer", "bestandshalter", "dépôt",
    ),
    "credit_line": ("credit line", "creditline", "credit", "bildnachweis", "bildunterschrift"),
    "places": ("place", "places", "ort", "orte", "entstehungsort", "place of origin", "lieu"),
    "depicted": ("depicted", "depicts", "sitter", "dargestellte person", "dargestellt"),
    "subjects": (
        "subject", "subjects", "keyword", "keywords", "schlagwort", "schlagwörter", "thema",
        "sujet",
    ),
    "description": ("description", "beschreibung", "summary", "abstract"),
}  # fmt: skip
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)


def read_json(content: bytes) -> dict[str, Any]:
    """A JSON object.

    Raises:
        ValueError: it is none, with the reason in a few words.
    """
    try:
        found = json.loads(content)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:  # not JSON, or not UTF-8
        raise ValueError("it is not JSON") from None
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")
    return found


def values(found: Any, language: str) -> list[str]:
    """The texts of a value in one language: the asked one, else those of none, else the first.

    Tags are taken out, and white space is evened.
    """
    by_language: dict[str, list[str]] = {}
    for spoken, text in _spoken(found):
        text = " ".join(html.unescape(_TAG.sub(" ", text)).split())
        if text:
            by_language.setdefault(spoken.lower().partition("-")[0], []).append(text)
    for spoken in (language, "none"):
        if spoken in by_language:
            return by_language[spoken]
    return next(iter(by_language.values()), [])


def text(found: Any, language: str) -> str:
    """The texts of a value in one language, joined."""
    return join(values(found, language))


def from_metadata(pairs: Any, language: str, columns: dict[str, str]) -> dict[str, str]:
    """What the pairs of a manifest's ``metadata`` say, by column of the catalogue (and ``size``).

    Args:
        pairs: the list of label and value.
        language: which to prefer.
        columns: labels of this very collection by column; they go before :data:`LABELS`, and a
            label named here is taken for no other column.
    """
    own = {label.strip().lower(): column for column, label in columns.items()}
    known = {label: column for column, labels in LABELS.items() for label in labels} | own
    named = set(columns)
    told: dict[str, list[str]] = {}
    for pair in as_list(pairs):
        if not isinstance(pair, dict):
            continue
        # a label is looked up in all its languages, the value is taken in one
        for _, label in _spoken(pair.get("label")):
            label = " ".join(label.split()).rstrip(": ").lower()
            column = known.get(label)
            if column and (column not in named or label in own):
                told.setdefault(column, []).extend(values(pair.get("value"), language))
                break
    return {column: join(texts) for column, texts in told.items()}


def as_list(value: Any) -> list[Any]:
    """A list as it is, nothing as an empty one, anything else as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def address(value: Any) -> str:
    """The ``id`` (or ``@id``) of a thing, or the thing where it is an address itself."""
    if isinstance(value, dict):
        value = value.get("id") or value.get("@id")
    return value.strip() if isinstance(value, str) else ""


def kind(value: Any) -> str:
    """The ``type`` (or ``@type``) of a thing without its prefix, as ``Manifest``."""
    found = value.get("type") or value.get("@type") if isinstance(value, dict) else ""
    found = next((one for one in as_list(found) if isinstance(one, str)), "")
    return found.rpartition(":")[2]


def _spoken(found: Any) -> Iterator[tuple[str, str]]:
    """(language, text) of a value of either version."""
    for one in as_list(found):
        if isinstance(one, str):
            yield "none", one
        elif isinstance(one, int | float) and not isinstance(one, bool):
            yield "none", str(one)
        elif isinstance(one, dict) and "@value" in one:
            spoken, told = one.get("@language"), one["@value"]
            if isinstance(told, str | int | float):
                yield spoken if isinstance(spoken, str) else "none", str(told)
        elif isinstance(one, dict):
            for spoken, told in one.items():
                if not spoken.startswith("@"):
                    for part in as_list(told):
                        if isinstance(part, str):
                            yield spoken, part
