"""The specimen: records, truth and pictures agree, and the same seed gives the same bytes."""

from __future__ import annotations

import collections
import csv
import hashlib
import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from lxml import etree
from PIL import Image

from bilderatlas.collection.specimen import TRUTH, draw_other_world, draw_specimen
from bilderatlas.collection.specimen.dates import german_date
from bilderatlas.collection.specimen.drawing import draw_picture
from bilderatlas.collection.specimen.plan import plan_collection
from bilderatlas.collection.specimen.records import measurement, write_lido

NAMES = {"lido": "http://www.lido-schema.org"}
SEED, SMALL = 11, 24


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def bytes_of(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def records_of(path: Path) -> dict[str, dict[str, str]]:
    """What the LIDO document says, by record id."""
    where = {
        "title": "titleSet/lido:appellationValue", "maker": "eventActor/lido:displayActorInRole",
        "date": "eventDate/lido:displayDate", "technique": "displayMaterialsTech",
        "size": "displayObjectMeasurements", "inventory": "workID", "file": "linkResource",
        "repository": "repositoryName//lido:appellationValue",
    }  # fmt: skip
    records = {}
    for lido in etree.parse(path).getroot().findall("lido:lido", NAMES):
        one = {key: lido.xpath(f".//lido:{path}", namespaces=NAMES) for key, path in where.items()}
        assert {key: len(found) for key, found in one.items()} == dict.fromkeys(where, 1)
        (image_id,) = lido.xpath(".//lido:recordID", namespaces=NAMES)
        records[image_id.text] = {key: found[0].text for key, found in one.items()}
    return records


def years_in(date: str) -> set[int]:
    """All years that a written date spans."""
    found = re.search(r"(\d{4})\s*(?:[/-]\s*(\d{2,4}))?$", date)
    first = int(found[1])
    last = int(found[2]) if found[2] else first
    last = last if last > 100 else first // 100 * 100 + last
    return set(range(first, (last if last >= first else last + 100) + 1))


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("specimen")
    draw_specimen(folder, SEED, SMALL)
    return folder


@pytest.fixture(scope="module")
def full():
    return plan_collection(2022, 240)


def test_small_collection_is_complete(small):
    truth = rows_of(small / "truth.csv")
    ids = [row["image_id"] for row in truth]
    assert tuple(truth[0]) == TRUTH
    assert len(set(ids)) == SMALL
    assert {path.stem for path in (small / "images").iterdir()} == set(ids)
    assert set(records_of(small / "lido.xml")) == set(ids)
    assert all(re.fullmatch(r"1\d{5}", image_id) for image_id in ids)
    assert len({row["motif"] for row in truth}) == 8


def test_records_agree_with_truth_and_pictures(small):
    records = records_of(small / "lido.xml")
    for row in rows_of(small / "truth.csv"):
        record = records[row["image_id"]]
        assert record["file"] == f"{row['image_id']}.jpg"
        assert record["title"].startswith("Ohne Titel (") and record["title"].endswith(")")
        assert int(row["year"]) in years_in(record["date"])
        assert (row["photographer"] == "zeichner") == record["maker"].startswith("Zeichner, Anton")
        found = re.fullmatch(r"Bildmaß:  ([\d,]+)x([\d,]+) cm", record["size"])
        height, width = (float(text.replace(",", ".")) for text in found.groups())
        with Image.open(small / "images" / record["file"]) as picture:
            assert picture.mode == "RGB" and picture.format == "JPEG"
            assert 420 <= max(picture.size) <= 520
            # sizes are written to a millimetre, of prints from 7 cm on
            assert width / height == pytest.approx(picture.width / picture.height, rel=0.025)


def test_same_seed_same_bytes_also_in_two_processes(small, tmp_path):
    stale = tmp_path / "images" / "199999.jpg"
    stale.parent.mkdir()
    stale.write_bytes(b"of an earlier drawing")
    draw_specimen(tmp_path, SEED, SMALL, workers=2)
    assert bytes_of(tmp_path) == bytes_of(small)


def test_another_seed_another_collection():
    ids = [{p.image_id for p in plan_collection(seed, SMALL)} for seed in (1, 2)]
    assert len(ids[0] & ids[1]) < SMALL / 4


def test_shares_of_the_full_collection(full):
    assert len(full) == 240
    negatives = collections.Counter(p.negative for p in full)
    assert sum(n - 1 for n in negatives.values()) == 24
    prints = [p for p in full if p.mirrored]
    assert 6 <= len(prints) <= 14 and 4 <= sum(p.cut is not None for p in full) <= 12
    # mirrored and cut pictures are never the only print of their negative
    assert all(negatives[p.negative] > 1 for p in full if p.mirrored or p.cut)
    motifs = collections.Counter(p.motif for p in full)
    assert len(motifs) == 8 and min(motifs.values()) >= 20
    known = sum(p.habit.name == "zeichner" for p in full) / 240
    assert 0.65 < known < 0.85
    assert all(1880 <= p.year <= 1920 for p in full)
    assert np.std([p.year for p in full]) > 5
    assert all(0.65 <= p.aspect <= 1.6 for p in full)
    assert {p.aspect > 1 for p in full} == {True, False}


@pytest.mark.parametrize("seed", [1, 7, 2022])
def test_a_quarter_shares_title_and_date(seed):
    pictures = plan_collection(seed, 240)
    groups = collections.Counter((p.title, p.date) for p in pictures)
    grouped = sum(size for size in groups.values() if size > 1) / 240
    assert 0.24 <= grouped <= 0.31
    assert max(groups.values()) <= 8
    # one title and date is one scene: retrieval by title asks for what is to be seen
    scenes = collections.defaultdict(set)
    for p in pictures:
        scenes[p.title, p.date].add(p.scene)
    assert all(len(found) == 1 for found in scenes.values())


def test_ids_reveal_nothing(full):
    """Neighbours in the order of ids share motif or negative no more often than by chance."""
    assert [p.image_id for p in full] == sorted(p.image_id for p in full)
    same_motif = np.mean([a.motif == b.motif for a, b in itertools.pairwise(full)])
    same_negative = sum(a.negative == b.negative for a, b in itertools.pairwise(full))
    assert same_motif < 0.22 and same_negative <= 3
    by_inventory = sorted(full, key=lambda p: p.inventory)
    assert len({p.inventory for p in full}) == 240
    assert np.mean([a.motif == b.motif for a, b in itertools.pairwise(by_inventory)]) < 0.22


def test_neither_author_nor_technique_tells_the_motif(full):
    """Guessing the commonest motif of an author, or of a technique, hardly beats chance."""
    for key in (lambda p: p.habit.name, lambda p: p.process):
        groups = collections.defaultdict(collections.Counter)
        for p in full:
            groups[key(p)][p.motif] += 1
        assert sum(max(c.values()) for c in groups.values()) / 240 < 0.25


def test_technique_drifts_with_the_years(full):
    mean = {
        name: np.mean([p.printed for p in full if p.process == name])
        for name in ("albumen", "zelloidin", "silver")
    }
    assert mean["albumen"] < mean["zelloidin"] < mean["silver"]


@pytest.mark.parametrize("winter", [True, False])
def test_dates_contain_their_year(winter):
    rng = np.random.default_rng(0)
    forms = set()
    for _ in range(400):
        year = int(rng.integers(1880, 1921))
        date = german_date(rng, year, winter)
        assert year in years_in(date), date
        forms.add(re.sub(r"\d+", "9", date))
    assert len(forms) >= (5 if winter else 20)


def test_the_turn_of_the_century_is_written_in_full_or_short():
    assert years_in("Winter 1899/00") == {1899, 1900}
    assert years_in("Winter 1899/1900") == {1899, 1900}
    assert years_in("16. September 1897") == {1897}


def small_grey(image: Image.Image) -> np.ndarray:
    """16 x 16 tones of the picture without its paper border, mean 0, length 1."""
    w, h = image.size
    inner = image.convert("L").crop((w // 20, h // 20, w - w // 20, h - h // 20))
    values = np.asarray(inner.resize((16, 16), Image.Resampling.BOX), float)
    values -= values.mean()
    return values / np.linalg.norm(values)


def test_a_print_shows_its_negative_and_two_motifs_differ(full):
    """A second print correlates with the first (mirrored back), another motif far less."""
    by_negative = collections.defaultdict(list)
    for p in full:
        by_negative[p.negative].append(p)
    pairs = [(a, b) for a, b, *_ in (v for v in by_negative.values() if len(v) > 1)]
    plain, mirrored = [], []
    for a, b in pairs:
        if a.cut is None and b.cut is None and a.motif != "portrait":
            (mirrored if a.mirrored != b.mirrored else plain).append((a, b))
    for a, b in plain[:2] + mirrored[:2]:
        one, two = (draw_picture(2022, p, a.aspect) for p in (a, b))
        assert one.tobytes() != two.resize(one.size).tobytes()
        one, two = small_grey(one), small_grey(two)
        same = float((one * (two[:, ::-1] if a.mirrored != b.mirrored else two)).sum())
        other = next(p for p in full if p.motif != a.motif and p.cut is None)
        different = float((one * small_grey(draw_picture(2022, other, other.aspect))).sum())
        assert same > 0.88
        assert different < same - 0.1


def test_series_moves_within_one_place(full):
    """Two exposures of a scene differ, but share the place."""
    by_scene = collections.defaultdict(dict)
    for p in full:
        if p.cut is None and not p.mirrored and p.motif in ("street", "pit", "doorway"):
            by_scene[p.scene].setdefault(p.exposure, p)
    first, second, *_ = next(list(v.values()) for v in by_scene.values() if len(v) > 1)
    assert first.title == second.title and first.negative != second.negative
    one, two = (small_grey(draw_picture(2022, p, first.aspect)) for p in (first, second))
    assert 0.5 < float((one * two).sum()) < 0.9999


def test_measurement_is_height_by_width(full):
    tall = next(p for p in full if p.aspect < 0.8)
    height, width = re.findall(r"[\d,]+(?=x| cm)", measurement(tall))
    assert float(height.replace(",", ".")) > float(width.replace(",", "."))


def test_lido_is_valid(full, tmp_path):
    schema = Path(__file__).parents[3] / "shared/data/lido/schema/lido-v1.0.xsd"
    if not schema.exists():
        pytest.skip("the LIDO schema is in ../shared/data, which is not here")
    write_lido(full[:20], tmp_path / "lido.xml")
    checker = etree.XMLSchema(etree.parse(schema))
    assert checker.validate(etree.parse(tmp_path / "lido.xml")), checker.error_log


def test_other_world(tmp_path):
    draw_other_world(tmp_path / "a", 5, 16)
    rows = rows_of(tmp_path / "a" / "metadata.csv")
    assert list(rows[0]) == ["id", "title", "date", "author"]
    assert len({row["id"] for row in rows}) == 16
    assert {f"{row['id']}.jpg" for row in rows} == {
        p.name for p in (tmp_path / "a/images").iterdir()
    }
    assert all(1930 <= int(row["date"]) <= 1950 for row in rows)
    assert len({row["title"].split(",")[0] for row in rows}) >= 8
    draw_other_world(tmp_path / "b", 5, 16, workers=2)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


def test_too_small_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 8"):
        draw_specimen(tmp_path, 1, 3)
    with pytest.raises(ValueError, match="at least 1"):
        draw_other_world(tmp_path, 1, 0)
