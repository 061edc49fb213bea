"""Candidates: what each route names, against all pairs; and that the work stays bounded."""

import itertools

import numpy as np
import pytest

from bilderatlas.collection.prints import candidates as module
from bilderatlas.collection.prints.candidates import HASH_DISTANCE, HASHES, propose
from bilderatlas.collection.prints.features import extract
from bilderatlas.collection.prints.words import TABLES, WordIndex, Words, words_of
from tests.prints import framed, reprint, scene


def no_words(count):
    empty = np.empty((0, TABLES), np.uint32)
    return [Words(empty, empty, np.empty(0), np.empty(0))] * count


def random_copies(rng, count):
    copies = rng.normal(size=(count, 2, 63)).astype(np.float32)
    return copies / np.linalg.norm(copies, axis=2, keepdims=True)


def named(table, route, mirrored=False):
    rows = table[table["routes"].str.contains(route) & (table["mirrored"] == mirrored)]
    return set(zip(rows["a"], rows["b"], strict=True))


@pytest.mark.parametrize("mirrored", [False, True])
def test_hashes_are_complete_up_to_seven_bits(mirrored):
    rng = np.random.default_rng(3)
    hashes = rng.random((120, 2, 64)) < 0.5
    for row in range(60):  # partners at 0 to 11 bits, spread over the hash
        hashes[60 + row, 0] = hashes[row, int(mirrored)]
        flipped = rng.choice(64, row % 12, replace=False)
        hashes[60 + row, 0, flipped] ^= True
    found = named(propose(hashes, random_copies(rng, 120), no_words(120)), "hash", mirrored)
    asked = hashes[:, int(mirrored)]
    near = (asked[:, None] != hashes[None, :, 0]).sum(axis=2) <= HASH_DISTANCE
    expected = {tuple(sorted(pair)) for pair in np.argwhere(near).tolist() if pair[0] != pair[1]}
    assert len(expected) >= 40
    assert found == expected


def test_a_picture_has_a_bounded_number_of_partners_by_its_hash():
    rng = np.random.default_rng(0)
    hashes = np.repeat(rng.random((1, 2, 64)) < 0.5, 40, axis=0)
    table = propose(hashes, random_copies(rng, 40), no_words(40))
    asked = [len(rows) for _, rows in table[table["routes"] == "hash"].groupby("a")]
    assert max(asked) <= 40 and len(table) <= 2 * 40 * HASHES + 2 * 40 * module.COPIES


def test_a_thousand_blank_sheets_name_nobody():
    hashes = np.zeros((1000, 2, 64), bool)
    copies = np.zeros((1000, 2, 63), np.float32)
    assert propose(hashes, copies, no_words(1000)).empty


def test_near_copies_are_found_and_far_ones_not():
    rng = np.random.default_rng(5)
    copies = random_copies(rng, 400)
    for row in range(100):
        noise = rng.normal(size=63)
        copies[100 + row, 0] = copies[row, 0] + 0.3 * noise / np.linalg.norm(noise)
    hashes = rng.random((400, 2, 64)) < 0.5
    table = propose(hashes, copies, no_words(400))
    found = named(table, "pixels")
    partners = {(row, 100 + row) for row in range(100)}
    assert len(found & partners) > 95
    cosines = [copies[a, 0] @ copies[b, 0] for a, b in found]
    assert min(cosines) > 0.35 and len(found) < 3 * 400


def test_frozen_features_are_a_route_of_their_own():
    rng = np.random.default_rng(6)
    frozen = rng.normal(size=(50, 128))
    frozen[7] = 3 * frozen[31] + 0.1 * rng.normal(size=128)
    hashes = rng.random((50, 2, 64)) < 0.5
    table = propose(hashes, random_copies(rng, 50), no_words(50), frozen)
    assert (7, 31) in named(table, "frozen")
    assert "frozen" not in " ".join(propose(hashes, random_copies(rng, 50), no_words(50))["routes"])


# --- words


@pytest.fixture(scope="module")
def pictures():
    """Twelve scenes; print, mirrored print, enlarged detail and a framed one of the first four."""
    scenes = [scene(seed) for seed in range(12)]
    return [
        *scenes,
        reprint(scenes[0], 1),
        np.ascontiguousarray(reprint(scenes[1], 2)[:, ::-1]),
        reprint(scenes[2], 3)[50:230, 90:340],
        framed(reprint(scenes[3], 4), 25),
    ]


@pytest.fixture(scope="module")
def words(pictures):
    return [words_of(extract(np.ascontiguousarray(one), 400)) for one in pictures]


@pytest.mark.parametrize("mirrored", [False, True])
def test_votes_are_those_of_a_plain_count(words, mirrored):
    """Every pair of points that share a word, one by one."""
    few = [Words(one.plain[:60], one.mirrored[:60], one.angles[:60], one.octaves[:60])
           for one in words[:4] + words[12:]]  # fmt: skip
    index = WordIndex(few)
    found = {
        (int(a), int(b)): votes
        for block in index.votes(mirrored)
        for a, b, votes in zip(*block, strict=True)
    }
    mask = np.uint32((1 << module.key_bits(8 * 60, 2.0)) - 1)
    expected = {}
    for a, b in itertools.combinations(range(8), 2):
        bins = {}
        asking = few[a].mirrored if mirrored else few[a].plain
        angles = 180 - few[a].angles if mirrored else few[a].angles
        for table in range(TABLES):
            every = np.concatenate([one.plain[:, table] & mask for one in few])
            for i, j in np.argwhere(
                (asking[:, table, None] & mask) == (few[b].plain[None, :, table] & mask)
            ):
                held = (every == (asking[i, table] & mask)).sum()
                if held > 40:
                    continue
                turn = int(np.rint((few[b].angles[j] - angles[i]) % 360 / 30)) % 12
                step = int(np.clip(np.rint(few[b].octaves[j] - few[a].octaves[i]), -3, 3))
                bins[turn, step] = bins.get((turn, step), 0) + held**-0.5
        if bins:
            expected[a, b] = max(bins.values())
    assert found.keys() == expected.keys() and len(expected) > 5
    assert all(found[pair] == pytest.approx(votes) for pair, votes in expected.items())


def test_prints_mirrors_details_and_frames_get_the_most_votes(words):
    index = WordIndex(words)
    for mirrored, partners in ((False, {0: 12, 2: 14, 3: 15}), (True, {1: 13})):
        votes = np.zeros((16, 16))
        for a, b, found in index.votes(mirrored):
            votes[a, b] = found
        for one, other in partners.items():
            assert votes[one, other] > 2 * np.delete(votes[one], other).max()
            assert votes[one, other] > module.LEAST_VOTES


def test_the_blocks_of_pictures_make_no_difference(words, monkeypatch):
    def all_votes():
        return np.concatenate([np.stack(block) for block in WordIndex(words).votes(False)], axis=1)

    whole = all_votes()
    monkeypatch.setattr("bilderatlas.collection.prints.words._BLOCK", 3)
    assert np.allclose(all_votes(), whole)


def test_pictures_without_words_name_nobody():
    table = propose(np.ones((2, 2, 64), bool), np.zeros((2, 2, 63)), no_words(2))
    assert table.columns.tolist() == ["a", "b", "mirrored", "routes"]
    assert set(table["routes"]) == {"hash"}  # equal hashes, and nothing else
