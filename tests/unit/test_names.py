"""Names: spellings of one artist are one, two artists stay two."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilderatlas.analysis.questions import Questions
from bilderatlas.collection.names import grouping_key, one_spelling, repair

DURER = [
    "Albrecht Dürer",
    "Albrecht Du\u0308rer",  # as a Mac writes it
    "ALBRECHT DÜRER",
    "Dürer, Albrecht",
    "Dürer, Albrecht (1471-1528)",
    "Dürer, Albrecht, 1471-1528",
    "Albrecht Dürer (* 1471 Nürnberg, † 1528 ebd.)",
    "Albrecht_Dürer",
    "Albrecht_DÃ¼rer",  # UTF-8 read as Windows-1252
    "Albrecht DÃƒÂ¼rer",  # ... twice
    "Albrecht_DuÌˆrer",  # the Mac's form, read so
    "Albrecht_D├╝rer",  # UTF-8 read as DOS wrote
    "Albrecht_Du╠êrer",  # the Mac's form, read so
    "Albrecht_DuΓòá├¬rer",  # the Mac's form, twice
    "Albrecht D√ºrer",  # UTF-8 read as an old Mac
    "Albrecht  Durer",
    "albrecht-dürer",
]


@pytest.mark.parametrize("name", DURER)
def test_one_durer(name):
    assert grouping_key(name) == "albrecht durer"


def test_the_mangled_last_name_alone():
    for name in ("DÃ¼rer", "D├╝rer", "DuÌˆrer", "Dürer", "Durer"):
        assert grouping_key(name) == "durer"
    assert repair("D├╝rer") == "Dürer" and repair("Joan MirÃ³") == "Joan Miró"
    assert repair("Mir├│") == "Miró"
    for whole in ("Dürer", "Ångström", "Müller–Lüdenscheidt", "Ō Í", "José Ãvila", "O’Keeffe"):
        assert repair(whole) == whole


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Zille, Heinrich (1858-1929)", "heinrich zille"),
        ("Unbekannter Fotograf", "unbekannter fotograf"),
        ("Bruegel, Pieter, d. Ä.", "pieter bruegel d a"),
        ("Pieter Bruegel d. Ä.", "pieter bruegel d a"),
        ("Pieter Brueghel the Younger", "pieter brueghel the younger"),
        ("vincent-van-gogh", "vincent van gogh"),
        ("Gogh, Vincent van", "vincent van gogh"),
        ("Wright, Thomas, Jr.", "thomas wright jr"),
        ("Atelier Meyer, Berlin, Leipzig", "atelier meyer berlin leipzig"),
        ("Christian Købke", "christian kobke"),
        ("Sächsische Straße", "sachsische strasse"),
        ("Meister von 1445", "meister von 1445"),
        ("Anna | Bob", "anna | bob"),
        ("Bob, geb. 1900 | Anna", "anna | bob"),
        ("", ""),
        (" | ", ""),
        ("(1858-1929)", ""),
        ("葛飾北斎", "葛飾北斎"),
    ],
)
def test_key(name, key):
    assert grouping_key(name) == key


def test_different_artists_stay_apart():
    names = [
        "Pieter Bruegel d. Ä.", "Pieter Bruegel d. J.", "Lucas Cranach d. Ä.", "Heinrich Zille",
        "Hans Zille", "H. Zille", "Werkstatt Albrecht Dürers", "Albrecht Dürer | Hans Zille",
    ]  # fmt: skip
    assert len({grouping_key(name) for name in names}) == len(names)


def test_one_spelling_for_all():
    makers = pd.Series(
        ["Albrecht_DÃ¼rer", "Albrecht_DÃ¼rer", "Dürer, Albrecht", "Albrecht Dürer",
         "Albrecht Dürer", "", "Hans", None, "—"],
        index=list("abcdefghi"),
    )  # fmt: skip
    found = one_spelling(makers)
    # the mangled one is the most frequent beside it, and not taken
    assert found.tolist() == ["Albrecht Dürer"] * 5 + ["", "Hans", "", "—"]
    assert list(found.index) == list("abcdefghi")


def test_nothing_changes_where_nobody_has_two_spellings():
    makers = pd.Series(["Zille, Heinrich (1858-1929)", "Unbekannter Fotograf", "A | B", "A", ""])
    assert one_spelling(makers).tolist() == makers.tolist()


def test_authors_are_asked_for_in_one_spelling():
    makers = ["Dürer, Albrecht (1471-1528)", "Albrecht_DÃ¼rer", "Albrecht Dürer", "Hans Zille", ""]
    catalogue = pd.DataFrame(
        {"makers": makers, "title": "", "date": "", "date_from": "", "date_to": ""},
        index=list("abcde"),
    )
    authors = Questions(catalogue).authors
    assert authors[["a", "b", "c"]].nunique() == 1 and authors["d"] == "Hans Zille"
    assert authors["e"] == "" and list(catalogue["makers"]) == makers


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(st.text(max_size=40))
def test_a_key_is_its_own_key(name):
    key = grouping_key(name)
    assert grouping_key(key) == key
    assert grouping_key(f"  {name} ") == key


ARTISTS = st.sampled_from(
    [
        "Albrecht Dürer",
        "Joan Miró",
        "René Magritte",
        "Käthe Kollwitz",
        "Paul Cézanne",
        "Félix Nadar",
    ]
)
CODES = st.sampled_from(["windows-1252", "latin-1", "cp437", "mac-roman"])


@settings(max_examples=100, deadline=None, database=None, derandomize=True)
@given(ARTISTS, CODES, st.booleans())
def test_mangled_names_come_home(name, code, turned):
    written = ", ".join(reversed(name.split(" "))) if turned else name
    mangled = written.encode("utf-8").decode(code)
    assert mangled != written
    assert grouping_key(mangled) == grouping_key(name)
