"""Which experiments are the controls that the others stand beside."""

from __future__ import annotations

from collections.abc import Mapping

from bilderatlas.files import Embeddings

LEARNT_NOTHING = ("pixels", "untrained")
_WHITENED = "_whitened"
# the order in which controls stand in tables; the last three see no picture at all
CONTROLS = (
    *LEARNT_NOTHING,
    *(f"{control}{_WHITENED}" for control in LEARNT_NOTHING),
    "catalogue",
    "constant",
    "chance",
)


def controls_among(experiments: Mapping[str, Embeddings]) -> dict[str, str]:
    """The experiments that learnt nothing: the control's name to the experiment's.

    Known by the attribute ``lineage``. A whitened one (the attribute ``whitened``) is a control
    of its own, ``pixels_whitened`` or ``untrained_whitened``: of the training part it has read
    how its numbers spread. Of several the first counts. All stand beside all experiments: what is
    no better than a whitened thumbnail has learnt nothing that whitening does not give.
    """
    found: dict[str, str] = {}
    for name, made in experiments.items():
        lineage = str(made.attributes.get("lineage", ""))
        if lineage in LEARNT_NOTHING:
            found.setdefault(control_name(lineage, _is_whitened(made)), name)
    return {control: found[control] for control in CONTROLS if control in found}


def control_name(control: str, whitened: bool) -> str:
    """The name of a control that was whitened, or was not."""
    return f"{control}{_WHITENED}" if whitened else control


def _is_whitened(made: Embeddings) -> bool:
    return bool(made.attributes.get("whitened", False))
