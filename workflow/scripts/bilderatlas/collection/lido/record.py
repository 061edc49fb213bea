"""One ``lido:lido`` element, read into the columns of the catalogue."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from lxml import etree

from bilderatlas.collection.lido import events, relations, resources, sizes, techniques
from bilderatlas.collection.lido.mapping import LidoMap
from bilderatlas.collection.lido.text import (
    NAMES,
    by_language,
    in_language,
    language_rank,
    preference,
    sort_order,
    text_of,
)
from bilderatlas.collection.records import Problems, join, new_record


class RecordReader:
    """Reads elements into records, and knows the ids that were given so far."""

    def __init__(self, lido: LidoMap, problems: Problems) -> None:
        self._lido = lido
        self._problems = problems
        # hashes: of all that is read, only these are kept for the whole of a collection
        self._known: set[int] = set()

    def read(self, element: etree._Element, path: Path, place: int, identifier: str) -> dict:
        """The record of an element, with the keys of :data:`..records.FIELDS`.

        Args:
            element: a ``lido:lido`` with all that is in it.
            path: its file, for messages.
            place: how many records of the file it is, from 1; its name where it has no other.
            identifier: what an OAI-PMH envelope calls it; its name where it has none itself.
        """
        lido = self._lido
        told = by_language(element.findall("lido:descriptiveMetadata", NAMES), lido.languages)
        kept = by_language(element.findall("lido:administrativeMetadata", NAMES), lido.languages)
        names = [name for name in (*self._lido.all_texts("record_id", element), identifier) if name]
        record_id = self._identity(names, path, place)
        note = partial(self._problems.add, path, record_id)
        made, others = events.making_events(told, lido)
        date = events.date(made, lido, note)
        if others and not made:
            note("date_kind", f"only events of other kinds: {join(others)}", "none of them asked")
        actors = events.actors(made, lido, note)
        height, width = sizes.size(told, lido, note)
        links, rights_image = resources.images(kept, lido, note)
        return new_record(
            record_id=record_id,
            other_ids=[name for name in dict.fromkeys(names) if name != record_id],
            images=links,
            title=self._title(told, note),
            description=self._description(told, note),
            makers=join(actors.makers),
            date=date.date,
            date_from=date.date_from,
            date_to=date.date_to,
            date_edtf=date.date_edtf,
            date_kind=date.date_kind,
            technique=techniques.technique(made, told, lido, note),
            height_cm=height,
            width_cm=width,
            **self._repository(told, note),
            credit_line=self._first("credit_line", kept),
            places=events.places(made, lido),
            depicted=join([*actors.depicted, *relations.depicted(told, lido, note)]),
            series=relations.series(told, lido),
            subjects=relations.subjects(told, lido),
            record_url=self._address(kept, note),
            rights_object=resources.rights("rights_object", kept, lido),
            rights_image=rights_image,
            rights_metadata=resources.rights("rights_metadata", kept, lido),
        )

    def _identity(self, names: list[str], path: Path, place: int) -> str:
        """The first of its names that no record before this one has; "#3" where there is none."""
        free = [name for name in names if hash(name) not in self._known]
        # seen in real files: a recordID copied along with the record
        record_id = next(iter(free), f"{path.name}#{place}" if names else f"#{place}")
        if not names:
            if hash(record_id) in self._known:
                record_id = f"{path.name}#{place}"
            self._problems.add(path, record_id, "record_id", "the record has no id", "called so")
        elif record_id != names[0]:
            what = f"the id {names[0]} comes again"
            self._problems.add(path, record_id, "record_id", what, f"called {record_id}")
        self._known.add(hash(record_id))
        return record_id

    def _first(self, key: str, blocks: list[etree._Element]) -> str:
        """What the first block that says anything says."""
        return next(filter(None, (join(self._lido.texts(key, block)) for block in blocks)), "")

    def _description(self, told: list[etree._Element], note: events.Note) -> str:
        """The notes of the first block that has any, but those on their author or source."""
        lido = self._lido
        for block in told:
            spoken = lido.spoken("description", block)
            kinds = [lido.all_texts("description.type", node) for node in spoken]
            notes = [
                n
                for n, said in zip(spoken, kinds, strict=True)
                if not lido.listed("not_descriptions", said)
            ]
            for node, said in zip(spoken, kinds, strict=True):
                if node not in notes:
                    what = f"{text_of(node)} ({join(said)})"
                    note("description", what, "passed over: no description")
            if notes:
                return join(map(text_of, in_language(notes, lido.languages)))
        return ""

    def _title(self, told: list[etree._Element], note: events.Note) -> str:
        """One title: best language, preferred, lowest sortorder, first; others are noted."""
        for block in told:
            nodes = self._lido.spoken("title", block)
            if not nodes:
                continue
            ranks = [language_rank(node, self._lido.languages) for node in nodes]
            spoken = [n for n, rank in zip(nodes, ranks, strict=True) if rank == min(ranks)]
            spoken.sort(key=lambda node: (preference(node), sort_order(node)))
            title, *others = dict.fromkeys(map(text_of, spoken))
            if others:
                note("title", f"other titles: {join(others)}", f"passed over for {title!r}")
            return title
        return ""

    def _repository(self, told: list[etree._Element], note: events.Note) -> dict[str, str]:
        """The repository that keeps the object now, and its number there."""
        found = {"repository": "", "inventory_number": ""}
        for block in told:
            now = self._lido.nodes("repository.set", block)
            found = {key: join(self._lido.texts(key, *now)) for key in found}
            former = self._lido.nodes("repository.former", block)
            once = join([t for key in found for t in self._lido.texts(key, *former)])
            if once:
                note("repository", f"formerly {once}", "passed over")
            if any(found.values()):
                break
        return found

    def _address(self, kept: list[etree._Element], note: events.Note) -> str:
        for block in kept:
            found = list(dict.fromkeys(self._lido.texts("record_url", block)))
            if found:
                if len(found) > 1:
                    note("record_url", f"other links: {join(found[1:])}", "the first taken")
                return found[0]
        return ""
