"""Readers: every source into the same records, hostile and broken files into one sentence."""

import resource
from pathlib import Path

import pytest

from bilderatlas import files
from bilderatlas.collection import folder, lido, published_csv
from bilderatlas.collection.manifest import list_pictures
from bilderatlas.collection.records import FIELDS, Problems, join, new_record
from bilderatlas.errors import InputError

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
HEADER = ",id,title,date,author,technique,measurement_1,measurement_2\n"
SPACE = 'xmlns:lido="http://www.lido-schema.org"'


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip("the real data lies beside the checkout: ../shared/data is not there")
    return path


def write(path, text, encoding="utf-8"):
    path.write_text(text, encoding=encoding)
    return path


def read(reader, path, *more):
    problems = Problems()
    return list(reader(path, *more, problems)), problems


# the shape of a record


def test_shape_of_a_record():
    record = new_record(record_id="1", images=["1.jpg"])
    assert tuple(record) == FIELDS
    assert set(FIELDS) == set(files.CATALOGUE) - {"file", "sha256"} | {
        "record_id",
        "images",
        "other_ids",
    }
    assert record["title"] == "" and new_record()["images"] is not new_record()["images"]
    with pytest.raises(ValueError, match="no field titel"):
        new_record(titel="x")
    assert join(["a", " ", "b ", "a"]) == "a | b"


def test_problems_frame():
    problems = Problems()
    assert list(problems.frame().columns) == list(files.PROBLEMS)
    problems.add(Path("x.csv"), "7", "date", "cannot read", "left empty")
    assert problems.frame().iloc[0].tolist() == ["x.csv", "7", "date", "cannot read", "left empty"]
    # of several files the one that holds the record
    problems.locate("8", Path("in/y.xml"))
    for record in ("8", "9"):
        problems.add("in", record, "date", "cannot read", "left empty")
    problems.add("in", "8", "", "no record describes this picture", "row without texts")
    assert problems.frame()["file"].tolist() == ["x.csv", str(Path("in/y.xml")), "in", "in"]


# the published CSV


def test_published_csv(tmp_path):
    text = HEADER + (
        '0,007,"Ein Titel, mit Komma",Sommer 1897,"Zille, Heinrich",Albumin,"Bildmaß: 8,1x6 cm",\n'
        "1,8,Ohne,irgendwann,,,ein Blatt,\n"
        "2,,Ohne Nummer,1900,,,,\n"
        "3,9,,,,,,\n"
    )
    records, problems = read(published_csv.read_records, write(tmp_path / "m.csv", text))
    assert [record["record_id"] for record in records] == ["007", "8", "9"]
    first = records[0]
    assert first["images"] == ["007"] and first["image_id"] == "007"
    assert first["title"] == "Ein Titel, mit Komma" and first["makers"] == "Zille, Heinrich"
    assert (first["height_cm"], first["width_cm"]) == (8.1, 6.0)
    assert records[1]["date"] == "irgendwann" and records[1]["height_cm"] == ""
    assert records[2]["technique"] == ""
    table = problems.frame()
    assert list(table["record"]) == ["8", "line 4"]
    assert list(table["field"]) == ["height_cm", "image_id"]


def test_published_csv_of_the_real_collection():
    records, problems = read(published_csv.read_records, shared("zille/metadata.csv"))
    assert len(records) == 624 and len(problems) == 0
    assert sum(record["makers"].startswith("Zille") for record in records) == 539
    assert all(record["height_cm"] and record["width_cm"] for record in records)


def test_csv_with_semicolons_and_byte_order_mark(tmp_path):
    text = HEADER.replace(",", ";") + "0;1;Titel;1900;;;8,1 x 6 cm;\n"
    records, _ = read(published_csv.read_records, write(tmp_path / "m.csv", text, "utf-8-sig"))
    assert records[0]["title"] == "Titel" and records[0]["width_cm"] == 6


