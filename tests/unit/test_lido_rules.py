"""LIDO's rules: which of several titles, events, people, dates, sizes and renditions is taken."""

import pytest

from tests.unit.lido_xml import event, read_one

TERMS = "http://terminology.lido-schema.org"


def title(text, attributes="", outer=""):
    return f"<titleSet {outer}><appellationValue {attributes}>{text}</appellationValue></titleSet>"


@pytest.mark.parametrize(
    ("titles", "taken", "others"),
    [
        (title("A") + title("A"), "A", None),
        (title("A") + title("B", "lido:pref='preferred'"), "B", "A"),
        (title("A") + title("B", f"lido:pref='{TERMS}/lido00169'"), "B", "A"),
        (title("A", "lido:pref='alternative'") + title("B"), "B", "A"),
        (title("A", outer="lido:pref='alternate'") + title("B"), "B", "A"),
        (title("A", outer="lido:sortorder='3'") + title("B", outer="lido:sortorder='1'"), "B", "A"),
        (title("A", "xml:lang='en'") + title("B"), "B", None),  # B speaks German as its block does
        (title("A", "xml:lang='it'") + title("B", "xml:lang='eng'"), "B", None),
        (title(" ") + title("B <!-- c -->\n c"), "B c", None),
        (title("A") + title("B") + title("C"), "A", "B | C"),
        ("", "", None),
    ],
)
def test_one_title(tmp_path, titles, taken, others):
    found, problems = read_one(tmp_path, title=titles)
    assert found["title"] == taken
    told = [("title", f"other titles: {others}", f"passed over for {taken!r}")] if others else []
    assert problems == told


def shown_date(text):
    return f"<eventDate><displayDate>{text}</displayDate></eventDate>"


def days(first, last, shown=""):
    text = f"<displayDate>{shown}</displayDate>" if shown else ""
    ends = f"<earliestDate>{first}</earliestDate><latestDate>{last}</latestDate>"
    return f"<eventDate>{text}<date>{ends}</date></eventDate>"


def actor(name, role="", qualifier=""):
    return (
        f"<eventActor><actorInRole><actor><nameActorSet><appellationValue>{name}"
        f"</appellationValue></nameActorSet></actor><roleActor><term>{role}</term></roleActor>"
        f"<attributionQualifierActor>{qualifier}</attributionQualifierActor>"
        "</actorInRole></eventActor>"
    )


@pytest.mark.parametrize(
    ("kind", "date_kind"),
    [
        ("Fotografische Aufnahme", "exposure"),
        (f"{TERMS}/lido01127", "exposure"),
        ("Abzug", "print"),
        ("Herstellung", "production"),
        (f"{TERMS}/eventType/production", "production"),
        ("http://www.cidoc-crm.org/crm-concepts/E12", "production"),
        ("ENTWURF", "design"),
        ("", "unspecified"),
    ],
)
def test_whose_date_it_is(tmp_path, kind, date_kind):
    found, problems = read_one(tmp_path, events=event(kind, shown_date("1898")))
    assert (found["date"], found["date_kind"]) == ("1898", date_kind) and not problems


def test_exposure_goes_before_print_and_production(tmp_path):
    events = (
        event("Herstellung", shown_date("1966") + actor("Ein Abzieher"))
        + event("Erwerb", shown_date("1970") + actor("Ein Käufer"))
        + event("Abzug", shown_date("1920"))
        + event("Fotografische Aufnahme", shown_date("1898") + actor("Zille, Heinrich"))
    )
    found, problems = read_one(tmp_path, events=events)
    assert (found["date"], found["date_kind"]) == ("1898", "exposure")
    assert found["makers"] == "Zille, Heinrich"
    assert problems == [
        ("date", "1920 (print)", "passed over for 1898"),
        ("date", "1966 (production)", "passed over for 1898"),
        ("makers", "Ein Abzieher (production)", "passed over for those of the exposure"),
    ]


def test_what_the_best_event_leaves_open_the_next_one_says(tmp_path):
    material = "<eventMaterialsTech><displayMaterialsTech>Albumin</displayMaterialsTech>"
    events = event("Herstellung", shown_date("1966") + material + "</eventMaterialsTech>") + event(
        "Aufnahme", actor("Zille, Heinrich")
    )
    found, problems = read_one(tmp_path, events=events)
    assert (found["date"], found["date_kind"]) == ("1966", "production")
    assert (found["makers"], found["technique"]) == ("Zille, Heinrich", "Albumin")
    assert problems == []


