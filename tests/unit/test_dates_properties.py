"""Dates: what must hold of every date that is read, whatever its spelling."""

import calendar
import itertools
import re
from datetime import date

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilderatlas.analysis.dating import date_ranges
from bilderatlas.collection.dates import (
    chronological,
    middle_year,
    middle_years,
    parse_date,
    parse_edtf,
)
from bilderatlas.collection.dates.columns import date_columns
from bilderatlas.collection.dates.days import (
    Day,
    decimal_year,
    from_ordinal,
    ordinal,
    read_day,
    write_day,
)

# the same examples in every run: what fails on one machine fails on all
HOUSE = settings(
    max_examples=400,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)

YEARS = st.integers(1000, 2090).map(str)
MONTHS = st.sampled_from(
    ["März", "Dezember", "Sept.", "July", "February", "août", "décembre", "janv."]
)
SEASONS = st.sampled_from(["Sommer", "Winter", "Spätsommer", "autumn", "été", "hiver"])
ENDS = st.one_of(
    YEARS,
    st.builds("{} {}".format, MONTHS, YEARS),
    st.builds("{} {}".format, SEASONS, YEARS),
    st.builds("{}. Mai {}".format, st.integers(1, 31), YEARS),
    st.builds("{}.{}.{}".format, st.integers(1, 31), st.integers(1, 12), YEARS),
    st.builds("{}0er Jahre".format, st.integers(101, 208)),
    st.builds("années {}0".format, st.integers(101, 208)),
    st.builds("{}. Jh.".format, st.integers(1, 21)),
    st.builds("{}. Jh. v. Chr.".format, st.integers(1, 90)),
    st.builds("{} BC".format, st.integers(1, 9000)),
    st.builds("{} n. Chr.".format, st.integers(1, 999)),
)
PARTS = st.sampled_from(
    ["", "Anfang ", "Mitte ", "spätes ", "2. Hälfte ", "1. Viertel ", "last third of ", "fin "]
)
MARKS = st.sampled_from(["", "um ", "c.", "vermutlich ", "wohl um ", "peut-être "])
OPEN = st.sampled_from(["", "", "", "vor ", "nach ", "until ", "depuis "])
JOINTS = st.sampled_from(["/", "-", "–", " bis ", " to ", " à "])
DATES = st.one_of(
    st.builds("{}{}{}{}".format, MARKS, OPEN, PARTS, ENDS),
    st.builds("{}{}{}{}{}".format, MARKS, PARTS, ENDS, JOINTS, ENDS),
    st.builds("{}{}{}?".format, ENDS, JOINTS, ENDS),
)
SHARDS = [
    "um", "vor", "nach", "bis", "c.", "?", "(?)", "/", "-", "–", ".", "~", "X", "..", "1.", "2.",
    "19", "1898", "99", "00", "1900", "-0043", "0000", "XIX", "e", "th", "siècle", "Jh.", "century",
    "Hälfte", "Anfang", "mid", "Sommer", "winter", "Mai", "31.", "v. Chr.", "BC", "er", "s",
    "années", "und", "zwischen", "de", "à", "Jahreswende", "21", "24", "13",
]  # fmt: skip
JUMBLE = st.lists(
    st.builds("{}{}".format, st.sampled_from(SHARDS), st.sampled_from(["", " "])), max_size=8
).map("".join)
DAYS = st.builds(Day, st.integers(-9999, 2100), st.integers(1, 12), st.integers(1, 28))


def check(found):
    """What holds of everything that is read."""
    first, last = chronological(found.date_from), chronological(found.date_to)
    assert found.date_from or found.date_to
    if found.date_from and found.date_to:
        assert first <= last
        middle = middle_year(found.date_from, found.date_to)
        assert read_day(found.date_from).year <= middle <= read_day(found.date_to).year + 1
    assert parse_edtf(found.edtf) == found
    table = pd.DataFrame({"date_from": [found.date_from], "date_to": [found.date_to]})
    ranges = date_ranges(table).iloc[0]
    assert (ranges["low"] == ranges["low"]) == bool(found.date_from)
    assert (ranges["high"] == ranges["high"]) == bool(found.date_to)
    assert not ranges["low"] >= ranges["high"]
    assert middle_years(table).notna().all()


@HOUSE
@given(ENDS)
def test_an_end_alone_is_read(text):
    found = parse_date(text)
    day = re.fullmatch(r"(\d+)\.(\d+)\.(\d{4})", text)
    if day:
        number, month, year = map(int, day.groups())
        assert (found is not None) == (number <= calendar.monthrange(year, month)[1])
    elif re.fullmatch(r"(années )?\d\d00(er Jahre)?", text) and not text.isdigit():
        assert found is None  # ten years or a hundred
    else:
        assert found is not None
    if found is not None:
        check(found)


@HOUSE
@given(DATES)
def test_whatever_is_read_is_in_order_and_reads_back(text):
    found = parse_date(text)
    if found is not None:
        check(found)


