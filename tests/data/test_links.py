"""The links of real LIDO records: image services, pictures that come twice, index cards."""

import pytest
from lxml import etree

from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.single import FetchError
from bilderatlas.collection.links import fetch_links, wanted_links
from bilderatlas.collection.records import new_record
from tests.workflow.conftest import ROOT

DATA = ROOT.parent / "shared" / "data" / "lido"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real records in {DATA}")
LIDO = "{http://www.lido-schema.org}"


def records(name):
    tree = etree.parse(DATA / name)
    for number, element in enumerate(tree.iter(f"{LIDO}lido")):
        links = [(node.text or "").strip() for node in element.iter(f"{LIDO}linkResource")]
        yield new_record(record_id=str(number), images=list(filter(None, links)))


def test_kenom_links_each_picture_twice():
    """Full size and a thumbnail of obverse and reverse, all from image services."""
    wanted, links = wanted_links(records("kenom_oai_chunk20.xml"))
    assert (len(links), len(wanted)) == (64, 32)
    assert all(one.key.endswith(".jpg") and "/full/full/" in one.link for one in wanted)


def test_index_cards_are_not_asked_for(tmp_path):
    asked = []

    def refuse(url):
        asked.append(url)
        raise FetchError("refused", "HTTP 403", 403)

    table = fetch_links(records("ddb/Deutsche_Fotothek.xml"), tmp_path, 1600, Policy(), refuse)
    cards = table[table["status"] == "card"]["link"].tolist()
    assert cards == ["http://fotothek.slub-dresden.de/fotos/df_hauptkatalog_0355520_karte.jpg"]
    assert not set(cards) & set(asked)