def test_short_row_is_a_problem(tmp_path):
    records, problems = read(
        published_csv.read_records, write(tmp_path / "m.csv", HEADER + "0,1,Titel\n\n")
    )
    assert records[0]["title"] == "Titel" and records[0]["date"] == ""
    assert "3 of 8 cells" in problems.frame()["what"][0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty: it needs a header line with id, title"),
        (HEADER.encode(), "has a header line but no rows"),
        (b"id,title\n1,x\n", r"lacks the column\(s\) date, author, technique, measurement_1; it"),
        (HEADER.encode() + "0,1,Straße,1900,,,,\n".encode("latin-1"), "is not UTF-8 text"),
        (HEADER.encode("utf-16"), "is not UTF-8 text"),
        (HEADER.encode() + b"0,1,a,b,c,d,e,f,g\n", "line 2, has 9 cells for 8 columns"),
        (HEADER.encode() + b'0,1,"never closed\n', "is not a CSV file: .*line"),
        (b"id," + HEADER.encode() + b"0,1,2,,,,,,\n", "has the column id twice"),
    ],
)
def test_bad_csv_is_one_sentence(tmp_path, content, message):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read(published_csv.read_records, path)
    assert "bad.csv" in str(caught.value) and "\n" not in str(caught.value)


def test_missing_csv(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv does not exist"):
        read(published_csv.read_records, tmp_path / "none.csv")
    with pytest.raises(InputError, match="is a folder"):
        read(published_csv.read_records, tmp_path)


# a folder alone, a table of one's own


def test_folder_alone(tmp_path):
    (tmp_path / "a_road-in  town.jpg").write_bytes(b"1")
    (tmp_path / "__.jpg").write_bytes(b"2")
    records = list(folder.read_records(list_pictures(tmp_path), Problems()))
    assert [record["title"] for record in records] == ["__", "a road in town"]
    assert records[1]["image_id"] == "a_road-in  town" and records[1]["makers"] == ""


def test_own_table(tmp_path):
    path = write(
        tmp_path / "own.csv",
        "Datei\tWer\tJahr\tHöhe\nx/1.jpg\tAnna\t1900.0\t20,5\n2.jpg\tBob\t?\tgroß\n\tNiemand\t\t\n",
    )
    columns = {"file": "Datei", "makers": "Wer", "date": "Jahr", "height_cm": "Höhe"}
    records, problems = read(folder.read_table_records, path, columns)
    assert [record["images"] for record in records] == [["x/1.jpg"], ["2.jpg"]]
    assert [record["record_id"] for record in records] == ["x/1.jpg", "2.jpg"]
    assert records[0]["height_cm"] == 20.5 and records[0]["date"] == "1900.0"
    assert records[1]["height_cm"] == ""
    assert list(problems.frame()["field"]) == ["height_cm", "file"]


def test_a_second_row_of_one_picture_is_listed(tmp_path):
    """The same file in one more row, in any spelling of Unicode: the first row is kept."""
    text = "Datei;Titel;Nr\nKäthe.jpg;Erste;1\nb.jpg;Andere;2\nKa\u0308the.jpg;Zweite;3\n"
    path = write(tmp_path / "own.csv", text)
    for more in ({}, {"record_id": "Nr"}):
        columns = {"file": "Datei", "title": "Titel"} | more
        records, problems = read(folder.read_table_records, path, columns)
        assert [record["title"] for record in records] == ["Erste", "Andere"]
        assert problems.rows == [
            (
                str(path),
                "line 4",
                "file",
                "a second row of Käthe.jpg",
                "the first row kept (line 2)",
            )
        ]
    columns = {"image_id": "Nr", "title": "Titel"}
    path = write(tmp_path / "own.csv", "Nr,Titel\n7,Erste\n7,Zweite\n")
    records, problems = read(folder.read_table_records, path, columns)
    assert [record["title"] for record in records] == ["Erste"] and len(problems) == 1


def test_two_pictures_with_one_record_id_of_the_users_own(tmp_path):
    path = write(tmp_path / "own.csv", "Datei,Inventar\na.jpg,VG 1\n\nb.jpg,VG 1\n")
    with pytest.raises(InputError) as caught:
        read(folder.read_table_records, path, {"file": "Datei", "record_id": "Inventar"})
    assert str(caught.value) == (
        f"{path}, line 4: the column 'Inventar', given as record_id, says 'VG 1' as line 2 does:"
        " give each row an id of its own, or leave record_id out of the columns."
    )


def test_a_second_row_of_the_published_csv_is_listed(tmp_path):
    text = HEADER + "0,7,Erste,,,,,\n1,8,Andere,,,,,\n2,7,Zweite,,,,,\n"
    records, problems = read(published_csv.read_records, write(tmp_path / "m.csv", text))
    assert [record["title"] for record in records] == ["Erste", "Andere"]
    assert [row[1:] for row in problems.rows] == [
        ("line 4", "image_id", "a second row of 7", "the first row kept (line 2)")
    ]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"file": "Datei", "titel": "Wer"}, "name the field 'titel'; allowed are file, "),
        ({"title": "Wer"}, "must say which one holds 'file' or 'image_id'"),
        ({"file": "Pfad"}, r"lacks the column\(s\) Pfad; it has Datei, Wer"),
    ],
)
def test_own_table_with_wrong_columns(tmp_path, columns, message):
    path = write(tmp_path / "own.csv", "Datei,Wer\n1.jpg,Anna\n")
    with pytest.raises(InputError, match=message):
        read(folder.read_table_records, path, columns)