SUPPLIED = st.sampled_from(["[{}]", "o. J. ({})", "ohne Datum [{}]", "n. d. ({})", "s.d., {}"])


@HOUSE
@given(SUPPLIED, DATES)
def test_a_supplied_date_says_the_same(frame, text):
    assert parse_date(frame.format(text)) == parse_date(text)


@HOUSE
@given(ENDS, st.sampled_from(["{}, gedruckt {}", "{} (Abzug {})", "{}; printed {}"]), ENDS)
def test_the_exposure_is_read_where_the_print_is_not_older(text, frame, other):
    taken, printed = parse_date(text), parse_date(other)
    found, complaints = date_columns(frame.format(text, other), "", "", "")
    known = taken and printed
    if known and chronological(taken.date_from) <= chronological(printed.date_to):
        days = {"date_from": taken.date_from, "date_to": taken.date_to, "date_edtf": taken.edtf}
        assert found == days | {"date_kind": "exposure"}
    else:
        assert set(found.values()) == {""}
    assert len(complaints) == 1


@HOUSE
@given(DATES)
def test_the_columns_of_a_catalogue_read_back_as_they_are(text):
    found, _ = date_columns(text, "", "", "")
    if found["date_edtf"]:
        assert date_columns(text, *found.values()) == (found, [])


@HOUSE
@given(st.one_of(JUMBLE, st.text(max_size=30)))
def test_nonsense_never_fails_and_never_contradicts_itself(text):
    for read in (parse_date, parse_edtf):
        found = read(text)
        if found is not None:
            check(found)


def edtf_dates():
    year = st.integers(-9990, 2090).map(lambda n: f"{'-' if n < 0 else ''}{abs(n):04d}")
    return st.one_of(
        year,
        st.builds("{}-{:02d}".format, year, st.integers(1, 12)),
        st.builds("{}-{:02d}-{:02d}".format, year, st.integers(1, 12), st.integers(1, 28)),
    )


MARKED_EDTF = st.builds("{}{}".format, edtf_dates(), st.sampled_from(["", "?", "~", "%"]))


@HOUSE
@given(
    st.one_of(
        edtf_dates(),
        st.builds("{}/..".format, MARKED_EDTF),
        st.builds("../{}".format, MARKED_EDTF),
        st.builds("{:03d}X".format, st.integers(0, 209)),
        st.builds("{:02d}XX".format, st.integers(0, 19)),
        st.builds("{:04d}-{}".format, st.integers(0, 2090), st.integers(21, 24)),
    )
)
def test_edtf_is_read_and_printed_as_it_was(text):
    found = parse_edtf(text)
    assert found.edtf == text
    check(found)


@HOUSE
@given(MARKED_EDTF, MARKED_EDTF)
def test_an_interval_is_read_exactly_where_its_ends_are_in_order(left, right):
    found, ends = parse_edtf(f"{left}/{right}"), [parse_edtf(left), parse_edtf(right)]
    # what "about" adds does not mend an order
    begin = chronological(parse_edtf(left.rstrip("?~%")).date_from)
    end = chronological(parse_edtf(right.rstrip("?~%")).date_to)
    assert (found is not None) == (begin <= end)
    if found is not None:
        assert (found.date_from, found.date_to) == (ends[0].date_from, ends[1].date_to)
        check(found)


@HOUSE
@given(st.integers(1000, 2090))
def test_before_within_and_after_do_not_touch(year):
    for before, after in (("vor", "nach"), ("before", "after"), ("avant", "après")):
        low, high = parse_date(f"{before} {year}"), parse_date(f"{after} {year}")
        here = parse_date(str(year))
        assert chronological(low.date_to) + 1 == chronological(here.date_from)
        assert chronological(here.date_to) + 1 == chronological(high.date_from)


@HOUSE
@given(st.integers(2, 20), st.sampled_from([("Hälfte", 2), ("Drittel", 3), ("Viertel", 4)]))
def test_the_parts_of_a_century_make_the_whole(century, parts):
    name, count = parts
    found = [parse_date(f"{number}. {name} {century}. Jh.") for number in range(1, count + 1)]
    whole = parse_date(f"{century}. Jahrhundert")
    assert (found[0].date_from, found[-1].date_to) == (whole.date_from, whole.date_to)
    for left, right in itertools.pairwise(found):
        assert chronological(left.date_to) + 1 == chronological(right.date_from)


@HOUSE
@given(DAYS, DAYS)
def test_days_count_as_the_calendar_does(one, other):
    assert from_ordinal(ordinal(one)) == one and read_day(write_day(one)) == one
    assert (ordinal(one) < ordinal(other)) == (one < other)
    assert (chronological(write_day(one)) < chronological(write_day(other))) == (one < other)
    if one.year >= 1:
        assert ordinal(one) == date(*one).toordinal()
    # the calendar before the year 1 is that of 400 years later
    assert ordinal(one._replace(year=one.year + 400)) == ordinal(one) + 146_097
    assert one.year <= decimal_year(ordinal(one)) < decimal_year(ordinal(one) + 1) <= one.year + 1
