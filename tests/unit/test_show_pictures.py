"""Thumbnails of originals: upright, in colour, aspect kept; a tile where there is none."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from bilderatlas.show.pictures import Pictures, fitted
from bilderatlas.show.text import TILE, elide, font, wrap


def two_halves(size=(400, 300), left=(200, 30, 30), right=(30, 30, 200)):
    picture = Image.new("RGB", size, left)
    picture.paste(right, (size[0] // 2, 0, *size))
    return picture


def near(pixel, wanted, by=12):
    return all(abs(a - b) <= by for a, b in zip(pixel, wanted, strict=True))


@pytest.fixture
def shown(tmp_path):
    def show(picture, name="a.png", box=(120, 90), **options):
        picture.save(tmp_path / name, **options)
        return Pictures({"a": str(tmp_path / name)}).thumbnail("a", *box)

    return show


@pytest.mark.parametrize(
    ("size", "box", "wanted"),
    [
        ((400, 300), (120, 120), (120, 90)),
        ((300, 400), (120, 120), (90, 120)),
        ((40, 30), (120, 120), (120, 90)),  # small ones are enlarged, to be seen
        ((9000, 10), (120, 120), (120, 1)),  # never less than a pixel
    ],
)
def test_aspect_is_kept(size, box, wanted):
    assert fitted(size, box) == wanted


def test_a_jpeg_keeps_its_colours_and_sides(shown):
    small = shown(two_halves((1600, 1200)), "a.jpg", quality=95)
    assert small.mode == "RGB" and small.size == (120, 90)
    assert near(small.getpixel((20, 45)), (200, 30, 30))
    assert near(small.getpixel((100, 45)), (30, 30, 200))


def test_a_picture_lying_on_its_side_is_turned_upright(shown):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: show it a quarter clockwise
    small = shown(two_halves((1600, 1200)), "a.jpg", exif=exif, quality=95)
    assert small.size == (68, 90)
    assert near(small.getpixel((34, 10)), (200, 30, 30))
    assert near(small.getpixel((34, 80)), (30, 30, 200))


def test_transparency_is_shown_on_white(shown):
    picture = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    assert shown(picture).getpixel((60, 45)) == (255, 255, 255)
    assert shown(picture.convert("P"), "p.png", transparency=0).getpixel((5, 5)) == (255, 255, 255)


def test_grey_of_one_eight_and_sixteen_bits(shown):
    sixteen = Image.fromarray(np.full((30, 40), 32896, np.uint16))  # the middle of 16 bits
    assert shown(sixteen).getpixel((60, 45)) == (128, 128, 128)
    assert shown(Image.new("L", (40, 30), 77), "l.png").getpixel((60, 45)) == (77, 77, 77)
    assert shown(Image.new("1", (40, 30), 1), "b.png").getpixel((60, 45)) == (255, 255, 255)


def test_cmyk_becomes_rgb(shown):
    small = shown(Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "a.jpg", quality=95)
    assert small.mode == "RGB" and near(small.getpixel((60, 45)), (255, 0, 0), by=20)


def test_a_colour_profile_is_used_and_a_broken_one_does_no_harm(shown):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (profile, b"no profile at all"):
        small = shown(two_halves(), icc_profile=icc)
        assert near(small.getpixel((20, 45)), (200, 30, 30), by=3)


def broken_files(folder):
    whole = io.BytesIO()
    two_halves((800, 600)).save(whole, "JPEG")
    (folder / "cut.jpg").write_bytes(whole.getvalue()[:2000])
    (folder / "words.jpg").write_bytes(b"this is no picture")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "folder.jpg").mkdir()
    return ["cut", "words", "empty", "folder", "absent"]


def test_a_broken_or_missing_picture_is_a_tile_that_says_so(tmp_path, caplog):
    names = broken_files(tmp_path)
    pictures = Pictures({name: str(tmp_path / f"{name}.jpg") for name in names})
    for name in [*names, "unheard of"]:
        tile = pictures.thumbnail(name, 120, 90)
        assert tile.size == (120, 90) and tile.getpixel((0, 0)) == TILE, name
        assert len(tile.getcolors(120 * 90)) > 2, name  # words stand on it
    assert "cut.jpg" in caplog.text and "absent" in caplog.text
    assert pictures.thumbnail("cut", 8, 8).size == (8, 8)


def test_a_picture_is_read_once_and_the_copy_may_be_drawn_on(tmp_path):
    path = tmp_path / "a.png"
    two_halves().save(path)
    pictures = Pictures({"a": str(path)})
    first = pictures.thumbnail("a", 60, 60)
    path.unlink()
    first.paste((0, 255, 0), (0, 0, 60, 60))
    assert pictures.thumbnail("a", 60, 60).getpixel((5, 20)) == (200, 30, 30)


def test_lines_stay_within_their_width():
    face = font(14)
    words = "Blick auf die Kaserne des Kaiserlichen Alexander-Garde-Grenadier-Regiments, Süden"
    lines = wrap(words, face, 150, 9)
    assert all(face.getlength(line) <= 150 for line in lines)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert lines[0] == "Blick auf die Kaserne"
    short = wrap(words, face, 150, 2)
    assert len(short) == 2 and short[-1].endswith("…") and face.getlength(short[-1]) <= 150
    assert "".join(wrap("x" * 90, face, 100, 99)) == "x" * 90  # a word wider than the line
    assert wrap("", face, 100, 3) == []


def test_a_long_id_loses_its_middle_not_its_end():
    shorter = elide("obj_00154983_T_001.tif", font(11), 90)
    assert shorter.startswith("obj") and shorter.endswith(".tif") and "…" in shorter
    assert font(11).getlength(shorter) <= 90
    assert elide("17173", font(11), 90) == "17173"