# LIDO

RECORD = """
<lido:lido>
 <lido:lidoRecID>X/lido/17</lido:lidoRecID>
 <lido:descriptiveMetadata xml:lang="en"><lido:objectIdentificationWrap><lido:titleWrap>
  <lido:titleSet><lido:appellationValue>Wood gatherers</lido:appellationValue></lido:titleSet>
 </lido:titleWrap></lido:objectIdentificationWrap></lido:descriptiveMetadata>
 <lido:descriptiveMetadata xml:lang="de">
  <lido:objectIdentificationWrap>
   <lido:titleWrap>
    <lido:titleSet><lido:appellationValue>Frauen mit Karre</lido:appellationValue></lido:titleSet>
    <lido:titleSet><lido:appellationValue lido:pref="preferred">Reisig
      holen</lido:appellationValue></lido:titleSet>
    <lido:titleSet><lido:appellationValue>Frauen mit Karre</lido:appellationValue></lido:titleSet>
    <lido:titleSet/>
   </lido:titleWrap>
   <lido:repositoryWrap><lido:repositorySet>
    <lido:repositoryName><lido:legalBodyName><lido:appellationValue>Galerie</lido:appellationValue>
    </lido:legalBodyName></lido:repositoryName><lido:workID>Inv. 4</lido:workID>
   </lido:repositorySet></lido:repositoryWrap>
   <lido:objectDescriptionWrap><lido:objectDescriptionSet>
    <lido:descriptiveNoteValue>Zwei <!-- still --> Frauen</lido:descriptiveNoteValue>
   </lido:objectDescriptionSet></lido:objectDescriptionWrap>
   <lido:objectMeasurementsWrap>
    <lido:objectMeasurementsSet><lido:displayObjectMeasurements>Blattmaß: 24 x 30 cm
    </lido:displayObjectMeasurements></lido:objectMeasurementsSet>
    <lido:objectMeasurementsSet><lido:displayObjectMeasurements>Bildmaß: 20,7x26,2 cm
    </lido:displayObjectMeasurements></lido:objectMeasurementsSet>
   </lido:objectMeasurementsWrap>
  </lido:objectIdentificationWrap>
  <lido:eventWrap>
   <lido:eventSet><lido:event><lido:eventType><lido:term>Erwerb</lido:term></lido:eventType>
    <lido:eventActor><lido:displayActorInRole>Ein Käufer</lido:displayActorInRole></lido:eventActor>
    <lido:eventDate><lido:displayDate>1966</lido:displayDate></lido:eventDate>
   </lido:event></lido:eventSet>
   <lido:eventSet><lido:event><lido:eventType><lido:term>Production</lido:term>
    <lido:term>Herstellung</lido:term></lido:eventType>
    <lido:eventActor><lido:displayActorInRole>Zille, Heinrich</lido:displayActorInRole>
    </lido:eventActor>
    <lido:eventActor><lido:actorInRole><lido:actor><lido:nameActorSet>
     <lido:appellationValue>Ein Gehilfe</lido:appellationValue>
     <lido:appellationValue lido:pref="preferred">Gehilfe, Ein</lido:appellationValue>
    </lido:nameActorSet></lido:actor></lido:actorInRole></lido:eventActor>
    <lido:eventDate><lido:displayDate>Herbst 1898</lido:displayDate>
     <lido:date><lido:earliestDate>1898-09</lido:earliestDate>
     <lido:latestDate>1898</lido:latestDate></lido:date></lido:eventDate>
    <lido:eventMaterialsTech><lido:displayMaterialsTech>Albumin</lido:displayMaterialsTech>
    </lido:eventMaterialsTech>
   </lido:event></lido:eventSet>
  </lido:eventWrap>
 </lido:descriptiveMetadata>
 <lido:administrativeMetadata xml:lang="de">
  <lido:rightsWorkWrap><lido:rightsWorkSet>
   <lido:rightsType><lido:term>gemeinfrei</lido:term></lido:rightsType>
   <lido:creditLine>Foto: Galerie</lido:creditLine></lido:rightsWorkSet></lido:rightsWorkWrap>
  <lido:recordWrap><lido:recordID>17</lido:recordID>
   <lido:recordRights><lido:rightsType><lido:conceptID>https://cc/zero</lido:conceptID>
   </lido:rightsType></lido:recordRights>
   <lido:recordInfoSet><lido:recordInfoLink>https://a/17</lido:recordInfoLink></lido:recordInfoSet>
  </lido:recordWrap>
  <lido:resourceWrap><lido:resourceSet><lido:resourceRepresentation>
   <lido:linkResource>pictures/17.jpg</lido:linkResource></lido:resourceRepresentation>
   <lido:rightsResource><lido:rightsType><lido:term>CC BY</lido:term></lido:rightsType>
   </lido:rightsResource></lido:resourceSet></lido:resourceWrap>
 </lido:administrativeMetadata>
</lido:lido>
"""

