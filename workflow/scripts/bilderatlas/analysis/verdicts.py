"""One word for a comparison: holds, undecided, does not hold."""

from __future__ import annotations

import math

import pandas as pd

HOLDS = "holds"
UNDECIDED = "undecided"
DOES_NOT_HOLD = "does not hold"

# differences no larger than this are rounding, not evidence
_NOTHING = 1e-9
# which way is better, by metric
LARGER_IS_BETTER = {
    "same_title_map": True,
    "same_title_map_by_group": True,
    "same_title_p_at_1": True,
    "same_title_r_precision": True,
    "same_title_recall_at_10": True,
    "same_title_map_without_prints": True,
    "same_title_map_by_group_without_prints": True,
    "same_title_p_at_1_without_prints": True,
    "same_title_r_precision_without_prints": True,
    "same_title_recall_at_10_without_prints": True,
    "same_negative_map": True,
    "same_negative_p_at_1": True,
    "found_print_map": True,
    "found_print_p_at_1": True,
    "found_print_recall_at_10": True,
    "found_mirrored_print_map": True,
    "found_mirrored_print_recall_at_10": True,
    "found_cut_print_map": True,
    "found_cut_print_recall_at_10": True,
    "found_plain_print_map": True,
    "found_plain_print_recall_at_10": True,
    "same_motif_map": True,
    "author_accuracy": True,
    "author_balanced_accuracy": True,
    "year_mae": False,
    "year_median_error": False,
    "year_error_to_range": False,
    "year_within_5": True,
    # an embedding that is near where the tones are near has learnt a shortcut
    "histogram_correlation": False,
}


def verdict(metric: str, difference: float, low: float, high: float) -> str:
    """The word for one comparison with a control.

    Args:
        metric: a key of ``LARGER_IS_BETTER``.
        difference: experiment minus control, on the same queries.
        low: lower end of its interval; NaN where there are too few queries for one.
        high: upper end, likewise.

    Returns:
        ``does not hold`` where the experiment is not better than the control at all (equal or
        worse on average), ``holds`` where the whole interval lies on the better side,
        ``undecided`` otherwise, and wherever there is no interval.
    """
    if metric not in LARGER_IS_BETTER:
        raise ValueError(f"it is not known whether a larger {metric!r} is better")
    return word(difference, low, high, LARGER_IS_BETTER[metric])


def word(difference: float, low: float, high: float, larger: bool) -> str:
    """As :func:`verdict`, for any difference of which the ``larger`` or the smaller is better."""
    # the end of the interval that lies towards the control
    gain, near = (difference, low) if larger else (-difference, -high)
    if math.isnan(gain) or math.isnan(near):  # too few queries for an interval, so for a word
        return UNDECIDED
    if gain <= _NOTHING:
        return DOES_NOT_HOLD
    return HOLDS if near > _NOTHING else UNDECIDED


def against_best(metrics: pd.DataFrame) -> pd.DataFrame:
    """Of each experiment, population and metric, the row of its best control.

    The best control is the one that scores best on the same queries (the first one of equals);
    what holds against it holds.

    Args:
        metrics: a table with the columns of ``files.METRICS``.

    Returns:
        the chosen rows, in the order of the table.
    """
    keys = ["collection", "study", "experiment", "split", "population", "metric"]
    rows = []
    for key, group in metrics.groupby(keys, sort=False, dropna=False):
        values = group["control_value"].astype(float)
        if values.notna().any():
            best = values.idxmax() if LARGER_IS_BETTER[key[-1]] else values.idxmin()
            rows.append(best)
    return metrics.loc[rows].reset_index(drop=True)
