"""Previews: upright, in proportion, decoded reduced, kept; one sentence for what is broken."""

import asyncio
import io
import threading

import numpy as np
import pytest
from PIL import Image, ImageOps

from bilderatlas.desk import previews as module
from bilderatlas.desk.previews import Previews
from bilderatlas.errors import InputError
from bilderatlas.show.pictures import read_thumbnail


@pytest.fixture
def previews(tmp_path):
    return Previews(tmp_path / "cache")


def get(previews, file, side=800, **options):
    return Image.open(io.BytesIO(asyncio.run(previews.get(file, side, **options))))


@pytest.fixture
def corner():
    """A picture whose upper left quarter is red: wide, so that each turn shows."""
    array = np.full((600, 1000, 3), 230, np.uint8)
    array[:300, :500] = (200, 30, 30)
    return Image.fromarray(array)


@pytest.mark.parametrize("suffix", ["jpg", "tif", "png", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_every_format_stands_upright(
    previews, corner, tmp_path, suffix, orientation
):
    """Against the array turned by hand, and the size that the page is told."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = tmp_path / f"x.{suffix}"
    corner.save(file, exif=exif)
    turned = {
        1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud,
        5: lambda a: np.swapaxes(a, 0, 1), 6: lambda a: np.rot90(a, -1),
        7: lambda a: np.swapaxes(np.rot90(a, 2), 0, 1), 8: lambda a: np.rot90(a, 1),
    }[orientation]  # fmt: skip
    expected = turned(np.asarray(corner).astype(int))
    seen = previews.look(file)
    assert (seen.height, seen.width) == expected.shape[:2]
    made = np.asarray(get(previews, file)).astype(int)
    assert max(made.shape) == 800
    rows = np.arange(made.shape[0]) * expected.shape[0] // made.shape[0]
    columns = np.arange(made.shape[1]) * expected.shape[1] // made.shape[1]
    assert np.abs(made - expected[rows][:, columns]).mean() < 4
    # the figures show the same picture in the same proportions
    small = read_thumbnail(str(file), 100, 100)
    assert small.size == ((100, 60) if expected.shape[1] > expected.shape[0] else (60, 100))
    assert np.abs(np.asarray(small).mean((0, 1)) - made.mean((0, 1))).max() < 5


@pytest.mark.parametrize(
    ("mode", "name"),
    [("L", "x.tif"), ("I;16", "x.tif"), ("RGBA", "x.png"), ("P", "x.png"), ("1", "x.png"),
     ("CMYK", "x.jpg"), ("LA", "x.png"), ("F", "x.tif")],
)  # fmt: skip
def test_modes_that_scanners_write(previews, tmp_path, mode, name):
    slope = np.tile(np.linspace(0, 255, 900).astype(np.uint8), (700, 1))
    grey = Image.fromarray(slope)
    if mode == "I;16":
        picture = Image.fromarray(slope.astype(np.uint16) * 257)
    elif mode == "F":
        picture = Image.fromarray(slope.astype(np.float32) / 255)
    elif mode in ("RGBA", "LA"):
        picture = grey.convert(mode)
    elif mode == "CMYK":
        picture = grey.convert("RGB").convert("CMYK")
    else:
        picture = grey.convert(mode)
    picture.save(tmp_path / name)
    made = np.asarray(get(previews, tmp_path / name).convert("L")).astype(int)
    assert made.shape == (622, 800)
    if mode != "1":
        expected = np.linspace(0, 255, 800)
        assert np.abs(made - expected).mean() < 6


def test_a_small_picture_is_not_blown_up(previews, tmp_path):
    Image.new("RGB", (30, 20)).save(tmp_path / "x.png")
    assert get(previews, tmp_path / "x.png").size == (30, 20)


def test_a_jpeg_is_decoded_reduced(previews, tmp_path, monkeypatch):
    ImageOps.expand(Image.new("RGB", (3190, 1590)), 5, (9, 90, 200)).save(tmp_path / "x.jpg")
    decoded = []
    real = module._scaled

    def scaled(picture, size):
        decoded.append(picture.size)
        return real(picture, size)

    monkeypatch.setattr(module, "_scaled", scaled)
    assert get(previews, tmp_path / "x.jpg").size == (800, 400)
    assert decoded == [(800, 400)]  # a quarter
    assert get(previews, tmp_path / "x.jpg", 1600).size == (1600, 800)
    assert decoded[1:] == [(1600, 800)]


def test_a_progressive_jpeg_counts_whole(previews, tmp_path, monkeypatch):
    """Its decoder holds the coefficients of the whole picture, however small it is to become."""
    Image.new("RGB", (3200, 1600)).save(tmp_path / "x.jpg", progressive=True)
    Image.new("RGB", (3200, 1600)).save(tmp_path / "y.jpg")
    monkeypatch.setattr(module, "TOO_LARGE", 3200 * 1600 - 1)
    with pytest.raises(InputError, match="5 million pixels"):
        get(previews, tmp_path / "x.jpg")
    assert get(previews, tmp_path / "y.jpg").size == (800, 400)
    monkeypatch.undo()
    monkeypatch.setattr(module, "LARGE", 3200 * 1600 - 1)
    alone = []
    real = module._scaled

    def scaled(picture, size):
        alone.append(previews._large.locked())
        return real(picture, size)

    monkeypatch.setattr(module, "_scaled", scaled)
    for name in ("x.jpg", "y.jpg"):
        get(previews, tmp_path / name, 1200)
    assert alone == [True, False]


def test_a_preview_is_made_once_and_anew_where_the_picture_changed(previews, tmp_path, monkeypatch):
    file = tmp_path / "x.png"
    Image.new("RGB", (40, 20)).save(file)
    made = []
    real = Previews._make
    monkeypatch.setattr(Previews, "_make", lambda *call: made.append(call) or real(*call))
    first = asyncio.run(previews.get(file, 800))
    assert asyncio.run(previews.get(file, 800)) == first and len(made) == 1
    assert asyncio.run(Previews(previews.cache).get(file, 800)) == first and len(made) == 1
    Image.new("RGB", (40, 30)).save(file)
    assert get(previews, file).size == (40, 30) and len(made) == 2


def test_who_asks_for_the_same_meanwhile_waits_for_one_decoding(previews, tmp_path, monkeypatch):
    file = tmp_path / "x.png"
    Image.new("RGB", (40, 20)).save(file)
    go, made = threading.Event(), []
    real = Previews._make

    def slow(*call):
        made.append(call)
        go.wait(5)
        return real(*call)

    monkeypatch.setattr(Previews, "_make", slow)

    async def ask():
        waiting = [asyncio.create_task(previews.get(file, 800)) for _ in range(5)]
        await asyncio.sleep(0.05)
        waiting[0].cancel()  # a tab is closed
        await asyncio.sleep(0)
        go.set()
        return await asyncio.gather(*waiting[1:])

    assert len(set(asyncio.run(ask()))) == 1 and len(made) == 1
    assert not previews._under_way


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\nxxxx", b"II*\0\x08\0"])
def test_what_is_no_picture_is_one_sentence(previews, tmp_path, content):
    file = tmp_path / "x.png"
    file.write_bytes(content)
    for call in (lambda: previews.look(file), lambda: get(previews, file)):
        with pytest.raises(InputError, match=r"x\.png cannot be"):
            call()


def test_a_picture_that_is_gone_or_too_large(previews, tmp_path, monkeypatch):
    with pytest.raises(InputError, match="gone"):
        previews.look(tmp_path / "none.png")
    with pytest.raises(InputError, match="gone"):
        get(previews, tmp_path / "none.png")
    file = tmp_path / "x.png"
    Image.new("L", (300, 300)).save(file)
    monkeypatch.setattr(module, "TOO_LARGE", 80_000)
    with pytest.raises(InputError, match="too many to be shown"):
        get(previews, file)


def test_a_cache_that_cannot_be_written_costs_no_picture(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    Image.new("RGB", (40, 20)).save(tmp_path / "x.png")
    assert get(Previews(tmp_path / "cache"), tmp_path / "x.png").size == (40, 20)


def test_the_oldest_previews_make_room(tmp_path):
    import os

    folder = tmp_path / "cache"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.jpg").write_bytes(b"x" * 100)
        os.utime(folder / f"{number}.jpg", (1000 + number, 1000 + number))
    Previews(folder, room=250)
    assert sorted(file.stem for file in folder.iterdir()) == ["3", "4"]


def test_the_cache_keeps_within_its_room_while_it_is_used(tmp_path):
    rng = np.random.default_rng(0)
    for number in range(8):
        noise = rng.integers(0, 255, (60, 60, 3), np.uint8)
        Image.fromarray(noise).save(tmp_path / f"{number}.png")
    one = len(asyncio.run(Previews(tmp_path / "probe").get(tmp_path / "0.png", 800)))
    previews = Previews(tmp_path / "cache", room=3 * one + one // 2)
    for number in range(8):
        get(previews, tmp_path / f"{number}.png")
        kept = [file.stat().st_size for file in (tmp_path / "cache").iterdir()]
        assert sum(kept) <= 3 * one + one // 2
    assert len(kept) >= 2


def test_a_side_that_there_is_not(previews, tmp_path):
    Image.new("L", (3, 3)).save(tmp_path / "x.png")
    with pytest.raises(ValueError, match="side 801"):
        get(previews, tmp_path / "x.png", 801)
