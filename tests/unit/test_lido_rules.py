"""LIDO's rules: which of several titles, events, people, dates, sizes and renditions is taken."""

import pytest

from tests.unit.lido_xml import event, read_one, title

TERMS = "http://terminology.lido-schema.org"


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
        (
            days("1922", "1923", "1923"),
            ("1923", "1922-01-01", "1923-12-31"),
            "'1923' says 1923, within LIDO's own 1922/1923",
        ),
        (
            days("1902", "1902", "27.05.1902"),
            ("27.05.1902", "1902-01-01", "1902-12-31"),
            "'27.05.1902' says 1902-05-27, within LIDO's own 1902",
        ),
        # an open end is no less wide
        (
            days("1898", "", "1898"),
            ("1898", "1898-01-01", ""),
            "'1898' says 1898, within LIDO's own 1898/..",
        ),
        (
            days("", "1890", "1895"),
            ("1895", "", "1890-12-31"),
            "'1895' is written, .. to 1890-12-31 is meant",
        ),
        (
            days("1898", "1898", "Sommer 1898"),
            ("Sommer 1898", "1898-01-01", "1898-12-31"),
            "'Sommer 1898' says 1898-22, within LIDO's own 1898",
        ),
        # what the text says in days is our own reading, or a habit of counting
        (days("1890", "1910", "um 1900"), ("um 1900", "1890-01-01", "1910-12-31"), None),
        (days("1800", "1900", "19. Jh."), ("19. Jh.", "1800-01-01", "1900-12-31"), None),
        (
            days("1898-05", "1898-08", "Sommer 1898"),
            ("Sommer 1898", "1898-05-01", "1898-08-31"),
            None,
        ),
        (days("1899", "1900", "vor 1950"), ("vor 1950", "1899-01-01", "1900-12-31"), None),
        (
            days("1800", "1899", "1810-1820"),
            ("1810-1820", "1800-01-01", "1899-12-31"),
            "'1810-1820' says 1810/1820, within LIDO's own 1800/1899",
        ),
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


def marked(first, last, shown="", kind="approximate"):
    text = f"<displayDate>{shown}</displayDate>" if shown else ""
    return (
        f"<eventDate>{text}<date><earliestDate lido:type='{kind}'>{first}</earliestDate>"
        f"<latestDate>{last}</latestDate></date></eventDate>"
    )


@pytest.mark.parametrize(
    ("date", "edtf"),
    [
        (marked("1950", "1990"), "1950~/1990"),
        (marked("1950", "1990", kind=f"{TERMS}/lido00529"), "1950~/1990"),
        (marked("1950", "1990", kind="estimatedDate"), "1950~/1990"),
        (marked("1950", "1990", kind="exactDate"), ""),
        (marked("", "1990"), ""),  # no first day that could be approximate
        (marked("1906", "1910", "um 1908"), ""),  # the text says it better
        (days("1950", "1990").replace("<eventDate>", "<eventDate lido:type='circa'>"),
         "1950~/1990~"),
        (days("1950", "1950").replace("<date>", "<date lido:type='ca.'>"), "1950~"),
    ],
)  # fmt: skip
def test_an_approximate_end_keeps_its_days(tmp_path, date, edtf):
    found, problems = read_one(tmp_path, events=event("Herstellung", date))
    assert found["date_edtf"] == edtf and problems == []
    first = "1906-01-01" if "1906" in date else "1950-01-01"
    assert found["date_from"] == ("" if "><" in date.split("earliestDate")[1] else first)


def materials(*terms, shown=""):
    text = f"<displayMaterialsTech>{shown}</displayMaterialsTech>" if shown else ""
    inner = "".join(
        f"<termMaterialsTech lido:type='{kind}'><term>{term}</term></termMaterialsTech>"
        for term, kind in terms
    )
    inner = f"<materialsTech>{inner}</materialsTech>"
    return f"<eventMaterialsTech>{text}{inner}</eventMaterialsTech>"


@pytest.mark.parametrize(
    ("told", "technique", "others"),
    [
        (materials(("Glas", "material")) + materials(("Rot", f"{TERMS}/lido00479"), shown="Rot"),
         "Glas", ["Rot (colour)"]),
        (materials(("Glas", "material"), ("Rot", "Farbe"), ("Adler", "Wasserzeichen")), "Glas",
         ["Rot (colour)", "Adler (mark)"]),
        # a text for display that holds both is kept; so is a type that nobody knows
        (materials(("Glas", "material"), ("rot", "Farbe"), shown="rotes Glas"), "rotes Glas", []),
        (materials(("Rot", "Anstrich")), "Rot", []),
        (materials(("Rot", "Farbe")), "", ["Rot (colour)"]),
    ],
)  # fmt: skip
def test_colours_and_marks_are_no_technique(tmp_path, told, technique, others):
    found, problems = read_one(tmp_path, events=event("Herstellung", told))
    assert found["technique"] == technique
    assert problems == [("technique", what, "passed over: no technique") for what in others]


def test_a_note_on_the_author_is_no_description(tmp_path):
    def note(text, kind, language="de"):
        return (
            f"<objectDescriptionSet lido:type='{kind}'><descriptiveNoteValue xml:lang='{language}'>"
            f"{text}</descriptiveNoteValue></objectDescriptionSet>"
        )

    # the only note in the wanted language is none: what is left speaks English
    notes = note("Ein Haus.", "Beschreibung", "en") + note("A. Schmidt", "Urheber / Quelle")
    wrap = f"<objectDescriptionWrap>{notes}</objectDescriptionWrap>"
    found, problems = read_one(tmp_path, identified=wrap)
    assert found["description"] == "Ein Haus."
    assert problems == [
        ("description", "A. Schmidt (Urheber / Quelle)", "passed over: no description")
    ]


def test_who_had_money_issued_made_nothing(tmp_path):
    people = actor("Büchen", "Münzstand") + actor("Nielsen, J.", "Drucker")
    issued = event("Veröffentlichung", actor("Büchen", "Herausgeber"))
    found, problems = read_one(tmp_path, events=event("Herstellung", people) + issued)
    assert found["makers"] == "Nielsen, J."
    assert problems == [
        ("makers", "Büchen (Münzstand | Herausgeber)", "passed over: made nothing of it"),
    ]


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Zusammenhang | Postkartenverlag", False),
        ("Fotograf", False),
        ("Zusammenhang", True),
        ("Fotograf | Dargestellte Person", True),
        ("", True),
    ],
)
def test_a_publisher_is_not_shown(tmp_path, label, shown):
    subject = (
        "<subjectWrap><subjectSet><subject><subjectActor><actor><nameActorSet><appellationValue"
        f" lido:label='{label}'>Trinks</appellationValue></nameActorSet></actor></subjectActor>"
        "</subject></subjectSet></subjectWrap>"
    )
    found, problems = read_one(tmp_path, related=subject)
    assert found["depicted"] == ("Trinks" if shown else "")
    told = [("depicted", f"Trinks ({label})", "passed over: not shown")]
    assert problems == ([] if shown else told)


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
