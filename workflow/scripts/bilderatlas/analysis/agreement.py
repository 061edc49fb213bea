"""How far two experiments agree about the same pictures: common neighbours, common clusters.

Agreement is no quality: two experiments can agree on nonsense.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from bilderatlas import files
from bilderatlas.analysis.neighbours import NEIGHBOURS, check_values, id_numbers, nearest
from bilderatlas.errors import InputError

log = logging.getLogger(__name__)

CLUSTERINGS = ("kmeans", "kmeans-tsne-3")
# ASSUME: over so many pictures, drawn, a mean share is known to a hundredth; their neighbours are
# looked for among all
MOST_ASKED = 5_000


def agreement_table(
    experiments: Mapping[str, files.Embeddings], clusters: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Agreement of every two experiments of a study, in the columns of ``files.AGREEMENT``.

    ``knn_overlap`` is the mean share (0 to 1) of a picture's 10 nearest neighbours that both
    experiments name; chance gives 10 / (n - 1). ``ari_kmeans`` and ``ari_kmeans-tsne-3`` are the
    adjusted Rand index (Hubert and Arabie 1985) of the clusters: 1 for equal ones, 0 at chance,
    somewhat below 0 for less than chance.

    Two experiments meet on the pictures that both have, ``n`` says how many: on ``test`` those
    that are in both test parts, on ``all`` all. Neighbours are looked for among these pictures
    alone (of more than 5,000 pictures, so many are drawn to ask among all, and ``n`` is 5,000);
    clusters are those of the whole population. What cannot be measured has no row and
    one logged sentence: no common picture, no clusters, and an overlap among 11 pictures or
    fewer, where all are neighbours of all.

    Args:
        experiments: embeddings by the name of the experiment.
        clusters: tables ``files.CLUSTERS`` by the same names.

    Returns:
        a row a population, measure and ordered pair of experiments: (a, b) and (b, a) are
        alike, (a, a) is 1. ``split`` is that of the two, or both.

    Raises:
        InputError: an embedding is not finite, a picture is named twice, or the clusters lack
            a picture.
    """
    for name, embeddings in experiments.items():
        if name not in clusters:
            raise ValueError(f"no clusters for the experiment {name!r}")
        if len(set(embeddings.image_ids)) < len(embeddings.image_ids):
            raise InputError(f"The embeddings of {name} name a picture twice: compute them anew.")
        try:
            check_values(embeddings.values)
        except InputError as error:
            raise InputError(f"Experiment {name}: {error}") from error
    rows = []
    for population, part in (("test", "test"), ("all", None)):
        bench = _Bench(population, part, experiments, clusters)
        names = list(experiments)
        found = {}
        for place, one in enumerate(names):
            for other in names[place:]:
                found[one, other] = found[other, one] = bench.compare(one, other)
        for one in names:
            for other in names:
                rows += [
                    (population, measure, one, other, n, value)
                    for measure, n, value in found[one, other]
                ]
    table = pd.DataFrame(rows, columns=list(files.AGREEMENT)[:-1])
    of = {name: str(made.attributes.get("split", "")) for name, made in experiments.items()}
    pairs = zip(table["experiment_a"], table["experiment_b"], strict=True)
    table["split"] = [" | ".join(dict.fromkeys((of[one], of[other]))) for one, other in pairs]
    # the long form is read measure by measure; the order of experiments stays
    return table.sort_values(["population", "measure"], kind="stable", ignore_index=True)


class _Bench:
    """One population: what each experiment says of a set of pictures, asked for once."""

    def __init__(self, population, part, experiments, clusters):
        self.population = population
        self.chosen = {name: made.select(part) for name, made in experiments.items()}
        self.rows = {
            name: pd.Series(np.arange(len(made.image_ids)), index=made.image_ids)
            for name, made in self.chosen.items()
        }
        self.clusters = {}
        for name, table in clusters.items():
            here = table[table["population"] == population]
            self.clusters[name] = {
                method: rows.set_index("image_id")["cluster"]
                for method, rows in here.groupby("method")
            }
        self._near: dict[tuple, np.ndarray] = {}
        self._said: set[str] = set()

    def compare(self, one: str, other: str) -> list[tuple[str, int, float]]:
        """Measure, number of pictures and value for a pair of experiments."""
        # one order for both and in every run, so that ties between neighbours fall alike
        common = tuple(sorted(set(self.rows[one].index) & set(self.rows[other].index)))
        if not common:
            self._say(f"experiments {one} and {other} have no common pictures")
            return []
        found = []
        if len(common) - 1 > NEIGHBOURS:
            pair = (self._neighbours(name, common) for name in (one, other))
            overlap = float(shared_neighbours(*pair).mean())
            found.append(("knn_overlap", min(len(common), MOST_ASKED), overlap))
        else:
            self._say(
                f"{len(common)} common pictures of two experiments are too few for an overlap "
                "of neighbours"
            )
        for method in CLUSTERINGS:
            value = self._rand(one, other, method, common)
            if value is not None:
                found.append((f"ari_{method}", len(common), value))
        return found

    def _say(self, what: str) -> None:
        """Once each: a reason mostly concerns many pairs. t-SNE is of the test part alone."""
        if what not in self._said and not ("tsne" in what and self.population != "test"):
            self._said.add(what)
            log.warning("Population %s: %s, not compared.", self.population, what)

    def _neighbours(self, name: str, common: tuple[str, ...]) -> np.ndarray:
        # most pairs meet on the same pictures: searched once an experiment and set
        if (name, common) not in self._near:
            values = self.chosen[name].values[self.rows[name][list(common)].to_numpy()]
            self._near[name, common] = nearest(values, NEIGHBOURS, asked(common))[0]
        return self._near[name, common]

    def _rand(self, one, other, method, common) -> float | None:
        """The adjusted Rand index; None where an experiment has no such clusters."""
        from sklearn.metrics import adjusted_rand_score

        labels = []
        for name in (one, other):
            found = self.clusters[name].get(method)
            if found is None:
                self._say(f"experiment {name} has no clusters by {method}")
                return None
            missing = np.array(common)[~pd.Index(common).isin(found.index)]
            if len(missing):
                raise InputError(
                    f"The clusters of {name} lack {len(missing)} pictures of its embeddings "
                    f"(population {self.population}, first: {missing[0]}): cluster them anew."
                )
            labels.append(found[list(common)].to_numpy())
        return float(adjusted_rand_score(*labels))


def asked(image_ids: Sequence[str]) -> np.ndarray | None:
    """The rows whose neighbours are asked for, int (5000,) ascending; None where it is all of them.

    The draw hangs on the ids alone, so that all experiments are asked of the same pictures.
    """
    if len(image_ids) <= MOST_ASKED:
        return None
    log.info(
        "%d of %d pictures, drawn, are asked for their neighbours among all.",
        MOST_ASKED, len(image_ids),
    )  # fmt: skip
    return np.sort(np.argsort(id_numbers(image_ids), kind="stable")[:MOST_ASKED])


def shared_neighbours(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Share of common entries in two lists of neighbours (n, k), whatever their order: (n,)."""
    return (one[:, :, None] == other[:, None, :]).sum(axis=(1, 2)) / one.shape[1]
