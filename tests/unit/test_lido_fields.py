"""LIDO's rules: places, sizes, where a thing is kept, the whole that it is part of, languages."""

import pytest

from tests.unit.lido_xml import event, read_one, title


def place(inner, attributes=""):
    return event("Herstellung", f"<eventPlace {attributes}>{inner}</eventPlace>")


@pytest.mark.parametrize(
    ("inner", "attributes", "said"),
    [
        ("<displayPlace>Berlin (?)</displayPlace>", "", "Berlin (?)"),
        ("<displayPlace>Berlin</displayPlace>", "lido:type='vermutlich'", "Berlin (vermutlich)"),
        ("<displayPlace>Berlin</displayPlace>", "lido:type='Aufnahmeort'", "Berlin"),
        (
            "<place><namePlaceSet><appellationValue>Rom</appellationValue></namePlaceSet>"
            "<placeClassification><term>Ort, wahrscheinlich</term></placeClassification></place>",
            "",
            "Rom (Ort, wahrscheinlich)",
        ),
        (
            "<displayPlace>wahrscheinlich Rom</displayPlace>",
            "lido:type='wahrscheinlich'",
            "wahrscheinlich Rom",
        ),
        (
            "<displayPlace xml:lang='eng'>Sardeis (mint)</displayPlace>"
            "<displayPlace xml:lang='deu'>Sardeis (Münzstätte)</displayPlace>",
            "",
            "Sardeis (Münzstätte)",
        ),
    ],
)
def test_places_with_their_certainty(tmp_path, inner, attributes, said):
    found, _ = read_one(tmp_path, events=place(inner, attributes))
    assert found["places"] == said


def test_terms_that_were_added_for_searching_are_left_out(tmp_path):
    material = (
        "<eventMaterialsTech><materialsTech><termMaterialsTech>"
        "<term lido:addedSearchTerm='yes'>Papier</term><term>Karton</term>"
        "</termMaterialsTech></materialsTech></eventMaterialsTech>"
    )
    subject = (
        "<subjectWrap><subjectSet><subject><subjectConcept><term>92 H 39 1</term>"
        "<term lido:addedSearchTerm='yes'>Triton(en)</term>"
        "<term lido:addedSearchTerm='yes'>Gott</term></subjectConcept></subject></subjectSet>"
        "<subjectSet><displaySubject>Kirche</displaySubject></subjectSet></subjectWrap>"
    )
    found, _ = read_one(tmp_path, events=event("Herstellung", material), related=subject)
    assert found["technique"] == "Karton"
    assert found["subjects"] == "92 H 39 1 Triton(en) | Kirche"


def size(shown="", parts="", extent=""):
    numbers = f"{parts}<extentMeasurements>{extent}</extentMeasurements>"
    return (
        f"<objectMeasurementsSet><displayObjectMeasurements>{shown}</displayObjectMeasurements>"
        f"<objectMeasurements>{numbers}</objectMeasurements></objectMeasurementsSet>"
    )


def part(kind, value, unit="cm"):
    return (
        f"<measurementsSet><measurementType>{kind}</measurementType><measurementUnit>{unit}"
        f"</measurementUnit><measurementValue>{value}</measurementValue></measurementsSet>"
    )


@pytest.mark.parametrize(
    ("sizes", "height", "width", "problem"),
    [
        (size("Bildmaß:  20,7x26,2 cm"), 20.7, 26.2, None),
        (size("Blatt: 24 x 30 cm") + size("Bild: 20 x 26 cm"), 20, 26, None),
        (size("24 x 30 cm (Blatt)") + size("20 x 26 cm (Platte)"), 20, 26, None),
        (size("24 x 30 cm", extent="Rahmen") + size("20 x 26 cm"), 20, 26, None),
        (size("", part("height", "58", "mm") + part("Breite", "92", "mm")), 5.8, 9.2, None),
        (size("Höhe: 58 mm Breite: 92 mm"), 5.8, 9.2, None),
        (size("H: 66,5 cm, B: 88,5 cm"), 66.5, 88.5, None),
        (size("", part("Höhe", "80")) + size("", part("Breite", "54")), 80, 54, None),
        (size("", part("Höhe", "80")) + size("", part("Durchmesser", "7,2")), 80, 7.2, None),
        (size("", part("Durchmesser", "22.00", "mm")), 2.2, 2.2, None),
        (size("", part("Höhe x Breite", "205 x 149", "mm"), "Platte"), 20.5, 14.9, None),
        (size("", part("Gewicht", "6,33", "gr.")), "", "", None),
        (size("Gewicht: 3 g"), "", "", None),
        (size("sehr groß"), "", "", "cannot read 'sehr groß'"),
        (size("", part("Höhe", "7", "Ellen")), "", "", "cannot read 'height: 7 Ellen'"),
        (size("20 x 26 cm") + size("21 x 27 cm"), 20, 26, "21 x 27 cm (object)"),
        ("", "", "", None),
    ],
)
def test_height_and_width(tmp_path, sizes, height, width, problem):
    found, problems = read_one(tmp_path, sizes=sizes)
    assert (found["height_cm"], found["width_cm"]) == (height, width)
    assert [what for _, what, _ in problems] == ([problem] if problem else [])


def test_where_it_is_kept_now(tmp_path):
    def kept(kind, name, number):
        return (
            f"<repositorySet lido:type='{kind}'><repositoryName><legalBodyName><appellationValue>"
            f"{name}</appellationValue></legalBodyName></repositoryName>"
            f"<workID lido:type='Dokumentennummer'>99</workID>"
            f"<workID lido:type='Inventarnummer'>{number}</workID></repositorySet>"
        )

    now, once = kept("current", "Galerie", "IV 4"), kept("former", "Schloss", "7")
    found, problems = read_one(tmp_path, kept=once + now)
    assert (found["repository"], found["inventory_number"]) == ("Galerie", "IV 4")
    assert problems == [("repository", "formerly Schloss | 7", "passed over")]


def test_the_whole_that_it_is_part_of(tmp_path):
    def related(kind, note):
        return (
            f"<relatedWorkSet><relatedWork><object><objectNote>{note}</objectNote></object>"
            f"</relatedWork><relatedWorkRelType><term>{kind}</term></relatedWorkRelType>"
            "</relatedWorkSet>"
        )

    works = related("hat Teil", "Deckenbild") + related("Standort-Zusammenhang", "Schloss")
    found, _ = read_one(tmp_path, related=f"<relatedWorksWrap>{works}</relatedWorksWrap>")
    assert found["series"] == "Schloss"
    works += related("Teil von", "Teil von: Innendekoration")
    found, _ = read_one(tmp_path, related=f"<relatedWorksWrap>{works}</relatedWorksWrap>")
    assert found["series"] == "Innendekoration"


def test_blocks_in_several_languages_fill_each_other(tmp_path):
    block = (
        "<descriptiveMetadata xml:lang='{0}'><objectIdentificationWrap><titleWrap>{1}</titleWrap>"
        "{2}</objectIdentificationWrap></descriptiveMetadata>"
    )
    note = "<objectDescriptionWrap><objectDescriptionSet><descriptiveNoteValue>A note</descriptive"
    note += "NoteValue></objectDescriptionSet></objectDescriptionWrap>"
    ids = block.format("en", title("Spring"), note)
    found, problems = read_one(tmp_path, ids=ids, title=title("Frühling"))
    assert (found["title"], found["description"]) == ("Frühling", "A note")
    found, _ = read_one(tmp_path, {"languages": ["en"]}, ids=ids, title=title("Frühling"))
    assert found["title"] == "Spring"
    assert problems == []
