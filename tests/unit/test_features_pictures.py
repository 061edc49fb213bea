"""Squares from packed pictures, as PIL makes them; items made ahead, and what stops them."""

import threading
import time

import numpy as np
import pytest
import torch
from PIL import Image

from bilderatlas.learn.features.ahead import ahead
from bilderatlas.learn.features.pictures import batch, square


@pytest.mark.parametrize("shape", [(320, 240), (240, 320), (60, 90), (301, 299)])
@pytest.mark.parametrize("size", [64, 224])
def test_squares_are_those_of_pil(picture, shape, size):
    drawn = picture(3, *shape, channels=3)
    found = square(drawn, size, "squeeze").numpy().astype(int)
    wanted = Image.fromarray(drawn).resize((size, size), Image.Resampling.BILINEAR)
    apart = np.abs(found - np.asarray(wanted, int))
    assert found.shape == (size, size, 3)
    assert apart.max() <= 1


def test_the_middle_square(picture):
    drawn = picture(1, 90, 60, channels=3)
    found = square(drawn, 60, "crop")
    np.testing.assert_array_equal(found.numpy(), drawn[:, 15:75])
    upright = square(drawn.transpose(1, 0, 2), 32, "crop").numpy().astype(int)
    middle = Image.fromarray(np.ascontiguousarray(drawn.transpose(1, 0, 2)[15:75]))
    wanted = np.asarray(middle.resize((32, 32), Image.Resampling.BILINEAR), int)
    assert np.abs(upright - wanted).max() <= 1


def test_grey_pictures_have_three_equal_channels(picture):
    found = square(picture(2, 40, 30), 32, "squeeze")
    assert found.shape == (32, 32, 3)
    assert torch.equal(found[..., 0], found[..., 1]) and torch.equal(found[..., 0], found[..., 2])


def test_a_fit_that_there_is_not(picture):
    with pytest.raises(ValueError, match="squeeze, crop, not 'pad'"):
        square(picture(2, 40, 30), 32, "pad")


def test_a_batch_is_channels_last():
    squares = [torch.full((4, 4, 3), number, dtype=torch.uint8) for number in (1, 2)]
    found = batch(squares, pinned=False)
    assert found.shape == (2, 3, 4, 4) and found.dtype == torch.uint8
    assert found.is_contiguous(memory_format=torch.channels_last)
    assert found[1, 2, 3, 3] == 2


def test_items_come_in_order_from_another_thread():
    makers = set()

    def items():
        for number in range(50):
            makers.add(threading.current_thread().name)
            yield number

    assert list(ahead(items(), 2)) == list(range(50))
    assert makers == {"ahead"}
    assert list(ahead([], 2)) == []


def test_no_more_are_made_than_are_wanted_soon():
    made = []
    running = ahead((made.append(number) or number for number in range(100)), 2)
    assert next(running) == 0
    time.sleep(0.1)
    assert len(made) <= 5  # one used, two waiting, one in hand
    running.close()
    assert not any(thread.name == "ahead" for thread in threading.enumerate())
    assert len(made) <= 5


def test_an_error_in_making_is_the_users():
    def items():
        yield 1
        raise OSError("unreadable")

    running = ahead(items(), 2)
    assert next(running) == 1
    with pytest.raises(OSError, match="unreadable"):
        next(running)
