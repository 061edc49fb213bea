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
