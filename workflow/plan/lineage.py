"""The lineage of a model: everything that made it, written as one name.

``untrained+zille.published``, ``imagenet+dew.published+zille.published.fine``,
``untrained+zille.sound~group~s1``: the initialisation, then ``collection.recipe`` a phase (with
``.fine`` where it is a fine-tuning), then the split and the seed where they are not the default.
Experiments with the same lineage share the model; any two models that differ in collection,
recipe, split or seed differ in name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Phase:
    """One training or fine-tuning: on which collection, by which recipe."""

    collection: str
    recipe: str
    fine: bool

    def __str__(self) -> str:
        return f"{self.collection}.{self.recipe}{'.fine' if self.fine else ''}"


@dataclass(frozen=True)
class Lineage:
    """What made a model.

    Attributes:
        weights: where it starts: ``untrained`` or the name of pretrained weights.
        fold: how the first convolution goes from three channels to one (``mean`` or ``sum``).
        phases: training and fine-tuning, in order; none for a model that is only initialised.
        split: the split of the *last* phase's collection; phases on other collections use the
            default split.
        seed: the seed of initialisation and of every phase.
        default_split, default_seed: what is left out of the name.
    """

    weights: str
    fold: str
    phases: tuple[Phase, ...]
    split: str
    seed: int
    default_split: str = "published"
    default_seed: int = 2022

    @property
    def name(self) -> str:
        """The name, as it stands in the model's path."""
        start = self.weights if self.fold == "mean" else f"{self.weights}-{self.fold}"
        parts = "+".join([start, *map(str, self.phases)])
        # without a phase no split has been read
        if self.phases and self.split != self.default_split:
            parts += f"~{self.split}"
        return parts if self.seed == self.default_seed else f"{parts}~s{self.seed}"

    @property
    def parent(self) -> Lineage | None:
        """The lineage that the last phase starts from; None for an initialisation."""
        if not self.phases:
            return None
        before = self.phases[:-1]
        same = bool(before) and before[-1].collection == self.phases[-1].collection
        return replace(self, phases=before, split=self.split if same else self.default_split)

    def chain(self) -> list[Lineage]:
        """This lineage and all it comes from, the initialisation first."""
        return [*(self.parent.chain() if self.parent else []), self]


def from_row(
    row: dict, roles: dict[str, str], fold: str, default_split: str, default_seed: int
) -> Lineage:
    """The lineage of one row of ``simclr.csv``; ``roles`` maps dew, zille, pretrained to names."""
    phases = [
        Phase(roles[row[column]], row["recipe"], column == "fine_tuning")
        for column in ("training", "fine_tuning")
        if row[column]
    ]
    weights = roles.get(row["initialisation"], row["initialisation"])
    return Lineage(
        weights, fold, tuple(phases), row["split"], row["seed"], default_split, default_seed
    )
