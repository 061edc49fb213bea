"""Pairs of pictures that share local features: cuts and enlargements, which no global hash finds.

Every local feature becomes a few words (keys by random planes); an inverted list says which
pictures hold a word. A shared word is a vote for a pair, the more the rarer the word. Votes count
together only where they agree on how the one picture is turned and scaled against the other (weak
geometric consistency: Jégou, Douze and Schmid 2008, "Hamming embedding and weak geometric
consistency", section 4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bilderatlas.collection.prints.buckets import Index, key_bits, sign_keys
from bilderatlas.collection.prints.features import Features, mirror_descriptors

# Set on prints that were made of the Zille photographs: of those cut to 45 % of their sides, 97 of
# 100 are named, with 300 points 92; 800 points or 12 words bring one more in twice the time.
POINTS = 500  # of a picture, the strongest
TABLES = 8  # words a point
PER_BUCKET = 2.0  # points a word on average
LARGEST = 40  # a word that stands this often is no clue
_TURNS = 12  # directions that a turn is told by
_OCTAVES = 7  # steps of the scale, from 1/8 to 8
_BINS = _TURNS * _OCTAVES
_BLOCK = 250  # pictures that ask at a time


@dataclass(frozen=True)
class Words:
    """The words of one picture.

    Attributes:
        plain: uint32 (k, TABLES).
        mirrored: uint32 (k, TABLES), those of the mirrored picture.
        angles: float32 (k,), degrees.
        octaves: float32 (k,), binary logarithm of the points' sizes.
    """

    plain: np.ndarray
    mirrored: np.ndarray
    angles: np.ndarray
    octaves: np.ndarray


def words_of(features: Features) -> Words:
    """The words of a picture's strongest points, at full length (see :meth:`WordIndex.votes`)."""
    descriptors = features.descriptors[:POINTS]
    both = np.concatenate([descriptors, mirror_descriptors(descriptors)]).astype(np.float32)
    # RootSIFT has no negative values: only what differs from its mean has a side
    both -= both.mean(axis=1, keepdims=True)
    plain, mirrored = np.split(sign_keys(both, 30, TABLES).astype(np.uint32), 2)
    return Words(
        plain,
        mirrored,
        features.angles[:POINTS],
        np.log2(np.maximum(features.sizes[:POINTS], 1e-3)),
    )


class WordIndex:
    """The words of all pictures.

    Args:
        words: of each picture.
    """

    def __init__(self, words: list[Words]) -> None:
        counts = [len(one.angles) for one in words]
        self.first = np.cumsum([0, *counts])
        self.picture = np.repeat(np.arange(len(words)), counts)
        self.plain = np.concatenate([one.plain for one in words])
        self.mirrored = np.concatenate([one.mirrored for one in words])
        self.angles = np.concatenate([one.angles for one in words])
        self.octaves = np.concatenate([one.octaves for one in words])
        # keys were made as long as can be; a collection's size says how much of them is used
        mask = np.uint32((1 << key_bits(len(self.picture), PER_BUCKET)) - 1)
        self.plain &= mask
        self.mirrored &= mask
        self.index = [Index(self.plain[:, table]) for table in range(TABLES)]

    def votes(self, mirrored: bool) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Votes for all pairs that have any, a block of pictures at a time.

        Args:
            mirrored: whether the first picture of each pair is mirrored.

        Yields:
            rows of the first pictures and of the second (the second is later), int64, and votes,
            float64: the sum of the words' weights in the best turn and scale.
        """
        keys = self.mirrored if mirrored else self.plain
        angles = (180 - self.angles) if mirrored else self.angles
        for start in range(0, len(self.first) - 1, _BLOCK):
            stop = min(start + _BLOCK, len(self.first) - 1)
            asking = slice(self.first[start], self.first[stop])
            codes, weights = [], []
            for table, index in enumerate(self.index):
                query, gallery, held = index.join(keys[asking, table], LARGEST)
                query = query + asking.start
                later = self.picture[gallery] > self.picture[query]
                query, gallery, held = query[later], gallery[later], held[later]
                turn = (self.angles[gallery] - angles[query]) % 360
                step = np.rint(self.octaves[gallery] - self.octaves[query]).astype(np.int64)
                step = np.clip(step + _OCTAVES // 2, 0, _OCTAVES - 1)
                # no turn, and quarter turns, lie in the middle of a bin
                place = np.rint(turn / (360 / _TURNS)).astype(np.int64) % _TURNS
                pair = self.picture[query] * np.int64(len(self.first)) + self.picture[gallery]
                codes.append((pair * _TURNS + place) * _OCTAVES + step)
                weights.append(1 / np.sqrt(held))
            yield _best(np.concatenate(codes), np.concatenate(weights), len(self.first))


def _best(codes: np.ndarray, weights: np.ndarray, width: int) -> tuple[np.ndarray, ...]:
    """The best bin of every pair."""
    found, place = np.unique(codes, return_inverse=True)
    sums = np.bincount(place, weights, minlength=len(found))
    pairs, begin = np.unique(found // _BINS, return_index=True)
    best = np.maximum.reduceat(sums, begin) if len(pairs) else sums
    return pairs // width, pairs % width, best
