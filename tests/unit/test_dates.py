"""Dates: all 54 spellings of the published catalogue one by one, and what must not be read."""

import csv
from pathlib import Path

import pytest

from bilderatlas.collection.dates import DateRange, middle_year, parse_date

METADATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "zille" / "metadata.csv"

# every spelling of the published catalogue, worked out by hand
PUBLISHED = {
    "Sommer 1889": ("1889-06-01", "1889-08-31"),
    "Sommer 1891": ("1891-06-01", "1891-08-31"),
    "Sommer 1892": ("1892-06-01", "1892-08-31"),
    "Sommer 1893": ("1893-06-01", "1893-08-31"),
    "Sommer 1896": ("1896-06-01", "1896-08-31"),
    "Sommer 1897": ("1897-06-01", "1897-08-31"),
    "Sommer 1898": ("1898-06-01", "1898-08-31"),
    "Sommer 1899": ("1899-06-01", "1899-08-31"),
    "Sommer 1900": ("1900-06-01", "1900-08-31"),
    "Sommer 1901": ("1901-06-01", "1901-08-31"),
    "Sommer 1903": ("1903-06-01", "1903-08-31"),
    "Spätsommer 1897": ("1897-08-01", "1897-09-30"),
    "Frühling 1897": ("1897-03-01", "1897-05-31"),
    "Herbst 1897": ("1897-09-01", "1897-11-30"),
    "Herbst 1898": ("1898-09-01", "1898-11-30"),
    "Herbst 1899": ("1899-09-01", "1899-11-30"),
    "Herbst 1900": ("1900-09-01", "1900-11-30"),
    "Herbst 1901": ("1901-09-01", "1901-11-30"),
    "Winter 1893/94": ("1893-12-01", "1894-02-28"),
    "Winter 1896/97": ("1896-12-01", "1897-02-28"),
    "Winter 1898/99": ("1898-12-01", "1899-02-28"),
    "Winter 1899/1900": ("1899-12-01", "1900-02-28"),
    "Jahreswende 1897/98": ("1897-12-01", "1898-01-31"),
    "Jahreswende 1897/1898": ("1897-12-01", "1898-01-31"),
    "September 1887": ("1887-09-01", "1887-09-30"),
    "August 1900": ("1900-08-01", "1900-08-31"),
    "September 1900": ("1900-09-01", "1900-09-30"),
    "Oktober 1900": ("1900-10-01", "1900-10-31"),
    "August 1901": ("1901-08-01", "1901-08-31"),
    "März/April 1899": ("1899-03-01", "1899-04-30"),
    "Juli/August 1900": ("1900-07-01", "1900-08-31"),
    "16. September 1897": ("1897-09-16", "1897-09-16"),
    "17. Dezember 1899": ("1899-12-17", "1899-12-17"),
    "17. April 1912": ("1912-04-17", "1912-04-17"),
    "1892": ("1892-01-01", "1892-12-31"),
    "1894": ("1894-01-01", "1894-12-31"),
    "1898": ("1898-01-01", "1898-12-31"),
    "1899": ("1899-01-01", "1899-12-31"),
    "1900": ("1900-01-01", "1900-12-31"),
    "1901": ("1901-01-01", "1901-12-31"),
    "1902": ("1902-01-01", "1902-12-31"),
    "1902/1903": ("1902-01-01", "1903-12-31"),
    "1905/1906": ("1905-01-01", "1906-12-31"),
    "1905/ 1906": ("1905-01-01", "1906-12-31"),
    "1910/1911": ("1910-01-01", "1911-12-31"),
    "um 1880": ("1878-01-01", "1882-12-31"),
    "um 1893-1895": ("1891-01-01", "1897-12-31"),
    "um 1896": ("1894-01-01", "1898-12-31"),
    "um 1899/1900": ("1897-01-01", "1902-12-31"),
    "um 1908": ("1906-01-01", "1910-12-31"),
    "um 1910": ("1908-01-01", "1912-12-31"),
    "um 1912": ("1910-01-01", "1914-12-31"),
    "um 1915": ("1913-01-01", "1917-12-31"),
    "um 1920": ("1918-01-01", "1922-12-31"),
}

