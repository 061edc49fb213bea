"""Packs: pixels as Pillow decodes them, aspect kept, bad pictures listed and left out."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from bilderatlas.data.pack import Pack, decode, read_pack, write_pack
from bilderatlas.errors import InputError
from bilderatlas.files import PROBLEMS


def manifest(*files):
    return pd.DataFrame({"image_id": [f.stem for f in files], "file": [str(f) for f in files]})


@pytest.fixture
def save(tmp_path, picture):
    """A picture saved in some format; its path."""

    def make(name, size=(60, 40), channels=3, mode=None, **options):
        image = Image.fromarray(picture(1, *size, channels).squeeze())
        image = image.convert(mode) if mode else image
        image.save(tmp_path / name, **options)
        return tmp_path / name

    return make


# --- decoding


@pytest.mark.parametrize(("mode", "pillow"), [("grey", "L"), ("rgb", "RGB")])
def test_values_are_pillows_own(save, mode, pillow):
    file = save("a.png", (600, 400))
    wanted = Image.open(file).convert(pillow).resize((96, 64), Image.Resampling.BILINEAR)
    found = decode(file, mode, 96)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found.squeeze(), np.asarray(wanted))


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        ((600, 400), (64, 96)),
        ((400, 600), (96, 64)),
        ((500, 500), (96, 96)),
        ((961, 10), (1, 96)),
        ((1000, 3), (1, 96)),  # never less than a pixel
        ((97, 50), (49, 96)),
        ((96, 50), (50, 96)),
        ((60, 40), (40, 60)),  # small pictures are not enlarged
    ],
)
@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_long_side_and_aspect(save, size, wanted, suffix):
    for mode, channels in (("grey", 1), ("rgb", 3)):
        assert decode(save(f"a.{suffix}", size), mode, 96).shape == (*wanted, channels)


def test_a_small_picture_keeps_its_values(save):
    file = save("a.png", (60, 40))
    np.testing.assert_array_equal(decode(file, "rgb", 96), np.asarray(Image.open(file)))


def test_a_large_jpeg_is_near_its_full_decoding(save):
    """JPEGs are decoded at a fraction first; that must not be seen."""
    file = save("a.jpg", (1200, 800), quality=95)
    whole = Image.open(file).convert("L").resize((96, 64), Image.Resampling.BILINEAR)
    difference = decode(file, "grey", 96)[:, :, 0].astype(int) - np.asarray(whole).astype(int)
    assert abs(difference).mean() < 1.5


def test_grey_is_pillows_grey_of_colours(tmp_path):
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)
    Image.fromarray(colours).save(tmp_path / "a.png")
    # ITU-R 601-2: 0.299, 0.587, 0.114 of 255
    assert decode(tmp_path / "a.png", "grey", 96)[0, :, 0].tolist() == [76, 150, 29]


def test_a_camera_that_was_held_upright(tmp_path):
    levels = np.zeros((40, 60), np.uint8)
    levels[:, :20] = 250  # bright at the left as it lies in the file
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to see it
    for name in ("a.jpg", "a.png"):
        Image.fromarray(levels).save(tmp_path / name, exif=exif)
        found = decode(tmp_path / name, "grey", 96)
        assert found.shape == (60, 40, 1)
        assert found[:15].min() > 230 and found[25:].max() < 20


def test_sixteen_bits_become_eight(tmp_path):
    """65535 is 255, so 257 levels become one: the nearest."""
    levels = np.array([[0, 128, 129, 257, 384, 386, 128 * 257, 65535]], np.uint16)
    wanted = [0, 0, 1, 1, 1, 2, 128, 255]
    Image.fromarray(levels).save(tmp_path / "a.png")
    assert decode(tmp_path / "a.png", "grey", 96)[0, :, 0].tolist() == wanted
    Image.fromarray(levels).save(tmp_path / "a.tif")
    assert decode(tmp_path / "a.tif", "rgb", 96)[0].tolist() == [[level] * 3 for level in wanted]


def test_cmyk(tmp_path):
    ink = np.zeros((16, 32, 4), np.uint8)
    ink[:, :16, 3] = 255  # black ink at the left, bare paper at the right
    Image.fromarray(ink, "CMYK").save(tmp_path / "a.jpg", quality=95)
    for mode in ("grey", "rgb"):
        found = decode(tmp_path / "a.jpg", mode, 96)
        assert found[:, :12].max() < 15 and found[:, 20:].min() > 240


def test_palette_and_one_bit(tmp_path):
    palette = Image.new("P", (3, 1))
    palette.putpalette([10, 20, 30, 200, 100, 50, 255, 255, 255])
    palette.putdata([0, 1, 2])
    palette.save(tmp_path / "a.png")
    found = decode(tmp_path / "a.png", "rgb", 96)
    assert found[0].tolist() == [[10, 20, 30], [200, 100, 50], [255, 255, 255]]
    Image.fromarray(np.array([[True, False]])).save(tmp_path / "b.png")
    assert decode(tmp_path / "b.png", "grey", 96)[0, :, 0].tolist() == [255, 0]


def test_a_picture_without_a_picture(tmp_path, save):
    (tmp_path / "a.jpg").write_text("no picture")
    with pytest.raises(OSError, match="cannot identify"):
        decode(tmp_path / "a.jpg", "grey", 96)
    whole = save("b.jpg", (400, 300), quality=95)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(OSError, match="truncated"):
        decode(whole, "grey", 96)


# --- packs


@pytest.mark.parametrize(("mode", "channels"), [("grey", 1), ("rgb", 3)])
def test_a_pack_holds_what_was_decoded_in_order(jpegs, tmp_path, mode, channels):
    path = tmp_path / "pack" / f"{mode}-64.h5"
    problems = write_pack(jpegs, path, mode, 64, 0.0, workers=3)
    assert problems.empty and problems.columns.tolist() == list(PROBLEMS)
    pack = read_pack(path)
    assert (pack.image_ids, pack.mode, pack.channels) == (list("abcd"), mode, channels)
    assert len(pack) == 4
    assert pack.sizes.tolist() == [[43, 64], [64, 43], [43, 64], [64, 28]]
    for row, file in enumerate(jpegs["file"]):
        np.testing.assert_array_equal(pack.picture(row), decode(file, mode, 64))
    assert pack.rows(["d", "nobody", "a"]) == [3, 0]


def test_more_pictures_than_a_block(save, tmp_path):
    file = save("a.png", (20, 10))
    many = pd.DataFrame({"image_id": [str(n) for n in range(130)], "file": str(file)})
    write_pack(many, tmp_path / "p.h5", "grey", 32, 0.0, workers=2)
    pack = read_pack(tmp_path / "p.h5")
    assert pack.image_ids == many["image_id"].tolist()
    np.testing.assert_array_equal(pack.picture(129), pack.picture(0))


def test_bad_pictures_are_listed_and_left_out(save, tmp_path, monkeypatch):
    good = [save(f"{name}.png") for name in "abcd"]
    cut = save("cut.jpg", (400, 300), quality=95)
    cut.write_bytes(cut.read_bytes()[:3000])
    nothing = tmp_path / "nothing.jpg"
    nothing.write_bytes(b"")
    huge = save("huge.png", (80, 60))
    # Pillow refuses what has more than twice this many pixels: the picture may be a trap
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2395)
    listed = manifest(good[0], cut, good[1], nothing, good[2], huge, good[3])
    problems = write_pack(listed, tmp_path / "p.h5", "grey", 32, 0.5)
    pack = read_pack(tmp_path / "p.h5")
    assert pack.image_ids == list("abcd") and len(pack.sizes) == 4 and len(pack.offsets) == 5
    np.testing.assert_array_equal(pack.picture(3), decode(good[3], "grey", 32))
    assert problems["record"].tolist() == ["cut", "nothing", "huge"]
    assert problems["file"].tolist() == [str(cut), str(nothing), str(huge)]
    assert problems["what"].str.startswith("cannot be read (").all()
    assert set(problems["done"]) == {"left out of the pack"}


def test_too_many_bad_pictures_stop_the_run(save, tmp_path):
    files = [save(f"{name}.png") for name in "abc"]
    bad = tmp_path / "bad.jpg"
    bad.write_text("no picture")
    listed, path = manifest(*files, bad), tmp_path / "pack" / "p.h5"
    with pytest.raises(InputError) as caught:
        write_pack(listed, path, "grey", 32, 0.24)
    told = str(caught.value)
    assert f"1 of 4 pictures cannot be read, the first is {bad}" in told
    assert "`unreadable` (now 24%)" in told
    assert not list(path.parent.iterdir())
    # as many as are allowed
    assert len(write_pack(listed, path, "grey", 32, 0.25)) == 1


def test_a_pack_without_any_picture_is_none(tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_text("no picture")
    with pytest.raises(InputError, match="1 of 1 pictures cannot be read"):
        write_pack(manifest(bad), tmp_path / "p.h5", "grey", 32, 1.0)


def test_a_file_that_is_no_pack(tmp_path):
    for content in (None, b"no hdf5"):
        if content:
            (tmp_path / "p.h5").write_bytes(content)
        with pytest.raises(InputError, match=r"p\.h5 is not a pack of pictures"):
            read_pack(tmp_path / "p.h5")


# --- canvases


def test_a_canvas_by_hand():
    pack = Pack(
        np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], np.uint8),
        np.array([0, 2, 6, 10]),
        np.array([[1, 2], [4, 1], [2, 2]]),
        ["a", "b", "c"],
        "grey",
    )
    canvas, sizes = pack.canvas([2, 0])
    assert canvas.dtype == np.uint8
    assert canvas.tolist() == [[[[7, 8], [9, 10]]], [[[1, 2], [0, 0]]]]
    assert sizes.tolist() == [[2, 2], [1, 2]]
    assert pack.canvas([1, 0])[0].tolist() == [[[[3, 0], [4, 0], [5, 0], [6, 0]]],
                                               [[[1, 2], [0, 0], [0, 0], [0, 0]]]]  # fmt: skip


def test_a_canvas_in_colour(make_pack):
    pack = make_pack(5, "rgb")
    canvas, sizes = pack.canvas([4, 1, 3])
    assert canvas.shape == (3, 3, *sizes.max(axis=0))
    for one, (height, width), row in zip(canvas, sizes, [4, 1, 3], strict=True):
        np.testing.assert_array_equal(one[:, :height, :width], pack.picture(row).transpose(2, 0, 1))
        assert not one[:, height:].any() and not one[:, :, width:].any()