def test_no_event_that_makes_is_no_date(tmp_path):
    found, problems = read_one(tmp_path, events=event("Erwerb", shown_date("1966")))
    assert found["date"] == "" and found["date_kind"] == ""
    assert problems == [
        ("date_kind", "only events of other kinds: Erwerb", "none of them asked"),
    ]


def test_the_same_days_in_other_words_are_no_contradiction(tmp_path):
    events = event("Herstellung", shown_date("1787/1790")) + event(
        "Production", days("1787", "1790")
    )
    assert read_one(tmp_path, events=events)[1] == []


@pytest.mark.parametrize(
    ("date", "expected", "problem"),
    [
        (days("1922", "1923", "1923"), ("1923", "1922-01-01", "1923-12-31"), None),
        (days("1898-09", "", "ab Herbst"), ("ab Herbst", "1898-09-01", ""), None),
        (days("", "1898"), ("1898", "", "1898-12-31"), None),
        (days("1482", "1482"), ("1482", "1482-01-01", "1482-12-31"), None),
        (days("", ""), ("", "", ""), None),
        # before Christ: the later year has the smaller text
        (
            days("-0499", "-0399", "5. Jh. v. Chr."),
            ("5. Jh. v. Chr.", "-0499-01-01", "-0399-12-31"),
            None,
        ),
        (days("-1500", "0114"), ("-1500/0114", "-1500-01-01", "0114-12-31"), None),
        (
            days("-0043", "-0099", "44 v. Chr."),
            ("44 v. Chr.", "", ""),
            "cannot read '-0043/-0099'",
        ),
        (days("1900", "1890", "um 1895"), ("um 1895", "", ""), "cannot read '1900/1890'"),
        (days("früher", "1890", "1889"), ("1889", "", ""), "cannot read 'früher'"),
        (
            days("1900", "1901", "1950"),
            ("1950", "1900-01-01", "1901-12-31"),
            "'1950' is written, 1900-01-01 to 1901-12-31 is meant",
        ),
    ],
)
def test_days_go_before_the_text(tmp_path, date, expected, problem):
    found, problems = read_one(tmp_path, events=event("Herstellung", date))
    assert (found["date"], found["date_from"], found["date_to"]) == expected
    assert [what for _, what, _ in problems] == ([problem] if problem else [])


def test_makers_apart_from_those_who_are_shown(tmp_path):
    people = (
        actor("Zille, Heinrich", "Fotograf")
        + actor("Rauch", "Bildhauer", "Werkstatt")
        + actor("Kraus, August", "Dargestellt")
        + actor("Ein Graf", "Auftraggeber")
        + "<eventActor><displayActorInRole>Ein Gehilfe</displayActorInRole></eventActor>"
    )
    subject = (
        "<subjectWrap><subjectSet><subject><subjectActor><displayActor>Gaul, August</displayActor>"
        "</subjectActor><subjectConcept><term>Atelier</term></subjectConcept></subject>"
        "</subjectSet><subjectSet><subject><subjectPlace><place><namePlaceSet><appellationValue>"
        "Berlin</appellationValue></namePlaceSet></place></subjectPlace></subject></subjectSet>"
        "</subjectWrap>"
    )
    found, problems = read_one(tmp_path, events=event("Aufnahme", people), related=subject)
    assert found["makers"] == "Zille, Heinrich | Rauch (Werkstatt) | Ein Gehilfe"
    assert found["depicted"] == "Kraus, August | Gaul, August | Berlin"
    assert found["subjects"] == "Atelier"
    assert problems == [
        ("makers", "Ein Graf (Auftraggeber)", "passed over: made nothing of it"),
    ]


def test_the_preferred_name_of_a_person_before_the_display(tmp_path):
    people = (
        "<eventActor><displayActorInRole>Hersteller: Giacomo della Porta (1532-1602)"
        "</displayActorInRole><actorInRole><actor><nameActorSet>"
        "<appellationValue>Giacomo della Porta</appellationValue>"
        f"<appellationValue lido:pref='{TERMS}/lido00169'>Porta, Giacomo della</appellationValue>"
        "</nameActorSet></actor></actorInRole></eventActor>"
    )
    found, _ = read_one(tmp_path, events=event("Herstellung", people))
    assert found["makers"] == "Porta, Giacomo della"
    shown = {"xpath": {"makers.name": ["../../lido:displayActorInRole"]}}
    found, _ = read_one(tmp_path, shown, events=event("Herstellung", people))
    assert found["makers"] == "Hersteller: Giacomo della Porta (1532-1602)"


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
