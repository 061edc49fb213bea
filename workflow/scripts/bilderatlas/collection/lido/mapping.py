"""The map from LIDO to the columns of the catalogue: ``config/lido.yaml``, read and compiled."""

from __future__ import annotations

import difflib
import functools
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

from bilderatlas.collection.lido.text import NAMES, in_language, languages_known, text_of
from bilderatlas.errors import InputError

DEFAULT = Path(__file__).resolve().parents[5] / "config" / "lido.yaml"


class LidoMap:
    """What the map says, compiled.

    Attributes:
        languages: wanted languages, best first.
        words: for ``events``, ``roles``, ``relations``, ``sizes``, ``measures``, ``units`` and
            ``renditions`` the names in their order, by the words that mean them, lower case;
            ``not_images``, ``uncertain`` and their like are plain lists under
            ``words["lists"]``.
    """

    def __init__(self, entries: Mapping[str, Any]) -> None:
        self.languages = tuple(entries["languages"])
        self.words: dict[str, dict[str, list[str]]] = {"lists": {}}
        for key, value in entries.items():
            if isinstance(value, dict) and key != "xpath":
                self.words[key] = {
                    name: [str(word).casefold() for word in words] for name, words in value.items()
                }
            elif key not in ("languages", "xpath"):
                self.words["lists"][key] = [str(word).casefold() for word in value]
        self._ways = {
            key: [_compile(key, way) for way in ways] for key, ways in entries["xpath"].items()
        }

    def in_language(self, language: str | None) -> LidoMap:
        """The same map with another language wanted before its own."""
        if language is None:
            return self
        other = object.__new__(LidoMap)
        other.__dict__ = dict(self.__dict__)
        rest = tuple(name for name in self.languages if name != language)
        other.languages = (language, *rest)
        return other

    def nodes(self, key: str, *inside: etree._Element) -> list[etree._Element]:
        """The elements that the first way that finds any finds, in the order of the file."""
        for way in self._ways[key]:
            hits = (hit for node in inside for hit in way(node))
            found = [hit for hit in hits if isinstance(hit, etree._Element)]
            if found:
                return found
        return []

    def spoken(self, key: str, *inside: etree._Element) -> list[Any]:
        """Elements and attributes with a text, of the first way that finds one."""
        for way in self._ways[key]:
            found = [hit for node in inside for hit in way(node) if text_of(hit)]
            if found:
                return found
        return []

    def texts(self, key: str, *inside: etree._Element) -> list[str]:
        """Texts of the first way that finds one: best language, preferred names before others."""
        hits = in_language(self.spoken(key, *inside), self.languages)
        return [text_of(hit) for hit in hits]

    def all_texts(self, key: str, *inside: etree._Element) -> list[str]:
        """Texts of all ways, way by way, in every language."""
        found = (text_of(hit) for way in self._ways[key] for node in inside for hit in way(node))
        return [text for text in found if text]

    def kind(self, group: str, words: Iterable[str]) -> str | None:
        """The best name in ``group`` that one of the ``words`` means; None where none does."""
        said = {_plain(word) for word in words}
        for name, meant in self.words[group].items():
            if said.intersection(meant):
                return name
        return None

    def listed(self, name: str, words: Iterable[str]) -> bool:
        """Is one of the ``words``, or of the parts that a ``|`` makes of it, on a plain list?"""
        parts = {_plain(part) for word in words for part in word.split("|")}
        return not parts.isdisjoint(self.words["lists"][name])

    def rank(self, group: str, name: str | None, otherwise: str) -> int:
        """Place of a name in its group; an unknown one stands where ``otherwise`` stands."""
        names = list(self.words[group])
        return names.index(name if name in names else otherwise)


def read_map(
    path: str | os.PathLike | None = None, changes: Mapping[str, Any] | None = None
) -> LidoMap:
    """Read the map and lay ``changes`` over it: whole lists are replaced, the rest stays.

    Args:
        path: a YAML file of the form of ``config/lido.yaml``; that file itself where None.
        changes: entries of the same form that differ, as under ``collections.*.lido``.

    Raises:
        InputError: the file is missing or broken, an entry is unknown or of the wrong form, or
            an XPath cannot be understood.
    """
    entries = _load(os.fspath(path or DEFAULT))
    return LidoMap(_merge(entries, changes or {}, "lido"))


@functools.cache
def _load(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as handle:
            entries = yaml.safe_load(handle)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist: it says how LIDO is read.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a YAML file: {' '.join(str(error).split())}.") from None
    if not isinstance(entries, dict) or "xpath" not in entries:
        raise InputError(f"{path} has no entry xpath: start from a copy of config/lido.yaml.")
    return entries


def _merge(below: dict[str, Any], above: Mapping[str, Any], place: str) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        if key not in below:
            near = difflib.get_close_matches(str(key), list(below), n=1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            raise InputError(
                f"The settings say {place}.{key}, which is not in config/lido.yaml{hint}."
            )
        if isinstance(below[key], dict):
            if not isinstance(value, Mapping):
                raise InputError(f"The settings say {place}.{key}: it must hold entries by name.")
            merged[key] = _merge(below[key], value, f"{place}.{key}")
        else:
            words = [value] if isinstance(value, str) else value
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise InputError(f"The settings say {place}.{key}: it must be a list of texts.")
            if place == "lido" and key == "languages":
                words = languages_known(words)
            merged[key] = words
    return merged


def _compile(key: str, way: str) -> etree.XPath:
    try:
        found = etree.XPath(way, namespaces=NAMES, smart_strings=False)
        hits = found(etree.Element("nothing"))
    except etree.XPathError as error:
        raise InputError(f"lido.xpath.{key}: {way!r} is not an XPath: {error}.") from None
    if not isinstance(hits, list):
        raise InputError(f"lido.xpath.{key}: {way!r} must find elements or attributes.")
    return found


def _plain(word: str) -> str:
    """A term as it is, an address by its last part: both lower case."""
    word = word.strip().casefold()
    if "://" in word or word.startswith("www."):
        return word.rstrip("/").replace("#", "/").rpartition("/")[2]
    return word
