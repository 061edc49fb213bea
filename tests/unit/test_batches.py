"""Training batches: an order that repeats, no incomplete batch, no batch that is too large."""

import numpy as np
import pytest
import torch

from bilderatlas.data.batches import PackedPictures, SeededShuffle, in_batches, training_loader
from bilderatlas.errors import InputError


def order(count, seed, epoch):
    shuffle = SeededShuffle(count, seed)
    shuffle.set_epoch(epoch)
    return list(shuffle)


def test_the_order_depends_on_seed_and_epoch_alone():
    first = order(50, 1, 3)
    torch.manual_seed(99)
    torch.rand(7)
    assert order(50, 1, 3) == first
    assert sorted(first) == list(range(50)) and len(SeededShuffle(50, 1)) == 50
    assert first != list(range(50))
    others = [order(50, 1, 4), order(50, 2, 3), order(50, 1, 0)]
    assert all(first != other for other in others)


def test_a_resumed_run_sees_the_order_of_an_unbroken_one():
    """A sampler that begins at epoch 2 gives what one gives that has seen epochs 0 and 1."""
    unbroken = SeededShuffle(20, 5)
    for epoch in range(3):
        unbroken.set_epoch(epoch)
        last = list(unbroken)
    assert order(20, 5, 2) == last


def test_seeds_and_epochs_do_not_meet():
    """Seed 1 in its second epoch is not seed 2 in its first."""
    orders = {tuple(order(30, seed, epoch)) for seed in range(5) for epoch in range(5)}
    assert len(orders) == 25


def test_batches_are_the_pictures_of_the_order(make_pack):
    pack = make_pack(10)
    rows = [9, 1, 4, 7, 0, 3, 5]
    loader = training_loader(PackedPictures(pack, rows), 3, 1, "training on zille")
    loader.sampler.set_epoch(2)
    wanted = [rows[index] for index in order(7, 1, 2)]
    batches = list(loader)
    # the seventh is dropped
    assert len(batches) == len(loader) == 2
    for number, (pictures, sizes) in enumerate(batches):
        canvas, wanted_sizes = pack.canvas(wanted[3 * number : 3 * number + 3])
        assert pictures.dtype == torch.uint8 and sizes.dtype == torch.int64
        np.testing.assert_array_equal(pictures.numpy(), canvas)
        np.testing.assert_array_equal(sizes.numpy(), wanted_sizes)


def test_a_batch_of_the_whole_training_part_is_one_step(make_pack):
    loader = training_loader(PackedPictures(make_pack(6), range(6)), 6, 1, "training")
    assert len(list(loader)) == 1


def test_a_batch_that_is_too_large_names_both_numbers(make_pack):
    with pytest.raises(InputError) as caught:
        training_loader(PackedPictures(make_pack(6), range(5)), 6, 1, "training on zille, split x")
    told = str(caught.value)
    assert "batch of 6 pictures is larger than the training part of 5 pictures" in told
    assert "(training on zille, split x)" in told and "batch_size" in told


def test_pictures_in_their_order_for_embedding(make_pack):
    pack = make_pack(7, "rgb")
    rows = [6, 0, 1, 2, 5]
    batches = list(in_batches(pack, rows, 2))
    assert [len(sizes) for _, sizes in batches] == [2, 2, 1]
    for start, (pictures, sizes) in zip((0, 2, 4), batches, strict=True):
        canvas, wanted = pack.canvas(rows[start : start + 2])
        np.testing.assert_array_equal(pictures.numpy(), canvas)
        np.testing.assert_array_equal(sizes.numpy(), wanted)
