"""Published claims as tests on data: which experiment should beat which, and does it here?

The study gave no numbers; each of its claims is put as one comparison of two experiments on the
same queries. A claim that rests on what was not to be had here, ImageNet's weights or dew, gets
its numbers but no verdict. One training of each experiment is compared: the intervals speak of
other pictures, not of other seeds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bilderatlas import files
from bilderatlas.analysis.histograms import (
    LARGEST,
    grey_histograms,
    histogram_correlations,
)
from bilderatlas.analysis.intervals import RESAMPLES
from bilderatlas.analysis.metrics import compare_experiments
from bilderatlas.analysis.questions import Questions, common_pictures, sound, together
from bilderatlas.analysis.verdicts import DOES_NOT_HOLD, UNDECIDED, word
from bilderatlas.data.pack import Pack

HISTOGRAM = "histogram_correlation"
POPULATIONS = ("all", "test")
# why a claim gets no word: what stands in the column `note`; pages have the words for it
NO_EXPERIMENT = "no_experiment"
NO_QUESTION = "no_question"
OTHER_SPLIT = "other_split"
STAND_IN = "stand_in"
OTHER_COLLECTION = "other_collection"


@dataclass(frozen=True)
class Claim:
    """One comparison that a published claim comes down to.

    Attributes:
        name: of the claim; several comparisons may share it.
        experiment: that is said to have more of the metric.
        against: the other.
        metric: what is compared.
        source: where the claim stands.
        alike: said to be equal instead. No margin was published, so likeness can be refuted but
            not shown: the word is ``does not hold`` or ``undecided``.
    """

    name: str
    experiment: str
    against: str
    metric: str = "same_title_map"
    source: str = "published study, conclusion"
    alike: bool = False


CLAIMED = (
    Claim(
        "colour_views_sort_by_histogram",
        "7d",
        "7",
        HISTOGRAM,
        "published study, why it has views of its own",
    ),
    Claim("pretrained_beats_untrained", "1", "0"),
    Claim("pretrained_beats_untrained", "8", "7"),
    Claim("dew_then_zille_beats_either", "4", "3"),
    Claim("dew_then_zille_beats_either", "4", "2"),
    Claim("dew_then_zille_beats_either", "6", "5"),
    Claim("dew_then_zille_beats_either", "6", "7"),
    Claim("dew_alone_is_as_good", "3", "4", alike=True),
    Claim("fine_tuning_beats_training", "2", "8"),
)


def check_claims(
    experiments: Mapping[str, files.Embeddings],
    catalogue: pd.DataFrame,
    pack: Pack,
    roles: Mapping[str, str],
    dew_is_dew: bool,
    seed: int,
    resamples: int = RESAMPLES,
    claims: tuple[Claim, ...] = CLAIMED,
) -> pd.DataFrame:
    """Test the published claims on the embeddings of a study's experiments.

    Args:
        experiments: embeddings of the collection in the part of ``zille``, by experiment.
        catalogue: as :func:`bilderatlas.files.read_catalogue` gives it.
        pack: of the same collection, for the histograms of tones.
        roles: the collections in the parts of ``zille`` and of ``dew``.
        dew_is_dew: is that the dew of the study, or another collection in its part?
        seed: of the bootstrap.
        resamples: how many draws.
        claims: what to test.

    Returns:
        the columns of ``files.CLAIMS``: a row a comparison and population (``all``, ``test``).
        ``difference`` is experiment minus against, ``zille`` and ``dew`` are the collections in
        these parts. Where the claim cannot be tested here, ``verdict`` is empty and ``note``
        says why, in codes and the experiments that each is about: ``stand_in: 1 |
        other_collection: 4, 3``. ``split`` is that of the two, or both.

    An embeddings file that cannot be used is left out with a sentence in the log; what needs it
    is listed as not tested.
    """
    experiments = sound(experiments, catalogue, "claims", roles["zille"])
    test = _Test(catalogue, pack, seed, resamples)
    rows = []
    for claim in claims:
        names = (claim.experiment, claim.against)
        missing = [name for name in names if name not in experiments]
        pair = [experiments.get(name) for name in names]
        for population in POPULATIONS:
            row = {
                "claim": claim.name,
                "source": claim.source,
                "zille": roles["zille"],
                "dew": roles["dew"],
                "population": population,
                "metric": claim.metric,
                "experiment": claim.experiment,
                "against": claim.against,
                "verdict": "",
            }
            known = (str(made.attributes.get("split", "")) for made in pair if made is not None)
            row["split"] = " | ".join(dict.fromkeys(known))
            if missing:
                rows.append(row | {"note": _note(NO_EXPERIMENT, missing)})
                continue
            row |= test(claim, *pair, population)
            doubts = _doubts(dict(zip(names, pair, strict=True)), roles["dew"], dew_is_dew)
            if doubts:
                row |= {"verdict": "", "note": " | ".join(filter(None, [*doubts, row["note"]]))}
            rows.append(row)
    return pd.DataFrame(rows, columns=list(files.CLAIMS))


class _Test:
    """One comparison after the other, on one collection."""

    def __init__(self, catalogue: pd.DataFrame, pack: Pack, seed: int, resamples: int):
        self.catalogue = catalogue
        self.pack = pack
        self.draws = {"seed": seed, "resamples": resamples}
        # no exact prints are passed over and no years are asked for: no claim is about them
        self.questions = Questions(
            catalogue, pd.Series(np.nan, index=catalogue.index, dtype=float), prints=()
        )

    def __call__(
        self, claim: Claim, one: files.Embeddings, other: files.Embeddings, population: str
    ) -> dict:
        """``n``, values, difference with its bounds, verdict and note of one comparison."""
        image_ids = common_pictures(
            self.catalogue, f"claims/{claim.experiment}", one, {claim.against: other}
        )
        part, theirs = (
            pd.Series(made.part, index=made.image_ids).reindex(pd.Index(image_ids))
            for made in (one, other)
        )
        if population != "all" and not part.equals(theirs):
            return {"note": _note(OTHER_SPLIT)}
        if claim.metric == HISTOGRAM:
            found = self._histograms(one, other, part, population)
        else:
            found = compare_experiments(
                one,
                other,
                self.questions,
                image_ids,
                part,
                population,
                claim.metric,
                **self.draws,
            )
        if found is None:
            return {"note": _note(NO_QUESTION)}
        kept = ("n", "difference", "difference_low", "difference_high")
        numbers = {name: found[name] for name in kept}
        said = _word(claim, *list(numbers.values())[1:])
        values = {"value": found["value"], "against_value": found["control_value"]}
        return numbers | values | {"verdict": said, "note": ""}

    def _histograms(self, one, other, part: pd.Series, population: str) -> dict | None:
        packed = set(self.pack.image_ids)
        asked = part.index if population == "all" else part.index[part == population]
        ids = [name for name in asked if name in packed]
        values = [made.values[pd.Index(made.image_ids).get_indexer(ids)] for made in (one, other)]
        tones = grey_histograms(self.pack, ids)
        # pictures of one sitting are drawn together; the others stand alone
        sittings = together(ids, self.questions.groups).to_numpy()
        found = histogram_correlations(*values, tones, sittings, **self.draws)
        if math.isnan(found.difference.value):
            return None
        return {
            "n": min(len(ids), LARGEST),
            "value": found.one.value,
            "control_value": found.other.value,
            "difference": found.difference.value,
            "difference_low": found.difference.low,
            "difference_high": found.difference.high,
        }


def _word(claim: Claim, difference: float, low: float, high: float) -> str:
    """The word for the claim: more of the metric is what is claimed, be that good or bad."""
    if not claim.alike:
        return word(difference, low, high, larger=True)
    apart = np.isfinite([low, high]).all() and (low > 0 or high < 0)
    return DOES_NOT_HOLD if apart else UNDECIDED


def _doubts(pair: Mapping[str, files.Embeddings], dew: str, dew_is_dew: bool) -> list[str]:
    """Why the claim cannot be tested by these two experiments: a note each."""
    borrowed = [name for name, made in pair.items() if made.attributes.get("stand_in", False)]
    elsewhere = [name for name, made in pair.items() if not dew_is_dew and _trained_on(made, dew)]
    doubts = []
    if borrowed:
        doubts.append(_note(STAND_IN, borrowed))
    if elsewhere:
        doubts.append(_note(OTHER_COLLECTION, elsewhere))
    return doubts


def _note(code: str, names: Sequence[str] = ()) -> str:
    return f"{code}: {', '.join(names)}" if names else code


def _trained_on(made: files.Embeddings, collection: str) -> bool:
    """Is a phase of the lineage, ``start+collection.recipe+...``, on this collection?"""
    phases = str(made.attributes.get("lineage", "")).split("+")[1:]
    return any(phase == collection or phase.startswith(f"{collection}.") for phase in phases)
