"""A crop applied: the box, then the quarter turn, the same in packs, figures and sizes."""

import itertools

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from bilderatlas.collection.crops.crop import Crop, cut, enough
from bilderatlas.collection.orientation import picture_sizes
from bilderatlas.data.pack import decode, read_pack, write_pack
from bilderatlas.show.pictures import Pictures


def numbered(width=40, height=30):
    """A grey picture in which every pixel has a tone of its own along rows and columns."""
    y, x = np.mgrid[:height, :width]
    return ((3 * x + 4 * y) % 256).astype(np.uint8)


def by_hand(array, crop):
    """What a crop leaves, pixel by pixel: a slow second way."""
    kept = [list(row[crop.left : crop.right]) for row in array[crop.top : crop.bottom].tolist()]
    # a turn clockwise: the first column, from below, becomes the top row
    for _ in range(crop.turn // 90):
        kept = [[row[column] for row in reversed(kept)] for column in range(len(kept[0]))]
    return np.array(kept)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_box_and_turn_by_hand(turn):
    array = numbered()
    crop = Crop(5, 3, 31, 22, turn, 40, 30)
    found = np.asarray(cut(Image.fromarray(array), crop))
    assert np.array_equal(found, by_hand(array, crop))
    assert found.shape[::-1] == crop.size


def test_a_crop_of_the_whole_gives_the_picture_itself():
    picture = Image.fromarray(numbered())
    assert cut(picture, None) is picture
    whole = Crop(0, 0, 40, 30, 0, 40, 30)
    assert not whole.changes and cut(picture, whole) is picture
    assert Crop(0, 0, 40, 30, 180, 40, 30).changes


def test_of_a_reduced_picture_the_box_is_rounded_inwards():
    # a white photograph on black, its sides on odd pixels: at a quarter no black may come in
    array = np.zeros((120, 160), np.uint8)
    array[13:107, 11:149] = 255
    small = Image.fromarray(array).resize((40, 30), Image.Resampling.BOX)
    kept = np.asarray(cut(small, Crop(11, 13, 149, 107, 0, 160, 120)))
    assert kept.min() == 255
    assert kept.shape == (22, 34)


def test_a_box_smaller_than_a_pixel_of_the_reduced_picture_still_shows_one():
    small = Image.fromarray(numbered(10, 10))
    for left in range(0, 80, 7):
        kept = cut(small, Crop(left, left, left + 1, left + 1, 0, 80, 80))
        assert kept.size == (1, 1)


def test_how_large_the_whole_must_be_decoded(tmp_path):
    crop = Crop(0, 0, 400, 100, 0, 1600, 400)
    plain = Image.new("L", (1600, 400))
    assert enough(None, plain, (50, 60)) == (50, 60)
    assert enough(crop, plain, (50, 60)) == (200, 240)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (400, 1600)).save(tmp_path / "lying.jpg", exif=exif)
    with Image.open(tmp_path / "lying.jpg") as lying:
        # in the directions of the file: 400 wide holds the crop's height of 100
        assert enough(crop, lying, (50, 60)) == (200, 240)
        assert enough(Crop(0, 0, 400, 200, 0, 1600, 400), lying, (50, 60)) == (100, 240)


