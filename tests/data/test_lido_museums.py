"""What the real LIDO records of a coin cabinet and of ten museums say."""

import re

import pytest

from bilderatlas.collection import lido
from bilderatlas.collection.records import Problems
from tests.data.lido_files import DATA, read, where_it_is

pytestmark = where_it_is


def test_a_coin_cabinet():
    records, problems = read("kenom_oai_chunk20.xml")
    assert [len(record["images"]) for record in records].count(2) == 12
    assert all("/full/full/" in link for record in records for link in record["images"])
    first = records[0]
    assert (first["height_cm"], first["width_cm"]) == (5.8, 9.2)
    assert first["title"] == "Geldschein / Notgeld, 50 Pfennig, 7.1921"
    assert first["series"] == "Sammlung Dr. Rasmussen"
    assert first["subjects"].startswith("Jagd | Seehund | Watt | Nordsee")
    assert "CC BY-NC" in first["rights_image"] and "(CC BY 4.0)" in first["rights_metadata"]
    assert (problems["field"] == "title").sum() == 20


def test_a_coin_cabinet_harvested(tmp_path):
    """The same records as an OAI-PMH provider hands them over, one of them withdrawn."""
    text = (DATA / "kenom_oai_chunk20.xml").read_text(encoding="utf-8")
    opening = re.search(r"<lido:lidoWrap[^>]*>", text)[0]
    records = re.findall(r"<lido:lido>.*?</lido:lido>", text, re.DOTALL)
    assert len(records) == 20
    told = "".join(
        f"<record><header><identifier>oai:{n}</identifier></header><metadata>{opening}{record}"
        "</lido:lidoWrap></metadata></record>"
        for n, record in enumerate(records)
    )
    told += "<record><header status='deleted'><identifier>oai:gone</identifier></header></record>"
    path = tmp_path / "page.xml"
    path.write_text(
        "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><ListRecords>"
        f"{told}</ListRecords></OAI-PMH>",
        encoding="utf-8",
    )
    problems = Problems()
    assert list(lido.read_records(path, problems)) == read("kenom_oai_chunk20.xml")[0]
    withdrawn = [row for row in problems.rows if "withdrawn" in row[3]]
    assert [row[1] for row in withdrawn] == ["oai:gone"]


@pytest.mark.parametrize(
    ("museum", "expected"),
    [
        ("DSM", {"makers": "Porzellanfabrik Weiden Gebr. Bauscher (1881 - heute)"}),
        (
            "Deutsche_Fotothek",
            {
                "makers": "Cölln, Fritz",
                "date": "1923",
                "date_from": "1922-01-01",
                "date_to": "1923-12-31",
                "date_kind": "exposure",
                "depicted": "Trinks und Co. GmbH Leipzig | Verden (Standort)",
            },
        ),
        (
            "Herzog_Anton_Ulrich",
            {"makers": "Fotograf unbekannt", "height_cm": "", "places": "Berlin"},
        ),
        ("KHB", {"height_cm": 53.5, "width_cm": 79.5, "makers": "Lessing, Carl Friedrich"}),
        (
            "LWL-Museum",
            {
                "makers": "Moitte, Pierre Etienne",
                "depicted": "Falconet, Camille",
                "subjects": "Porträt einer historischen Person (Falconet, Camille) (allein)",
                "height_cm": 20.5,  # of the plate, not the sheet
                "width_cm": 14.9,
                "technique": "Radierung",
            },
        ),
        ("Museum_Uslar", {"height_cm": 26.5, "width_cm": 7.2, "inventory_number": "2019/055"}),
        ("SMB_Skulpturensammlung", {"height_cm": 80, "width_cm": 54, "subjects": "Engel"}),
        (
            "Technik-Museum",
            {
                "date": "27.05.1902",
                "date_from": "1902-01-01",
                "technique": "Papier; Bleistift",
                "subjects": "Mühle | Wassermühle | Zellenrad (Wasserrad) | Wasserrad |"
                " Oberschlächtiges Wasserrad",
            },
        ),
        ("Uni_Köln", {"technique": "geprägt | Bronze", "places": "Sardeis (Münzstätte) | Lydien"}),
        ("Wannseekonferenz", {"date": "Um 1950", "date_kind": "production", "height_cm": 31}),
    ],
)
def test_ten_museums(museum, expected):
    (record,), _ = read(f"ddb/{museum}.xml")
    assert {field: record[field] for field in expected} == expected
    assert record["images"] and record["rights_image"]
