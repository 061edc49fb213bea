"""Small LIDO for the tests: records from their parts."""

from pathlib import Path

from bilderatlas.collection import lido
from bilderatlas.collection.records import Problems

SPACES = (
    'xmlns:lido="http://www.lido-schema.org" xmlns:skos="http://www.w3.org/2004/02/skos/core#" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
)


def event(kind, inner):
    """An event of a kind, said as a term or, with a colon in it, as a concept's address."""
    name = "conceptID" if ":" in kind else "term"
    return (
        f"<eventSet><event><eventType><{name}>{kind}</{name}></eventType>{inner}</event></eventSet>"
    )


def record(
    title="",
    sizes="",
    kept="",
    events="",
    related="",
    admin="",
    ids="",
    identified="",
    language="de",
):
    """A ``lido:lido`` without the prefix; the parts stand where LIDO has them."""
    return (
        f"<lido>{ids}<descriptiveMetadata xml:lang='{language}'><objectIdentificationWrap>"
        f"<titleWrap>{title}</titleWrap><repositoryWrap>{kept}</repositoryWrap>"
        f"<objectMeasurementsWrap>{sizes}</objectMeasurementsWrap>{identified}"
        f"</objectIdentificationWrap><eventWrap>{events}</eventWrap>"
        f"<objectRelationWrap>{related}</objectRelationWrap></descriptiveMetadata>"
        f"<administrativeMetadata xml:lang='{language}'>{admin}</administrativeMetadata></lido>"
    )


def document(*records):
    """A document of records; LIDO is its default namespace, as attributes need it too."""
    return f"<lidoWrap xmlns='http://www.lido-schema.org' {SPACES}>{''.join(records)}</lidoWrap>"


def write(folder, *records, name="a.xml"):
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document(*records), encoding="utf-8")
    return path


def read(path, **how):
    """Records of a file or several, and the problems as tuples (record, field, what, done)."""
    problems = Problems()
    records = list(lido.read_records(path, problems, **how))
    return records, [row[1:] for row in problems.rows]


def read_one(folder, changes=None, **parts):
    """The record that has these parts, and its problems without its id and the lack of one."""
    how = {"lido": lido.read_map(changes=changes)} if changes else {}
    (found,), problems = read(write(folder, record(**parts)), **how)
    return found, [row[1:] for row in problems if row[1] != "record_id"]


def title(text, attributes="", outer=""):
    """A title set; attributes of its value and of itself."""
    return f"<titleSet {outer}><appellationValue {attributes}>{text}</appellationValue></titleSet>"
