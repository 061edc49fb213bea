"""All numbers of a study: every metric beside its controls, with intervals and a word.

The form is long: one row an experiment, population, metric and control. Experiment and control
always answer the same queries on the same pictures and the same split.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from bilderatlas import files
from bilderatlas.analysis.dating import date_ranges
from bilderatlas.analysis.intervals import RESAMPLES, Interval, intervals
from bilderatlas.analysis.retrieval import same_title_groups
from bilderatlas.analysis.tasks import (
    BY_CLASS,
    BY_GROUP,
    Task,
    author_task,
    retrieval_task,
    year_task,
)
from bilderatlas.analysis.verdicts import verdict
from bilderatlas.errors import InputError

log = logging.getLogger(__name__)

# the order in which controls stand in the table
CONTROLS = ("pixels", "untrained", "catalogue", "constant", "chance")


def measure(
    experiments: Mapping[str, files.Embeddings],
    controls: Mapping[str, files.Embeddings],
    catalogue: pd.DataFrame,
    split: Mapping[str, pd.Series],
    study: str,
    collection: str,
    seed: int,
    years: pd.Series | None = None,
    resamples: int = RESAMPLES,
) -> pd.DataFrame:
    """Measure the experiments of a study on a collection.

    Args:
        experiments: embeddings by the name of the experiment.
        controls: embeddings by the name of the control (``pixels``, ``untrained``). A control
            is measured on the split of the experiment it stands beside. An experiment is not
            compared with itself: not with a control of its name, nor with one made from the
            same file or named as the same experiment in the file's attributes.
        catalogue: as :func:`bilderatlas.files.read_catalogue` gives it.
        split: part by image id, by the name of the experiment; a picture that a split does not
            name counts as ``new``.
        study: for the column of that name, and for messages.
        collection: likewise.
        seed: of the bootstrap.
        years: middle of the dating by image id, NaN unknown; without it years are left out.
        resamples: draws of the bootstrap.

    Returns:
        the columns of ``files.METRICS``; ``n`` is the number of queries. Populations: same-title
        retrieval on ``test`` (among the test part alone) and ``all``; author and year on
        ``test``, whose neighbours are looked for in the training part.

    Raises:
        InputError: an embeddings file names pictures that the catalogue does not have, names
            one twice, or holds values that are not finite.
    """
    for name, embeddings in [*experiments.items(), *controls.items()]:
        _check(embeddings, catalogue, f"{study}/{name}")
    known = _Known(catalogue, years)
    benches: dict[tuple, _Bench] = {}
    rows = []
    for name, embeddings in experiments.items():
        if name not in split:
            raise ValueError(f"no split for the experiment {name!r}")
        beside = {
            control: other
            for control, other in controls.items()
            if not _same(name, embeddings, control, other)
        }
        image_ids = _common(catalogue, f"{study}/{name}", embeddings, beside)
        part = split[name].reindex(pd.Index(image_ids)).fillna("new")
        # experiments on the same pictures and split share tasks and the controls' answers
        key = (tuple(image_ids), tuple(part))
        if key not in benches:
            benches[key] = _Bench(image_ids, known.tasks(image_ids, part))
        origin = {
            "collection": collection,
            "study": study,
            "experiment": name,
            "split": str(embeddings.attributes.get("split", "")),
        }
        for task, mine, theirs in benches[key].answers(embeddings, beside):
            rows += [origin | row for row in _compare(task, mine, theirs, seed, resamples)]
    return pd.DataFrame(rows, columns=list(files.METRICS))


class _Known:
    """What the catalogue says, and the tasks that can be made of it."""

    def __init__(self, catalogue: pd.DataFrame, years: pd.Series | None):
        self.groups = same_title_groups(catalogue)
        # ASSUME: the makers as written are the author; "A | B" together are neither A nor B
        self.authors = catalogue["makers"].fillna("").astype(str).str.strip()
        if years is None:
            log.warning("year left out: no years were given")
        self.years = years
        self.ranges = date_ranges(catalogue)

    def tasks(self, image_ids: list[str], part: pd.Series) -> list[Task]:
        """The tasks that these pictures on this split allow."""
        test = np.flatnonzero((part == "test").to_numpy())
        everything = np.arange(len(image_ids))
        found = [
            retrieval_task("test", test, image_ids, self.groups),
            retrieval_task("all", everything, image_ids, self.groups),
            author_task(image_ids, part, self.authors, self.groups),
        ]
        if self.years is not None:
            found.append(year_task(image_ids, part, self.years, self.ranges, self.groups))
        return [task for task in found if task is not None]


class _Bench:
    """The tasks on some pictures and one split; controls answer them once."""

    def __init__(self, image_ids: list[str], tasks: list[Task]):
        self.image_ids = image_ids
        self.tasks = tasks
        self._controls: dict[str, list[pd.DataFrame]] = {}

    def answers(
        self, embeddings: files.Embeddings, controls: Mapping[str, files.Embeddings]
    ) -> Iterator[tuple[Task, pd.DataFrame, dict[str, pd.DataFrame]]]:
        """Each task with the experiment's scores and those of its controls, guesses included."""
        for name, other in controls.items():
            if name not in self._controls:
                self._controls[name] = self._all(other)
        for number, (task, mine) in enumerate(zip(self.tasks, self._all(embeddings), strict=True)):
            yield task, mine, {n: self._controls[n][number] for n in controls} | task.guesses

    def _all(self, embeddings: files.Embeddings) -> list[pd.DataFrame]:
        rows = pd.Index(embeddings.image_ids).get_indexer(self.image_ids)
        values = embeddings.values[rows]
        return [task.answer(values) for task in self.tasks]


