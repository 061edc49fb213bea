"""What the real LIDO records of a coin cabinet and of ten museums say."""

import re

import pytest

from bilderatlas.collection import lido
from bilderatlas.collection.catalogue import build_catalogue
from bilderatlas.collection.manifest import list_pictures
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
    found = list(lido.read_records(path, problems))
    bare = read("kenom_oai_chunk20.xml")[0]
    assert [one["other_ids"].pop() for one in found] == [f"oai:{n}" for n in range(20)]
    assert found == bare
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
                "depicted": "Verden (Standort)",
                "other_ids": ["DE-2396_33124388_df_hauptkatalog_0355520"],
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
        (
            "Museum_Uslar",
            {
                "height_cm": 26.5,
                "width_cm": 7.2,
                "inventory_number": "2019/055",
                "technique": "Glas",
                "description": "Braunglasflasche mit Schnappverschluss der 1868 von Heinrich"
                " Haffner gegründeten Brauerei, die 2013 nach fünf Generationen 2013 verkauft"
                " wurde.",
                "date_from": "1950-01-01",
                "date_to": "1990-12-31",
                "date_edtf": "1950~/1990~",
            },
        ),
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


@pytest.mark.parametrize(
    ("museum", "told"),
    [
        (
            "Deutsche_Fotothek",
            [
                "'1923' says 1923, within LIDO's own 1922/1923",
                "2 pictures have 2 different rights",
                "Trinks und Co. GmbH Leipzig (Zusammenhang | Postkartenverlag)",
            ],
        ),
        (
            "Museum_Uslar",
            ["Heidrun Teuber (Urheber / Quelle)", "Grün | Rot | Weiß | Siena (colour)"],
        ),
        ("Technik-Museum", ["'27.05.1902' says 1902-05-27, within LIDO's own 1902"]),
    ],
)
def test_what_is_passed_over_is_listed(museum, told):
    _, problems = read(f"ddb/{museum}.xml")
    assert sorted(problems["what"]) == sorted(told)


def test_no_date_of_the_others_is_called_narrower():
    """Of 257 real records the two of above, and none that is only counted in another way."""
    _, problems = read("")
    within = problems[problems["what"].str.contains("within LIDO's own")]
    assert sorted(within["record"]) == ["33124388", "8563"]


def test_who_had_money_issued_made_nothing():
    records, problems = read("kenom_oai_chunk20.xml")
    makers = {record["record_id"]: record["makers"] for record in records}
    assert makers["124387"] == ""  # nobody but Büchen, and a savings bank that gave it out
    assert makers["123924"] == "Nielsen, J."
    assert makers["123644"] == "Druckerei W. Clausen <Büsum>"
    idle = problems[problems["done"] == "passed over: made nothing of it"]
    assert idle["what"].str.contains(r"\(Münzstand").sum() == 20
    assert "Büsum (Münzstand | Herausgeber)" in set(idle["what"])
    # four terms of the type mark in the file, one of lido00479
    marks = problems[problems["field"] == "technique"]["what"].tolist()
    assert marks[:2] == ["Sternsechseckmuster (mark)", "Zickzack-Linien (mark)"]
    assert marks[2:] == ["Weiß (colour)", "Dunkle Kreuze. (mark)", "Wellenbündel (mark)"]


def test_problems_of_a_folder_name_the_file_of_the_record(tmp_path):
    """What is found later than reading, too: dates, and pictures that are not here."""
    for name in ("33124388", "VAR_0008", "VAR_0008_R"):
        (tmp_path / f"{name}.jpg").write_bytes(name.encode())
    problems = Problems()
    records = lido.read_records(DATA, problems)
    build_catalogue(records, list_pictures(tmp_path), str(DATA), problems)
    found = problems.frame()
    away = found[found["what"] == "no picture here"]
    assert len(away) > 50 and set(away["file"]) <= {str(p) for p in DATA.rglob("*.xml")}
    # this picture is called as a record that does not describe it
    alone = found[found["what"] == "no record describes this picture"]
    assert alone[["file", "record"]].to_numpy().tolist() == [[str(DATA), "VAR_0008"]]
    uslar = away[away["record"] == "1355592"]
    assert uslar["file"].tolist() == [str(DATA / "ddb/Museum_Uslar.xml")]


def matched(folder, name, *files):
    """Ids of the pictures that a record of a file is given, and what is left over."""
    for file in files:
        (folder / file).write_bytes(file.encode())
    left = []
    records = lido.read_records(DATA / name)
    table = build_catalogue(records, list_pictures(folder), name, Problems(), None, left)
    return sorted(table[table["title"] != ""]["image_id"]), left


def test_a_picture_called_as_a_record_that_names_another(tmp_path):
    found, left = matched(tmp_path, "ddb/Uni_Köln.xml", "VAR_0008.jpg", "VAR_0008_R.jpg")
    assert found == ["VAR_0008_R"]
    why = "called as the inventory number of record VAR_0008, which names other pictures:"
    assert left == [("picture", "VAR_0008", f"{why} VAR_0008_R")]


def test_lidos_own_id_names_a_picture(tmp_path):
    found, left = matched(
        tmp_path, "ddb/Museum_Uslar.xml", "DE-MUS-136416_1355592.jpg", "2019_055_01.jpg"
    )
    assert found == ["DE-MUS-136416_1355592"]
    assert left == [("picture", "2019_055_01", "begins like the number of record 1355592")]


def test_identifiers_of_image_services_name_pictures(tmp_path):
    found, left = matched(
        tmp_path,
        "kenom_oai_chunk20.xml",
        "record_DE-68_kenom_123644_vs.jpg",
        "record_DE-68_kenom_123644_rs.tif",
        "record_DE-68_kenom_123924.jpg",
        "record_DE-68_kenom_124387_detail.jpg",
    )
    names = ["record_DE-68_kenom_123644_rs", "record_DE-68_kenom_123644_vs"]
    assert found == [*names, "record_DE-68_kenom_123924"]
    assert [row for row in left if row[0] == "picture"] == [
        ("picture", "record_DE-68_kenom_124387_detail", "begins like the number of record 124387")
    ]