OTHERS = {
    "1912.0": ("1912-01-01", "1912-12-31"),
    "  1912 ": ("1912-01-01", "1912-12-31"),
    "1899/00": ("1899-01-01", "1900-12-31"),
    "1899–1901": ("1899-01-01", "1901-12-31"),
    "1910–12": ("1910-01-01", "1912-12-31"),
    "1900 bis 1902": ("1900-01-01", "1902-12-31"),
    "vor 1900": ("", "1899-12-31"),
    "Vor August 1900": ("", "1900-07-31"),
    "nach 1900": ("1901-01-01", ""),
    "nach 1898/99": ("1900-01-01", ""),
    "1904-02": ("1904-02-01", "1904-02-29"),
    "1910-12": ("1910-12-01", "1910-12-31"),
    "1897-09-16": ("1897-09-16", "1897-09-16"),
    "1930-01-01 10:47:35": ("1930-01-01", "1930-01-01"),
    "1899-12-17/1900-01-02": ("1899-12-17", "1900-01-02"),
    "27.05.1902": ("1902-05-27", "1902-05-27"),
    "Winter 1903/04": ("1903-12-01", "1904-02-29"),
    "Winter 1899/00": ("1899-12-01", "1900-02-28"),
    "Winter 1899": ("1898-12-01", "1900-02-28"),
    "Frühling/Sommer 1898": ("1898-03-01", "1898-08-31"),
    "Dezember 1899/Januar 1900": ("1899-12-01", "1900-01-31"),
    "16. September 1897 – 3. Oktober 1897": ("1897-09-16", "1897-10-03"),
    "JULI 1900": ("1900-07-01", "1900-07-31"),
}

UNREADABLE = [
    "", "unbekannt", "o. J.", "1898?", "[1898]", "19. Jahrhundert", "Sommer", "Sommerfest 1898",
    "189", "18980", "153911", "0000", "4711", "um", "um Sommer 1898", "vor", "vor um 1900",
    "31. Februar 1900", "30.02.1900", "1900-13-01", "1900-02-30", "1911/1910", "1899/98",
    "Winter 1899/1901", "Jahreswende 1899", "Dezember/Januar 1900", "Smarch 1900", "1898 1899",
    "vor 0001", "1899/" * 5000,
]  # fmt: skip


def test_table_holds_the_54_spellings():
    assert len(PUBLISHED) == 54


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_spelling(text):
    about = text.startswith("um ")
    assert parse_date(text) == DateRange(*PUBLISHED[text], approximate=about)


@pytest.mark.parametrize("text", OTHERS)
def test_other_spelling(text):
    assert parse_date(text) == DateRange(*OTHERS[text])


@pytest.mark.parametrize("text", ["c.1912", "c. 1912", "ca. 1912", "ca 1912", "circa 1912"])
def test_spellings_of_about(text):
    assert parse_date(text) == DateRange("1910-01-01", "1914-12-31", approximate=True)


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:20])
def test_what_cannot_be_read_is_not_guessed(text):
    assert parse_date(text) is None


@pytest.mark.parametrize("text", [*PUBLISHED, *OTHERS])
def test_a_range_reads_back_as_itself(text):
    found = parse_date(text)
    if found.date_from and found.date_to:
        assert found.date_from <= found.date_to
        again = parse_date(f"{found.date_from}/{found.date_to}")
        assert (again.date_from, again.date_to) == (found.date_from, found.date_to)


def test_every_published_row_is_read():
    if not METADATA.exists():
        pytest.skip("the real data lies beside the checkout: ../shared/data is not there")
    with open(METADATA, encoding="utf-8", newline="") as handle:
        texts = [row["date"] for row in csv.DictReader(handle)]
    assert len(texts) == 624
    assert set(texts) == set(PUBLISHED)
    assert all(parse_date(text) for text in texts)


@pytest.mark.parametrize(
    ("first", "last", "middle"),
    [
        ("1900-01-01", "1900-12-31", 1900.5),
        ("1904-01-01", "1904-12-31", 1904.5),
        ("1899-01-01", "1900-12-31", 1900.0),
        ("1906-01-01", "1910-12-31", 1908.5),  # half of 1826 days; 1908 begins 730 days in
        ("1900-07-01", "1900-07-31", 1900 + (181 + 15.5) / 365),
        ("1900-01-01", "1900-01-01", 1900 + 0.5 / 365),
        ("", "1899-12-31", 1899 + 364.5 / 365),
        ("1901-01-01", "", 1901 + 0.5 / 365),
    ],
)
def test_middle_year(first, last, middle):
    assert middle_year(first, last) == pytest.approx(middle, abs=1e-9)


def test_middle_of_nothing_and_of_nonsense():
    assert middle_year("", "") is None
    with pytest.raises(ValueError, match="before it begins"):
        middle_year("1901-01-01", "1900-01-01")
    with pytest.raises(ValueError):
        middle_year("1901", "")
