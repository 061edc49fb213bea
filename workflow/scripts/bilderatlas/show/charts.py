"""What the charts share: matplotlib without a window, one look, the same bytes at each run."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

from bilderatlas.files import write_atomically

INK = "#202020"
MUTED = "#606060"
# Okabe and Ito's palette without its yellow, which is too pale for lines on white
BLUE, ORANGE, GREEN, RED, PURPLE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7"
DOTS_PER_INCH = 110

STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.unicode_minus": True,
    # titles come from catalogues: a dollar sign in one is a dollar sign
    "text.parse_math": False,
}


@contextmanager
def chart(path: str | os.PathLike, width: float, height: float) -> Iterator:
    """A matplotlib figure of ``width`` x ``height`` inches, written to ``path`` (PNG) at the end.

    No pyplot: it would keep every figure alive and look for a window system.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, layout="constrained")
        FigureCanvasAgg(figure)
        yield figure
        with write_atomically(path) as temporary:
            # without the version of matplotlib, so that an update alone changes no file
            figure.savefig(temporary, format="png", metadata={"Software": None})


def broken(words: str, characters: int, lines: int = 4) -> str:
    """``words`` over several lines, for labels of axes and panels."""
    return "\n".join(textwrap.wrap(words, characters, max_lines=lines, placeholder=" …"))
