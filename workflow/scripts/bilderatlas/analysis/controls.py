"""Which experiments are the controls that the others stand beside."""

from __future__ import annotations

from collections.abc import Mapping

from bilderatlas.files import Embeddings

LEARNT_NOTHING = ("pixels", "untrained")


def controls_among(experiments: Mapping[str, Embeddings]) -> dict[str, str]:
    """The experiments that learnt nothing: the control's name to the experiment's.

    Known by the attribute ``lineage``. Of several the first counts, and of whitened ones (the
    attribute ``whitened``) none: they have read the training part, if only its statistics.
    """
    found: dict[str, str] = {}
    for name, made in experiments.items():
        lineage = str(made.attributes.get("lineage", ""))
        if lineage in LEARNT_NOTHING and not made.attributes.get("whitened", False):
            found.setdefault(lineage, name)
    return {control: found[control] for control in LEARNT_NOTHING if control in found}
