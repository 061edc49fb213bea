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
from bilderatlas.analysis.controls import CONTROLS
from bilderatlas.analysis.intervals import RESAMPLES, Interval, intervals
from bilderatlas.analysis.questions import Questions, check_embeddings, common_pictures, sound
from bilderatlas.analysis.retrieval import Pairs
from bilderatlas.analysis.tasks import BY_CLASS, BY_GROUP, BY_MEDIAN, Task
from bilderatlas.analysis.verdicts import verdict

log = logging.getLogger(__name__)


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
    prints: Pairs | None = None,
    truth: pd.DataFrame | None = None,
    found: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Measure the experiments of a study on a collection.

    Args:
        experiments: embeddings by the name of the experiment.
        controls: embeddings by the name of the control (see
            :func:`bilderatlas.analysis.controls.controls_among`). A control is measured on the
            split of the experiment it stands beside. An experiment is not compared with itself:
            not with a control of its name, nor with one made from the same file or named as the
            same experiment in the file's attributes.
        catalogue: as :func:`bilderatlas.files.read_catalogue` gives it.
        split: part by image id, by the name of the experiment; a picture that a split does not
            name counts as ``new``.
        study: for the column of that name, and for messages.
        collection: likewise.
        seed: of the bootstrap.
        years: middle of the dating by image id, NaN unknown; without it years are left out.
        resamples: draws of the bootstrap.
        prints: pairs of exact prints; None leaves retrieval without them out.
        truth: indexed by image id, with ``negative`` and, or, ``motif``, where known.
        found: prints that were found (see :class:`bilderatlas.analysis.questions.Questions`).

    Returns:
        the columns of ``files.METRICS``; ``n`` is the number of queries. Populations: retrieval
        on ``test`` (among the test part alone) and ``all``; author and year on ``test``, whose
        neighbours are looked for in the training part; author on ``test_small`` too: prints
        whose short side is under 18 cm, their neighbours looked for among the training prints
        as small.

    An embeddings file that names pictures which the catalogue does not have, names one twice, is
    of another collection or holds values that are not finite is left out with a sentence.

    Raises:
        InputError: that is so of every experiment.
    """
    kept = sound(experiments, catalogue, study, collection)
    if experiments and not kept:
        name, embeddings = next(iter(experiments.items()))
        check_embeddings(embeddings, catalogue, f"{study}/{name}", collection)
    bad = [made for name, made in experiments.items() if name not in kept]
    experiments = kept
    # what was refused as an experiment is no control either, and needs no second sentence
    controls = {
        name: made for name, made in controls.items() if not any(made is other for other in bad)
    }
    controls = sound(controls, catalogue, study, collection)
    known = Questions(catalogue, years, prints, truth, found)
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
        image_ids = common_pictures(catalogue, f"{study}/{name}", embeddings, beside)
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


def compare_experiments(
    one: files.Embeddings,
    other: files.Embeddings,
    questions: Questions,
    image_ids: list[str],
    part: pd.Series,
    population: str,
    metric: str,
    seed: int,
    resamples: int = RESAMPLES,
) -> dict | None:
    """One experiment beside another, on the same queries, with the interval of the difference.

    Args:
        one: embeddings of the first.
        other: embeddings of the second.
        questions: of the collection.
        image_ids: pictures that both have.
        part: part by image id, for all of them.
        population: of the queries.
        metric: a measure of one of the tasks.
        seed: of the bootstrap, which draws groups of queries.
        resamples: how many draws.

    Returns:
        ``n``, ``value``, ``low``, ``high`` of the first, ``control_value`` of the second,
        ``difference`` (first minus second) with its bounds, ``verdict``; None where the question
        cannot be asked (the log says why).
    """
    tasks = questions.tasks(image_ids, part, only=(population, metric))
    if not tasks:
        return None
    mine, theirs = (
        tasks[0].answer(made.values[pd.Index(made.image_ids).get_indexer(image_ids)])
        for made in (one, other)
    )
    rows = _compare(tasks[0], mine, {"other": theirs}, seed, resamples)
    return next(row for row in rows if row["metric"] == metric)


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
        mine_at = {metric: number for number, metric in enumerate(own)}
        found = intervals(
            np.stack(columns, axis=1),
            task.clusters,
            equal_clusters=kind == BY_GROUP,
            classes=task.classes if kind == BY_CLASS else None,
            median=kind == BY_MEDIAN,
            pairs=[(mine_at[metric], len(own) + at) for at, (metric, _) in enumerate(other)],
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
