"""Which experiments are controls."""

import numpy as np

from bilderatlas.analysis.controls import controls_among
from bilderatlas.files import Embeddings


def made(lineage, **attributes):
    return Embeddings(np.zeros((1, 2)), ["a"], ["test"], {"lineage": lineage, **attributes})


def test_controls_are_known_by_their_lineage():
    experiments = {
        "0": made("untrained"),
        "7": made("untrained+zille.published"),
        "0-s1": made("untrained~s1"),
        "p": made("pixels"),
        "p2": made("pixels"),
    }
    assert controls_among(experiments) == {"pixels": "p", "untrained": "0"}


def test_what_was_whitened_is_a_control_of_its_own():
    experiments = {"0w": made("untrained", whitened=True), "pixels": made("pixels", whitened=False)}
    assert controls_among(experiments) == {"pixels": "pixels", "untrained_whitened": "0w"}
