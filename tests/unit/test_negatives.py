"""Negatives from pairs of prints: chains, mirrors, cuts, and where a print lies on another."""

import numpy as np
import pandas as pd
import pytest

from bilderatlas.collection.negatives import (
    area,
    components,
    find_negatives,
    outline,
    pairs_within,
    read_matrix,
)
from bilderatlas.files import DUPLICATES

HALF = "0.5 0 0.25 0 0.5 0.25 0 0 1"  # b shows the middle of a
LEFT = "0.5 0 0 0 1 0 0 0 1"  # b shows the left half of a
ITSELF = "1 0 0 0 1 0 0 0 1"


def pairs(*rows):
    names = ["image_a", "image_b", "relation", "mirrored", "cut", "transform", "score", "source"]
    table = pd.DataFrame(rows, columns=names[: len(rows[0]) if rows else 6])
    table["score"] = table.get("score", pd.Series(dtype=float)).astype(float)
    table["source"] = table.get("source", "rule")
    return table.reindex(columns=list(DUPLICATES))


def test_components_against_sets():
    ids = list("abcdefgh")
    label = components(ids, [("a", "c"), ("c", "h"), ("d", "e"), ("x", "a"), ("b", "b")])
    found = {frozenset(group.index) for _, group in label.groupby(label)}
    assert found == {frozenset(each) for each in ("ach", "de", "b", "f", "g")}
    assert components([], []).empty


def test_the_print_that_shows_most_is_the_reference():
    table = pairs(
        ("1", "2", "print", "no", "yes", HALF), ("2", "3", "print", "no", "yes", HALF),
        ("4", "5", "variant", "no", "no", ITSELF),
    )  # fmt: skip
    (negative,) = find_negatives(table, list("12345"))
    assert negative.reference == "1" and list(negative.prints) == ["1", "2", "3"]
    third = negative.prints["3"]
    assert third.cut and not third.mirrored and third.relation == "print"
    # the middle of the middle
    assert np.allclose(
        outline(third.matrix), [[0.375] * 2, [0.625, 0.375], [0.625] * 2, [0.375, 0.625]]
    )
    # the other way round: 2 shows more than 1
    wide = "2 0 -0.5 0 2 -0.5 0 0 1"
    (negative,) = find_negatives(pairs(("1", "2", "print", "no", "yes", wide)), ["1", "2"])
    assert negative.reference == "2"
    assert area(outline(negative.prints["1"].matrix)) == pytest.approx(0.25)


def test_a_mirrored_print_lies_on_the_other_side():
    (negative,) = find_negatives(pairs(("1", "2", "print", "yes", "yes", LEFT)), ["1", "2"])
    how = negative.prints["2"]
    assert how.mirrored
    # the left edge of print 2 as it is shows what is at the middle of 1
    assert np.allclose(outline(how.matrix), [[0.5, 0], [0, 0], [0, 1], [0.5, 1]])


def test_chains_of_mirrors_and_of_relations():
    table = pairs(
        ("1", "2", "print", "yes", "no", ITSELF, 0.9, "rule"),
        ("2", "3", "print", "yes", "no", ITSELF, 0.7, "hand"),
        ("3", "4", "same_file", "no", "no", "", 1.0, "rule"),
    )
    found = pairs_within(table, list("1234")).set_index(["image_a", "image_b"])
    assert len(found) == 6 and set(found["negative"]) == {"1"}
    assert found.loc[("1", "3"), ["mirrored", "cut", "relation"]].tolist() == [
        False, False, "print"]  # fmt: skip
    assert found.loc[("2", "4"), ["mirrored", "relation"]].tolist() == [True, "print"]
    assert found.loc[("3", "4"), "relation"] == "same_file"
    (negative,) = find_negatives(table, list("1234"))
    far = negative.prints["4"]
    assert far.matrix is None and far.source == "hand" and far.score == pytest.approx(0.7)


def test_what_a_person_called_a_variant_is_no_pair_of_prints_whatever_chain_joins_it():
    chain = [("1", "2", "print"), ("2", "3", "print"), ("1", "3", "variant")]
    about = ("no", "no", ITSELF, 0.9)
    table = pairs(*[(*row, *about, "rule") for row in chain])
    found = pairs_within(table, list("123"))
    assert list(zip(found["image_a"], found["image_b"], strict=True)) == [
        ("1", "2"), ("1", "3"), ("2", "3"),
    ]  # fmt: skip
    said = pairs(*[(*row, *about, "hand" if row[2] == "variant" else "rule") for row in chain])
    found = pairs_within(said, list("123"))
    assert list(zip(found["image_a"], found["image_b"], strict=True)) == [("1", "2"), ("2", "3")]


def test_pictures_that_are_gone_and_hopeless_transforms_say_nothing():
    table = pairs(("1", "2", "print", "no", "no", "1 2 3"), ("1", "9", "print", "no", "no", ITSELF))
    (negative,) = find_negatives(table, ["1", "2"])
    assert list(negative.prints) == ["1", "2"] and negative.prints["2"].matrix is None
    for text in ("", "nan " * 9, "1 " * 9, "0 " * 9, "x", "1 0 0 0 1 0 0 0"):
        assert read_matrix(text) is None
    assert np.allclose(read_matrix("1e6 0 0 0 1e6 0 0 0 1e6"), 1e6 * np.eye(3))
    assert outline(np.array([[1, 0, 0], [0, 1, 0], [-1.5, 0, 1.0]])) is None
    assert find_negatives(pairs(), ["1"]) == [] and pairs_within(pairs(), ["1"]).empty