def scan(path, orientation=1, size=(1600, 1200), box=(400, 300, 1200, 900)):
    """A JPEG of a dark bed with a photograph on it, its left half red, its right half blue."""
    picture = Image.new("RGB", size, (20, 20, 20))
    middle = (box[0] + box[2]) // 2
    picture.paste((200, 30, 30), (box[0], box[1], middle, box[3]))
    picture.paste((30, 30, 200), (middle, box[1], box[2], box[3]))
    turned = {1: None, 6: Image.Transpose.ROTATE_90, 3: Image.Transpose.ROTATE_180}[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    (picture if turned is None else picture.transpose(turned)).save(path, exif=exif, quality=95)
    return str(path)


def near(pixel, wanted, by=14):
    return all(abs(int(a) - b) <= by for a, b in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize(
    ("orientation", "turn"), list(itertools.product([1, 3, 6], [0, 90, 180, 270]))
)
def test_packs_and_figures_show_the_same_part_the_same_way_up(tmp_path, orientation, turn):
    path = scan(tmp_path / "a.jpg", orientation)
    crop = Crop(400, 300, 1200, 900, turn, 1600, 1200)
    packed = decode(path, "rgb", 160, crop)
    shown = np.asarray(Pictures({"a": path}, crops={"a": crop}).thumbnail("a", 160, 160))
    assert packed.shape == shown.shape == ((120, 160, 3) if turn % 180 == 0 else (160, 120, 3))
    # where the left, red half comes to lie
    first = {0: np.s_[:, :70], 90: np.s_[:70], 180: np.s_[:, 90:], 270: np.s_[90:]}[turn]
    last = {0: np.s_[:, 90:], 90: np.s_[90:], 180: np.s_[:, :70], 270: np.s_[:70]}[turn]
    for found in (packed, shown):
        assert near(found[first].reshape(-1, 3).mean(axis=0), (200, 30, 30))
        assert near(found[last].reshape(-1, 3).mean(axis=0), (30, 30, 200))
        # nothing of the bed: every pixel is one of the two, or between them
        assert found.max(axis=2).min() > 90


def test_a_crop_from_a_large_jpeg_is_as_sharp_as_the_same_pixels_alone(tmp_path):
    rng = np.random.default_rng(0)
    fine = Image.fromarray(rng.integers(0, 256, (1600, 2000), np.uint8))
    fine = fine.resize((500, 400), Image.Resampling.BOX).resize((2000, 1600))
    fine.save(tmp_path / "large.jpg", quality=95)
    box = (820, 610, 1140, 850)
    with Image.open(tmp_path / "large.jpg") as opened:
        opened.crop(box).save(tmp_path / "part.png")
    alone = decode(tmp_path / "part.png", "grey", 80)
    cropped = decode(tmp_path / "large.jpg", "grey", 80, Crop(*box, 0, 2000, 1600))
    assert cropped.shape == alone.shape
    assert np.corrcoef(cropped.ravel(), alone.ravel())[0, 1] > 0.97
    assert abs(cropped.std() / alone.std() - 1) < 0.1


def test_without_crops_not_a_byte_of_a_pack_changes(jpegs, tmp_path):
    plain, with_none, of_others = (tmp_path / f"{name}.h5" for name in ("one", "two", "three"))
    write_pack(jpegs, plain, "grey", 64, 0.0)
    write_pack(jpegs, with_none, "grey", 64, 0.0, crops={})
    write_pack(jpegs, of_others, "grey", 64, 0.0, crops={"a": Crop(0, 0, 90, 60, 0, 90, 60)})
    one, two, three = map(read_pack, (plain, with_none, of_others))
    assert np.array_equal(one.pixels, two.pixels)
    assert np.array_equal(one.pixels, three.pixels)


def test_only_the_pictures_with_a_crop_are_packed_otherwise(jpegs, tmp_path):
    write_pack(jpegs, tmp_path / "one.h5", "grey", 64, 0.0)
    crops = {"b": Crop(10, 20, 50, 80, 90, 60, 90)}
    write_pack(jpegs, tmp_path / "two.h5", "grey", 64, 0.0, crops=crops)
    one, two = read_pack(tmp_path / "one.h5"), read_pack(tmp_path / "two.h5")
    for row, name in enumerate(one.image_ids):
        same = one.sizes[row].tolist() == two.sizes[row].tolist() and np.array_equal(
            one.picture(row), two.picture(row)
        )
        assert same == (name != "b")
    assert two.sizes[one.image_ids.index("b")].tolist() == [40, 60]


def test_a_scan_that_was_replaced_by_another_size_is_listed_and_not_cut_anyhow(jpegs, tmp_path):
    crops = {"b": Crop(10, 20, 50, 80, 0, 600, 900)}
    listed = write_pack(jpegs, tmp_path / "one.h5", "grey", 64, 0.5, crops=crops)
    assert listed["record"].tolist() == ["b"]
    assert "made for 600 x 900 pixels and it has 60 x 90" in listed["what"][0]
    assert "--forcerun freeze_crops" in listed["what"][0]
    shown = Pictures(dict(zip(jpegs["image_id"], jpegs["file"], strict=True)), crops=crops)
    tile = np.asarray(shown.thumbnail("b", 60, 90))
    assert tile.shape == (90, 60, 3) and near(tile[2, 2], (208, 208, 208))


def test_sizes_are_those_of_what_is_kept(tmp_path):
    scan(tmp_path / "a.jpg", 6)
    scan(tmp_path / "b.jpg")
    listed = pd.DataFrame(
        {"image_id": ["a", "b"], "file": [str(tmp_path / "a.jpg"), str(tmp_path / "b.jpg")]}
    )
    crops = {"a": Crop(400, 300, 1200, 900, 90, 1600, 1200)}
    assert picture_sizes(listed).loc["a"].tolist() == [1200, 1600]
    sizes = picture_sizes(listed, crops)
    assert sizes.loc["a"].tolist() == [800, 600]
    assert sizes.loc["b"].tolist() == [1200, 1600]
