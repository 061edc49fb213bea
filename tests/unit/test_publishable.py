"""Rights by their names, and the filter before everything that is made for the public."""

import pandas as pd
import pytest
import yaml

from bilderatlas.collection.publishable import Rules, publishable
from bilderatlas.collection.rights import FREE, name_of
from bilderatlas.files import CATALOGUE, WITHHELD

CC = "http://creativecommons.org/licenses"


# the texts are those of real records
@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{CC}/by/4.0/", "cc-by"),
        ("https://creativecommons.org/licenses/by/4.0/deed.de", "cc-by"),
        (f"{CC}/by-nc-nd/3.0/de/", "cc-by-nc-nd"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/deed.de", "pdm"),
        ("http://rightsstatements.org/vocab/NoC-US/1.0/", "noc-us"),
        ("https://rightsstatements.org/page/InC/1.0/?language=de", "inc"),
        ("CC BY 4.0", "cc-by"),
        ("CC-BY-SA", "cc-by-sa"),
        ("CC BY-NC-SA", "cc-by-nc-sa"),
        ("Namensnennung - Nicht kommerziell 4.0 (CC BY-NC 4.0)", "cc-by-nc"),
        ("Attribution - Non Commercial 4.0 (CC BY-NC 4.0)", "cc-by-nc"),
        ("Namensnennung - Nicht kommerziell - Keine Bearbeitungen 4.0 International"
         " (CC BY-NC-ND 4.0)",
         "cc-by-nc-nd"),
        ("Attribution-NonCommercial-ShareAlike 4.0 International", "cc-by-nc-sa"),
        ("Creative Commons Namensnennung - Weitergabe unter gleichen Bedingungen 3.0 Deutschland",
         "cc-by-sa"),
        ("CC0 1.0 Universal (CC0 1.0)", "cc0"),
        ("CC0 1.0 Public Domain Dedication", "cc0"),
        ("CC0 1.0 Universell", "cc0"),
        ("CC 0", "cc0"),
        ("gemeinfrei", "pdm"),
        ("Public  Domain Mark 1.0", "pdm"),
        ("No Copyright – United States", "noc-us"),
        # words and code differ: the stricter
        ("Namensnennung - Nicht kommerziell (CC BY 4.0)", "cc-by-nc"),
    ],
)  # fmt: skip
def test_known_rights(text, name):
    assert name_of(text) == name


@pytest.mark.parametrize(
    "text",
    ["", "nicht CC BY", "kein CC0", "nicht gemeinfrei", "CC", "4.0", "CC BY 4.0 auf Anfrage",
     "Rechte vorbehalten – Freier Zugang", "http://www.europeana.eu/rights/rr-f/",
     "http://elsewhere.example/?http://creativecommons.org/licenses/by/4.0/",
     "http://creativecommons.org.example/licenses/by/4.0/", "CC ND", "CC BY-ND-SA", "© Museum",
     "Urheberrecht", "CC BY oder InC", "by 4.0", "public domain in the United States only"],
)  # fmt: skip
def test_what_is_not_understood_is_not_known(text):
    assert name_of(text) == ""


def catalogue(**columns):
    count = len(next(iter(columns.values())))
    table = pd.DataFrame(columns, dtype=str).reindex(columns=list(CATALOGUE), fill_value="")
    table["image_id"] = [str(number) for number in range(count)]
    return table.set_index("image_id", drop=False)


def reasons(rules=None, **values):
    """The reasons why one picture is kept back."""
    table = catalogue(**{name: [value] for name, value in values.items()})
    kept, left_out = publishable(table, rules or Rules())
    assert len(kept) == (len(left_out) == 0)
    return left_out[["reason", "column"]].apply(tuple, axis=1).tolist() if len(left_out) else []


BY = "CC BY 4.0"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"rights_image": BY}, []),
        ({"rights_image": BY, "publish": "yes"}, []),
        ({"rights_image": BY, "publish": " Ja "}, []),
        ({"rights_image": BY, "publish": "no"}, [("publish", "publish")]),
        ({"rights_image": BY, "publish": "NEIN"}, [("publish", "publish")]),
        ({"rights_image": BY, "publish": "erst nach Rücksprache"}, [("note", "publish")]),
        ({"publish": "yes"}, [("no right", "rights_image")]),
        ({"rights_image": "  "}, [("no right", "rights_image")]),
        ({"rights_object": BY}, [("no right", "rights_image")]),
        ({"rights_image": "InC"}, [("right", "rights_image")]),
        ({"rights_image": BY, "rights_object": "Urheberrechtsschutz (In Copyright)"},
         [("right", "rights_object")]),
        ({"rights_image": BY, "rights_metadata": "© Museum"}, [("right", "rights_metadata")]),
        ({"rights_image": BY, "rights_object": "gemeinfrei", "rights_metadata": "CC0 1.0"}, []),
        # a kind of right beside its licence says nothing; alone it allows nothing
        ({"rights_image": f"Urheberrecht | Verwertungsrecht | {BY}"}, []),
        ({"rights_image": "Urheberrecht | Verwertungsrecht"}, [("kind of right", "rights_image")]),
        ({"rights_image": BY, "rights_object": "Nutzungsrechte"},
         [("kind of right", "rights_object")]),
        # one of several that is not allowed decides
        ({"rights_image": f"{BY} | {CC}/by/4.0/"}, []),
        ({"rights_image": f"{BY} | Rechte vorbehalten"}, [("right", "rights_image")]),
        ({"publish": "no", "rights_object": "x"},
         [("publish", "publish"), ("no right", "rights_image"), ("right", "rights_object")]),
    ],
)  # fmt: skip
def test_one_picture(values, why):
    assert reasons(**values) == why


def test_rules_are_taken_as_they_are():
    free = Rules(("pdm", "cc0", "Freigegeben durch das  Museum"))
    assert reasons(free, rights_image=BY) == [("right", "rights_image")]
    assert reasons(free, rights_image="freigegeben durch das Museum") == []
    assert reasons(free, rights_image="freigegeben durch das Museum, 2020") != []
    assert reasons(Rules(("Urheberrecht",)), rights_image="Urheberrecht") == []
    assert reasons(Rules(()), rights_image="CC0 1.0") == [("right", "rights_image")]
    assert reasons(Rules(("",)), rights_image="?") == [("right", "rights_image")]
    assert reasons(Rules(notes=True), rights_image=BY, publish="Bildnachweis nennen") == []
    assert reasons(Rules(notes=True), rights_image=BY, publish="no") != []


def test_a_catalogue_is_parted_without_remainder():
    rights = [BY, "", "InC", "gemeinfrei", BY]
    table = catalogue(rights_image=rights, publish=["", "", "yes", "", "no"])
    kept, left_out = publishable(table, Rules())
    assert kept.index.tolist() == ["0", "3"] and list(kept.columns) == list(CATALOGUE)
    assert left_out["image_id"].tolist() == ["1", "2", "4"]
    assert list(left_out.columns) == list(WITHHELD)
    none, _ = publishable(table.iloc[:0], Rules())
    assert none.empty


def test_the_documented_default_is_the_codes_own(checkout):
    path = checkout / "workflow/schemas/config.schema.yaml"
    schema = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert schema["properties"]["rights"]["properties"]["allowed"]["default"] == list(FREE)