EXPECTED = {
    "record_id": "17",
    "other_ids": ["X/lido/17"],
    "images": ["pictures/17.jpg"],
    "title": "Reisig holen",
    "description": "Zwei Frauen",
    "makers": "Zille, Heinrich | Gehilfe, Ein",
    "date": "Herbst 1898",
    "date_from": "1898-09-01",
    "date_to": "1898-12-31",
    "date_kind": "production",
    "technique": "Albumin",
    "height_cm": 20.7,
    "width_cm": 26.2,
    "inventory_number": "Inv. 4",
    "repository": "Galerie",
    "credit_line": "Foto: Galerie",
    "record_url": "https://a/17",
    "rights_object": "gemeinfrei",
    "rights_image": "CC BY",
    "rights_metadata": "https://cc/zero",
}


def wrap(records):
    return f"<?xml version='1.0'?>\n<lido:lidoWrap {SPACE}>{records}</lido:lidoWrap>"


@pytest.mark.parametrize(
    "text",
    [
        wrap(RECORD),
        RECORD.strip().replace("<lido:lido>", f"<lido:lido {SPACE}>", 1),
        f"<a xmlns='x'><!-- b --><c/><c {SPACE}><d/>{RECORD}</c></a>",
        RECORD.strip()
        .replace("<lido:lido>", f"<lido xmlns='http://www.lido-schema.org' {SPACE}>", 1)
        .replace("</lido:lido>", "</lido>"),
    ],
    ids=["wrapped", "bare", "in an envelope", "default namespace"],
)
def test_lido(tmp_path, text):
    records, problems = read(lido.read_records, write(tmp_path / "a.xml", text))
    assert records == [new_record(**EXPECTED)]
    # the other title; and a buyer, who is asked for nothing, is none
    assert list(problems.frame()["what"]) == ["other titles: Frauen mit Karre"]


