"""The rights of real LIDO records, through the filter for the public."""

import pandas as pd
import pytest
from lxml import etree

from bilderatlas.collection.publishable import Rules, publishable
from bilderatlas.files import CATALOGUE
from tests.workflow.conftest import ROOT

DATA = ROOT.parent / "shared" / "data" / "lido"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real records in {DATA}")
NAMES = {"l": "http://www.lido-schema.org"}


def rights(element):
    terms = element.xpath(
        ".//l:resourceSet/l:rightsResource/l:rightsType//l:term", namespaces=NAMES
    )
    return " | ".join(dict.fromkeys((term.text or "").strip() for term in terms))


def test_kenom_is_free_for_other_than_commercial_use_and_marburg_says_nothing():
    rows = []
    for name in ("kenom_oai_chunk20.xml", "hannover_herrenhausen_lido_test.xml"):
        for element in etree.parse(DATA / name).iter("{http://www.lido-schema.org}lido"):
            rows.append((name, rights(element)))
    table = pd.DataFrame(rows, columns=["repository", "rights_image"])
    table = table.reindex(columns=list(CATALOGUE), fill_value="")
    table["image_id"] = [str(number) for number in range(len(table))]
    kept, left_out = publishable(table, Rules())
    assert kept["repository"].value_counts().to_dict() == {"kenom_oai_chunk20.xml": 20}
    assert left_out["reason"].value_counts().to_dict() == {"no right": 218}
    # where commercial use must be free, none is left
    kept, left_out = publishable(table, Rules(("pdm", "cc0", "cc-by", "cc-by-sa")))
    assert kept.empty and left_out["reason"].value_counts()["right"] == 20