def _compare(
    task: Task, mine: pd.DataFrame, controls: dict[str, pd.DataFrame], seed: int, resamples: int
) -> list[dict]:
    """One row a measure and control; all intervals of a kind of average share their draws."""
    known = [name for name in CONTROLS if name in controls]
    names = known + [name for name in controls if name not in known]
    rows = []
    for kind in dict.fromkeys(each.by for each in task.measures):
        measures = [each for each in task.measures if each.by == kind]
        own = {each.metric: mine[each.score].to_numpy() for each in measures}
        other = {
            (each.metric, name): controls[name].loc[mine.index, each.score].to_numpy()
            for each in measures
            for name in names
        }
        columns = [*own.values(), *other.values()]
        columns += [own[metric] - scores for (metric, _), scores in other.items()]
        found = intervals(
            np.stack(columns, axis=1),
            task.clusters,
            equal_clusters=kind == BY_GROUP,
            classes=task.classes if kind == BY_CLASS else None,
            resamples=resamples,
            seed=seed,
        )
        values = dict(zip(own, found, strict=False))
        beside = dict(zip(other, found[len(own) :], strict=False))
        differences = dict(zip(other, found[len(own) + len(other) :], strict=True))
        rows += [
            _row(task, metric, len(mine), values[metric], name, beside[metric, name], difference)
            for (metric, name), difference in differences.items()
        ]
    return rows


def _row(
    task: Task,
    metric: str,
    count: int,
    value: Interval,
    control: str,
    control_value: Interval,
    difference: Interval,
) -> dict:
    return {
        "population": task.population,
        "metric": metric,
        "n": count,
        "value": value.value,
        "low": value.low,
        "high": value.high,
        "control": control,
        "control_value": control_value.value,
        "difference": difference.value,
        "difference_low": difference.low,
        "difference_high": difference.high,
        "verdict": verdict(metric, *difference),
    }


def _same(name: str, embeddings: files.Embeddings, control: str, other: files.Embeddings) -> bool:
    made = (other.attributes.get("experiment"), other.attributes.get("study"))
    mine = (embeddings.attributes.get("experiment"), embeddings.attributes.get("study"))
    return name == control or embeddings is other or (made[0] is not None and made == mine)


def _check(embeddings: files.Embeddings, catalogue: pd.DataFrame, name: str) -> None:
    ids = pd.Index(embeddings.image_ids)
    strange = ids.difference(catalogue.index)
    if len(strange):
        raise InputError(
            f"The embeddings of {name} hold {len(strange)} picture(s) that the catalogue does not "
            f"have (first: {strange[0]!r}): are they of another collection? Compute them anew."
        )
    if ids.has_duplicates:
        twice = ids[ids.duplicated()][0]
        raise InputError(f"The embeddings of {name} hold {twice!r} twice: compute them anew.")
    wrong = ~np.isfinite(embeddings.values).all(axis=1)
    if wrong.any():
        raise InputError(
            f"The embeddings of {name} hold values that are not finite in {wrong.sum()} row(s) "
            f"(first: {ids[wrong.argmax()]!r}): compute them anew."
        )
    if len(ids) > 1 and not np.ptp(embeddings.values, axis=0).any():
        log.warning("%s: all pictures have one and the same embedding", name)


def _common(
    catalogue: pd.DataFrame,
    name: str,
    embeddings: files.Embeddings,
    beside: Mapping[str, files.Embeddings],
) -> list[str]:
    """The pictures that the experiment and all its controls have, in catalogue order."""
    have = pd.Index(embeddings.image_ids)
    for other in beside.values():
        have = have.intersection(pd.Index(other.image_ids))
    common = [name for name in catalogue.index if name in have]
    missing = len(catalogue) - len(common)
    if missing:
        log.warning(
            "%s: %d of %d pictures of the catalogue have no embedding here or in a control; "
            "the numbers are those of the other %d",
            name,
            missing,
            len(catalogue),
            len(common),
        )
    return common