def test_lido_takes_the_language_that_is_asked_for(tmp_path):
    path = write(tmp_path / "a.xml", wrap(RECORD))
    (record,) = lido.read_records(path, Problems(), language="en")
    assert record["title"] == "Wood gatherers"
    # what only the German block says is not lost
    assert record["makers"] == "Zille, Heinrich | Gehilfe, Ein"


def test_lido_photograph_goes_before_production(tmp_path):
    shot = RECORD.replace(">Erwerb<", ">Fotografische Aufnahme<")
    records, _ = read(lido.read_records, write(tmp_path / "a.xml", wrap(shot)))
    assert records[0]["makers"] == "Ein Käufer" and records[0]["date_to"] == ""
    assert records[0]["date"] == "1966"


def test_lido_record_of_nothing(tmp_path):
    text = wrap("<lido:lido/><lido:lido><lido:administrativeMetadata/></lido:lido>")
    records, problems = read(lido.read_records, write(tmp_path / "a.xml", text))
    assert records == [new_record(record_id="#1"), new_record(record_id="#2")]
    assert list(problems.frame()["field"]) == ["record_id", "record_id"]


def test_lido_dates_that_contradict_are_left_to_the_text(tmp_path):
    for wrong in ("1897", "früher"):
        text = wrap(RECORD.replace("<lido:latestDate>1898<", f"<lido:latestDate>{wrong}<"))
        records, problems = read(lido.read_records, write(tmp_path / "a.xml", text))
        assert (records[0]["date_from"], records[0]["date_to"]) == ("", "")
        assert records[0]["date"] == "Herbst 1898"
        assert wrong in problems.frame()["what"][0]


def test_lido_copied_record_id(tmp_path):
    text = wrap(RECORD + RECORD.replace("X/lido/17", "X/lido/18"))
    records, problems = read(lido.read_records, write(tmp_path / "a.xml", text))
    assert [record["record_id"] for record in records] == ["17", "X/lido/18"]
    assert list(problems.frame()["field"]).count("record_id") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a well-formed XML file"),
        ("id,title\n1,x\n", "is not a well-formed XML file"),
        (RECORD, "is not a well-formed XML file: Namespace prefix lido"),
        (wrap(RECORD)[:-30], "is not a well-formed XML file"),
        (wrap(""), "holds no LIDO record"),
        ("<html><body/></html>", "holds no LIDO record"),
    ],
)
def test_broken_lido_is_one_sentence(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as caught:
        read(lido.read_records, write(tmp_path / "broken.xml", text))
    assert "broken.xml" in str(caught.value) and "\n" not in str(caught.value)


def test_missing_lido(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read(lido.read_records, tmp_path / "none.xml")


LAUGHS = '<!ENTITY lol0 "ha">' + "".join(
    f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10)
)


@pytest.mark.parametrize("place", ["title", "attribute"])
def test_billion_laughs_are_not_laughed(tmp_path, place):
    text = RECORD.replace("Zwei", "&lol9;")
    if place == "attribute":
        text = RECORD.replace('lido:pref="preferred"', 'lido:pref="&lol9;"', 1)
    text = f"<!DOCTYPE x [{LAUGHS}]>\n<lido:lidoWrap {SPACE}>{text}</lido:lidoWrap>"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError, match=r"evil\.xml"):
        read(lido.read_records, write(tmp_path / "evil.xml", text))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100_000  # kilobytes; unfolded it would be gigabytes


