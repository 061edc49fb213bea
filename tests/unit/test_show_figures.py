"""The composed figures: neighbours, sheet, pairs of views."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bilderatlas.show import neighbours, sheet, view_pairs
from bilderatlas.show.neighbours import draw_neighbours
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.sheet import draw_sheet
from bilderatlas.show.view_pairs import draw_view_pairs

IDS = [f"1710{number:02d}" for number in range(30)]
CAPTION = "Ohne Titel (Männer & Mädchen, Straße), Winter 1899/1900, Zille, Heinrich (1858-1929)"


@pytest.fixture
def pictures(tmp_path):
    files = {}
    for number, image_id in enumerate(IDS):
        size = (160, 120) if number % 2 else (120, 160)
        Image.new("RGB", size, (120 + number, 90, 60)).save(tmp_path / f"{image_id}.jpg")
        files[image_id] = str(tmp_path / f"{image_id}.jpg")
    (tmp_path / f"{IDS[5]}.jpg").write_bytes(b"broken")
    return Pictures(files)


def row(words, count=9):
    return words, [(image_id, 0.05 * place) for place, image_id in enumerate(IDS[1 : count + 1])]


def open_rgb(path):
    with Image.open(path) as picture:
        return picture.convert("RGB")


def has(picture, colour):
    return bool((np.asarray(picture) == colour).all(axis=2).any())


def test_the_comparison_grows_by_a_row_an_experiment(pictures, tmp_path):
    sizes = {}
    for count in (1, 2, 20):
        path = tmp_path / "figures" / f"{count}.png"
        draw_neighbours(IDS[0], [row(f"{n} on Zille") for n in range(count)], pictures, {}, path)
        sizes[count] = open_rgb(path).size
    assert sizes[1][0] == sizes[20][0]
    step = sizes[2][1] - sizes[1][1]
    assert step > neighbours.SIDE
    assert sizes[20][1] == sizes[1][1] + 19 * step


def test_pictures_stand_in_their_columns(pictures, tmp_path):
    draw_neighbours(IDS[0], [row("7")], pictures, {}, tmp_path / "a.png")
    drawn = open_rgb(tmp_path / "a.png")
    first = neighbours.MARGIN + neighbours.LABEL_WIDTH + neighbours.SIDE // 2
    step = neighbours.SIDE + neighbours.GAP
    y = drawn.height - 80  # within the one row of pictures
    assert abs(drawn.getpixel((first, y))[0] - 120) <= 3  # the query
    for place in range(1, 10):
        if IDS[place] != IDS[5]:
            pixel = drawn.getpixel((first + neighbours.GAP + place * step, y))
            assert abs(pixel[0] - (120 + place)) <= 3, place


def test_hits_are_marked_and_explained(pictures, tmp_path):
    path = tmp_path / "a.png"
    draw_neighbours(IDS[0], [row("7")], pictures, {}, path)
    plain = open_rgb(path)
    assert not has(plain, neighbours.HIT)
    draw_neighbours(IDS[0], [row("7")], pictures, {}, path, hits=lambda name: name == IDS[3])
    marked = open_rgb(path)
    # the legend takes room; the frame lies around the third neighbour and around no other
    assert marked.height > plain.height
    step = neighbours.SIDE + neighbours.GAP
    left = neighbours.MARGIN + neighbours.LABEL_WIDTH + neighbours.GAP
    for place in range(1, 10):
        x = left + place * step
        cell = marked.crop((x - 4, marked.height - 170, x + neighbours.SIDE + 4, marked.height))
        assert has(cell, neighbours.HIT) == (place == 3), place


def test_few_or_no_neighbours_and_odd_words(pictures, tmp_path):
    rows = [row("7 auf Zille trainiert, " * 20, 3), row("pixels", 0), row("", 1)]
    captions = {IDS[0]: CAPTION + " $ | <b> " + "x" * 400}
    path = tmp_path / "a.png"
    draw_neighbours(IDS[0], rows, pictures, captions, path, "de", lambda _: True, "im Testteil")
    assert open_rgb(path).width == 2 * 20 + 200 + 10 * 130 + 10
    with pytest.raises(ValueError, match="no rows"):
        draw_neighbours(IDS[0], [], pictures, {}, path)


def test_long_ids_go_beneath_the_distance(pictures, tmp_path):
    long = [("7", [("obj_00154983_T_001_very_long.tif", 0.5)])]
    draw_neighbours(IDS[0], [row("7", 1)], pictures, {}, tmp_path / "a.png")
    draw_neighbours(IDS[0], long, pictures, {}, tmp_path / "b.png")
    assert open_rgb(tmp_path / "b.png").height > open_rgb(tmp_path / "a.png").height


def test_the_same_input_gives_the_same_bytes(pictures, tmp_path):
    for name in "ab":
        rows = [row("7"), row("8")]
        draw_neighbours(IDS[0], rows, pictures, {IDS[0]: CAPTION}, tmp_path / f"n{name}.png")
        draw_sheet(IDS, pictures, {}, tmp_path / f"s{name}.png")
    for kind in "ns":
        assert (tmp_path / f"{kind}a.png").read_bytes() == (tmp_path / f"{kind}b.png").read_bytes()
    assert not list(tmp_path.glob(".*"))  # nothing half written is left


def test_the_sheet_grows_with_the_pictures(pictures, tmp_path):
    sizes = {}
    for count in (1, 10, 11, 30):
        draw_sheet(IDS[:count], pictures, {}, tmp_path / "s.png", columns=10, title="Test")
        sizes[count] = open_rgb(tmp_path / "s.png").size
    assert sizes[10][0] == sizes[11][0] == sizes[30][0] == 40 + 10 * (sheet.SIDE + sheet.GAP) - 8
    step = sizes[11][1] - sizes[10][1]
    assert step > sheet.SIDE and sizes[30][1] == sizes[10][1] + 2 * step
    assert sizes[1][1] == sizes[10][1]


def test_a_huge_sheet_is_capped_and_says_so(pictures, tmp_path):
    ids = IDS * 100
    draw_sheet(ids, pictures, {}, tmp_path / "s.png", columns=20, max_pictures=40)
    draw_sheet(ids[:40], pictures, {}, tmp_path / "t.png", columns=20)
    capped, whole = open_rgb(tmp_path / "s.png"), open_rgb(tmp_path / "t.png")
    assert capped.size == whole.size
    different = np.nonzero((np.asarray(capped) != np.asarray(whole)).any(axis=(1, 2)))[0]
    assert len(different) > 0 and different.max() < 50  # only the heading differs
    assert sheet._counted(1000, 16235, "de").startswith("nur die ersten 1.000 von 16.235")
    assert sheet._counted(1, 1, "en").startswith("1 picture;")
    with pytest.raises(ValueError):
        draw_sheet([], pictures, {}, tmp_path / "s.png")


def views(count=36, size=64):
    pairs = np.zeros((count, 2, size, size), np.uint8)
    pairs[:, 1] = 255
    return pairs


def test_pairs_of_views_stand_side_by_side_on_cards(tmp_path):
    originals = [Image.new("RGB", (160, 80), (200, 60, 60))] * 36
    draw_view_pairs(originals, views(), tmp_path / "v.png", "Zille: published", "de")
    drawn = open_rgb(tmp_path / "v.png")
    # along the middle of the first card: original, black view, white view, card, paper, card
    y = drawn.height - view_pairs.MARGIN - 5 - view_pairs.SIDE // 2
    runs = [drawn.getpixel((x, y)) for x in range(view_pairs.MARGIN, drawn.width // 5)]
    seen = [pixel for at, pixel in enumerate(runs) if at == 0 or pixel != runs[at - 1]]
    card, paper = view_pairs.CARD, (255, 255, 255)
    red, black, white = (200, 60, 60), (0, 0, 0), (255, 255, 255)
    assert seen[:7] == [card, red, card, black, card, white, card] and seen[7] == paper


def test_pairs_without_originals_fewer_and_coloured(tmp_path):
    draw_view_pairs([], views(7), tmp_path / "v.png")
    narrow = open_rgb(tmp_path / "v.png")
    coloured = np.repeat(views(40)[..., None], 3, axis=4)
    coloured[..., 0] = 77
    draw_view_pairs([], coloured, tmp_path / "w.png")
    assert open_rgb(tmp_path / "w.png").width == narrow.width
    assert open_rgb(tmp_path / "w.png").height > narrow.height
    assert has(open_rgb(tmp_path / "w.png"), (77, 0, 0))


@pytest.mark.parametrize("wrong", [views()[0], views().astype(float), views(0), views()[:, :1]])
def test_other_shapes_are_refused(tmp_path, wrong):
    with pytest.raises(ValueError, match="view pairs"):
        draw_view_pairs([], wrong, tmp_path / "v.png")


def test_as_many_originals_as_pairs(tmp_path):
    with pytest.raises(ValueError, match="originals"):
        draw_view_pairs([Image.new("RGB", (9, 9))], views(3), tmp_path / "v.png")


def test_real_photographs(tmp_path):
    folder = Path(__file__).parents[2] / ".." / "shared" / "data" / "zille" / "images"
    if not folder.is_dir():
        pytest.skip("../shared/data is absent")
    ids = ["171059", "17173", "227610", "17340", "17616"]
    real = Pictures({image_id: str(folder / f"{image_id}.jpg") for image_id in ids})
    for image_id in ids:
        small = real.thumbnail(image_id, 120, 120)
        assert max(small.size) == 120
        with Image.open(folder / f"{image_id}.jpg") as whole:
            exact = whole.convert("RGB").resize(small.size, Image.Resampling.LANCZOS)
        # decoding at reduced size changes the thumbnail by no more than the eye lets pass
        gap = np.abs(np.asarray(small, float) - np.asarray(exact, float)).mean()
        assert gap < 3, (image_id, gap)
    rows = [("7", [(image_id, 0.1) for image_id in ids[1:]])]
    draw_neighbours("171059", rows, real, {}, tmp_path / "n.png")
    # toned prints stay toned: the panorama 17616 is a warm brown
    red, _, blue = np.asarray(real.thumbnail("17616", 120, 120), float).mean(axis=(0, 1))
    assert red > blue + 5
