"""The technical table: what an embedding is like, whether or not it answers a question.

The columns of ``files.METRICS``, one row an experiment, population, measure and control. A measure
without any control has one row with ``control`` empty. ``verdict`` stays empty: no direction
of these measures is better by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from bilderatlas import files
from bilderatlas.analysis import hubness, projection_quality, shortcuts, stability, structure
from bilderatlas.analysis.controls import controls_among
from bilderatlas.analysis.intervals import RESAMPLES
from bilderatlas.analysis.outcomes import LeftOut, Outcome, Sample, need_pictures, unit
from bilderatlas.analysis.projection import methods_of
from bilderatlas.analysis.retrieval import same_title_groups

log = logging.getLogger(__name__)

POPULATIONS = {"test": "test", "all": None}
_CLUSTERINGS = ("kmeans", "kmeans-tsne-3")
# distances of all pictures to all are held at once, several times 128 MB; of more pictures about
# so many are measured, drawn by whole groups, and `n` says so
LARGEST = 4_000


class TechnicalTable:
    """All measures of the experiments of a study on a collection.

    Args:
        experiments: embeddings by the name of the experiment.
        projections: the columns of ``files.PROJECTIONS``, by experiment.
        clusters: the columns of ``files.CLUSTERS``, by experiment.
        catalogue: as :func:`bilderatlas.files.read_catalogue` gives it.
        properties: of :func:`bilderatlas.analysis.shortcuts.picture_properties`.
        groups: group by image id; groups are drawn as wholes and never parted between folds.
        seed: of draws, k-means and the choice of pictures in a large collection.
        resamples: draws of the bootstrap.
    """

    def __init__(
        self,
        experiments: Mapping[str, files.Embeddings],
        projections: Mapping[str, pd.DataFrame],
        clusters: Mapping[str, pd.DataFrame],
        catalogue: pd.DataFrame,
        properties: pd.DataFrame,
        groups: pd.Series,
        seed: int,
        resamples: int = RESAMPLES,
    ):
        self.catalogue = catalogue
        self.experiments = {
            name: made for name, made in experiments.items() if self._usable(name, made)
        }
        self.projections = projections
        self.clusters = clusters
        self.properties = properties
        alone = pd.Series([f"alone {name}" for name in catalogue.index], index=catalogue.index)
        self.groups = groups.reindex(catalogue.index).where(lambda group: group.notna(), alone)
        self.titles = same_title_groups(catalogue)
        self.seed = seed
        self.resamples = resamples
        self.siblings = stability.siblings(self.experiments)
        self._known: dict[tuple, dict[str, Outcome]] = {}
        self._left_out: dict[tuple[str, str, str], list[str]] = {}

    def rows(self, study: str, collection: str) -> pd.DataFrame:
        """The table; ``study`` and ``collection`` are for the columns of those names."""
        controls = controls_among(self.experiments)
        rows = []
        for name, made in self.experiments.items():
            origin = {
                "collection": collection,
                "study": study,
                "experiment": name,
                "split": str(made.attributes.get("split", "")),
            }
            for population, part in POPULATIONS.items():
                image_ids = self._chosen(made.select(part))
                mine = self.outcomes(name, population, image_ids)
                theirs = {
                    control: self.outcomes(other, population, image_ids)
                    for control, other in controls.items()
                    if other != name and mine and self._has(other, name, image_ids)
                }
                for outcome in mine.values():
                    rows += [origin | row for row in _compare(population, outcome, theirs)]
        # one sentence a reason: most reasons are the same for all experiments
        for (population, what, reason), names in self._left_out.items():
            log.warning(
                "population %s: %s left out: %s (%s)", population, what, reason, ", ".join(names)
            )
        return pd.DataFrame(rows, columns=list(files.METRICS))

    def outcomes(self, name: str, population: str, image_ids: list[str]) -> dict[str, Outcome]:
        """All measures of an experiment on some pictures, by metric; only those with a meaning.

        Controls answer on the pictures of the experiment that they stand beside; experiments on
        the same pictures share the answers.
        """
        key = (name, population, tuple(image_ids))
        if key not in self._known:
            self._known[key] = {}
            for what, measure in self._measures(name, population, image_ids):
                try:
                    found = measure()
                except LeftOut as reason:
                    own = self._chosen(self.experiments[name].select(POPULATIONS[population]))
                    # a control on another's pictures has no maps and clusters of them: no news
                    if image_ids == own:
                        self._left_out.setdefault((population, what, str(reason)), []).append(name)
                    if what == "everything":
                        break
                    continue
                self._known[key] |= {outcome.metric: outcome for outcome in found}
        return self._known[key]

    def _measures(
        self, name: str, population: str, image_ids: list[str]
    ) -> Iterator[tuple[str, Callable[[], list[Outcome]]]]:
        made = self.experiments[name]
        values = made.values[pd.Index(made.image_ids).get_indexer(image_ids)]
        yield "everything", lambda: _check(values)
        groups = self.groups.reindex(image_ids).to_numpy(dtype=object)
        sample = Sample(unit(values), image_ids, groups, self.titles, self.seed, self.resamples)
        yield "alignment", lambda: structure.alignment(sample)
        yield "uniformity", lambda: structure.uniformity(sample)
        yield "effective rank", lambda: structure.effective_rank(sample)
        yield "silhouette of same titles", lambda: structure.title_silhouette(sample)
        labels = {method: self._labels(name, population, method) for method in _CLUSTERINGS}
        for method, found in labels.items():
            if "tsne" in method and population != "test":
                continue  # k-means on a map that is made of the test part alone
            yield (
                f"silhouette of {method}",
                lambda found=found, method=method: structure.cluster_silhouette(
                    sample, found, method
                ),
            )
        yield "hubness", lambda: hubness.hubs(sample)
        yield "retrieval with CSLS", lambda: hubness.retrieval_without_hubs(sample)
        table = self.projections.get(name)
        if table is not None:
            there = projection_quality.ranks(sample.values)
            for method in methods_of(population):
                yield (
                    f"map {method}",
                    lambda method=method: projection_quality.map_quality(
                        sample,
                        there,
                        projection_quality.coordinates(table, population, method, image_ids),
                        method,
                    ),
                )
        yield (
            "k-means over seeds",
            lambda: stability.clustering_stability(sample, labels["kmeans"].nunique()),
        )
        if name in self.siblings:
            yield "seeds of training", lambda: self._trained_again(name, population)
        yield "simple properties", lambda: shortcuts.picture_probes(sample, self.properties)
        yield "process", lambda: shortcuts.process_probe(sample, self.catalogue["technique"])

    def _trained_again(self, name: str, population: str) -> list[Outcome]:
        members = {
            other: self.experiments[other].select(POPULATIONS[population])
            for other in self.siblings[name]
        }
        labels = {other: self._labels(other, population, "kmeans") for other in members}
        return stability.training_stability(members, labels, self.groups, self.seed, self.resamples)

    def _labels(self, name: str, population: str, method: str) -> pd.Series:
        table = self.clusters.get(name, pd.DataFrame(columns=list(files.CLUSTERS)))
        rows = table[(table["population"] == population) & (table["method"] == method)]
        return rows.drop_duplicates("image_id").set_index("image_id")["cluster"]

    def _chosen(self, made: files.Embeddings) -> list[str]:
        """All pictures, or whole groups of about as many as can be held at once."""
        image_ids = made.image_ids
        if len(image_ids) <= LARGEST:
            return image_ids
        groups = self.groups.reindex(image_ids)
        order = np.random.default_rng(self.seed).permutation(groups.unique())
        sizes = groups.value_counts().reindex(order).cumsum()
        kept = set(sizes.index[sizes <= LARGEST])
        return [name for name, group in zip(image_ids, groups, strict=True) if group in kept]

    def _has(self, control: str, name: str, image_ids: list[str]) -> bool:
        missing = set(image_ids) - set(self.experiments[control].image_ids)
        if missing:
            log.warning(
                "%s is not compared with %s, which lacks %d of its pictures",
                name, control, len(missing),
            )  # fmt: skip
        return not missing

    def _usable(self, name: str, made: files.Embeddings) -> bool:
        ids = pd.Index(made.image_ids)
        strange = ids.difference(self.catalogue.index)
        if len(strange) or ids.has_duplicates:
            what = (
                f"{len(strange)} picture(s) not in the catalogue" if len(strange) else "one twice"
            )
            log.warning("%s left out: its embeddings hold %s: compute them anew", name, what)
            return False
        return True


def _check(values: np.ndarray) -> list[Outcome]:
    """Nothing, where the embedding can be measured at all."""
    need_pictures(len(values))
    wrong = ~np.isfinite(values).all(axis=1)
    if wrong.any():
        raise LeftOut(f"values of {wrong.sum()} picture(s) are not finite: compute them anew")
    if not np.ptp(values, axis=0).any():
        raise LeftOut("all pictures have one and the same embedding")
    return []


def _compare(
    population: str, outcome: Outcome, controls: Mapping[str, Mapping[str, Outcome]]
) -> Iterator[dict]:
    beside: dict[str, Outcome | float] = {
        name: known[outcome.metric] for name, known in controls.items() if outcome.metric in known
    }
    beside |= outcome.guesses
    value, low, high = outcome.interval
    row = {
        "population": population,
        "metric": outcome.metric,
        "n": outcome.n,
        "value": value,
        "low": low,
        "high": high,
        "verdict": "",
    }
    if not beside:
        yield row | {"control": ""}
    for name, other in beside.items():
        difference = outcome.minus(other)
        yield row | {
            "control": name,
            "control_value": other.value if isinstance(other, Outcome) else other,
            "difference": difference.value,
            "difference_low": difference.low,
            "difference_high": difference.high,
        }