@pytest.mark.parametrize("kind", ["entity", "dtd"])
def test_files_of_this_machine_stay_unread(tmp_path, kind):
    secret = write(tmp_path / "secret.txt", "<!ENTITY xxe 'password'>")
    doctype = f'<!DOCTYPE x [<!ENTITY xxe SYSTEM "{secret.as_uri()}">]>'
    if kind == "dtd":
        doctype = f'<!DOCTYPE x SYSTEM "{secret.as_uri()}">'
    text = f"{doctype}\n<lido:lidoWrap {SPACE}>{RECORD.replace('Zwei', '&xxe;')}</lido:lidoWrap>"
    with pytest.raises(InputError, match=r"evil\.xml") as caught:
        read(lido.read_records, write(tmp_path / "evil.xml", text))
    assert "password" not in str(caught.value)


def test_doctype_without_entities_is_harmless(tmp_path):
    text = f'<!DOCTYPE x SYSTEM "none.dtd">\n<lido:lidoWrap {SPACE}>{RECORD}</lido:lidoWrap>'
    records, _ = read(lido.read_records, write(tmp_path / "a.xml", text))
    assert records == [new_record(**EXPECTED)]


def memory_now():
    """Kilobytes in use now; where the system does not say, the most that was ever in use."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_lido_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "long.xml"
    with open(path, "w", encoding="utf-8") as handle:
        handle.write(f"<lido:lidoWrap {SPACE}>\n")
        for number in range(2500):
            handle.write(RECORD.replace(">17<", f">{number}<"))
        handle.write("</lido:lidoWrap>")
    count, used = 0, {}
    for record in lido.read_records(path, Problems()):
        assert record["record_id"] == str(count)
        count += 1
        if count in (500, 2500):
            used[count] = memory_now()
    assert count == 2500
    assert used[2500] - used[500] < 8_000  # kilobytes; the tree of the whole file takes 40 MB


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("hannover_herrenhausen_lido_test.xml", 218),
        ("kenom_oai_chunk20.xml", 20),
        ("LIDO-Example_FMobj20344012-Fontana_del_Moro.xml", 3),
        ("LIDO-v1.1-Example_FMobj20344012-Fontana_del_Moro.xml", 3),
        ("Grafik_Kaffee_dC.xml", 1),
        ("Numismatik_Speciestaler_dC.xml", 1),
    ],
)
def test_real_lido(name, count):
    records, _ = read(lido.read_records, shared("lido") / name)
    assert len(records) == count
    assert len({record["record_id"] for record in records}) == count
    assert all(record["title"] for record in records)


def test_real_lido_of_ten_museums():
    paths = sorted(shared("lido/ddb").glob("*.xml"))
    assert len(paths) == 10
    records = {path.stem: read(lido.read_records, path)[0] for path in paths}
    assert all(len(found) == 1 and found[0]["images"] for found in records.values())
    photograph = records["Deutsche_Fotothek"][0]
    assert photograph["makers"] == "Cölln, Fritz"
    assert (photograph["date_from"], photograph["date_to"]) == ("1922-01-01", "1923-12-31")
    painting = records["KHB"][0]
    assert (painting["height_cm"], painting["width_cm"]) == (53.5, 79.5)
    assert painting["technique"] == "Öl auf Leinwand" and painting["date"] == "1870"
    print_ = records["LWL-Museum"][0]
    assert (print_["height_cm"], print_["width_cm"]) == (20.5, 14.9)


def test_real_broken_lido():
    paths = sorted(shared("lido/broken").glob("*.xml"))
    assert len(paths) == 3
    for path in paths:
        with pytest.raises(InputError, match=path.name):
            read(lido.read_records, path)
