"""What the benchmark of growth found, as a table and as a figure."""

from __future__ import annotations

from pathlib import Path

from benchmarks import ROOT
from benchmarks.told import number, told_machine
from bilderatlas.show import markdown

FIGURE = ROOT / "docs/performance-growth.png"
FAR = 10_000_000  # pictures, on paper
MOST = 12  # lines that a panel holds


def table(lines: list[dict]) -> str:
    """Exponents script by script, and the figure beside the page."""
    draw(lines)
    by_rule: dict[str, dict[str, dict]] = {}
    for line in lines:
        by_rule.setdefault(line["detail"]["rule"], {})[line["detail"]["of"]] = line
    rows, still = [], []
    for rule, of in by_rule.items():
        if not any(line["detail"]["told"] for line in of.values()):
            still.append(f"`{rule}`")
            continue
        row = [f"`{rule}`"]
        for unit in ("s", "MB"):
            row += [number(value) for value in of[unit]["detail"]["values"]]
            row.append(power(of[unit]))
        rows.append([*row, far(of["s"], 3600), far(of["MB"], 1024)])
    sizes = [f"{size:,}" for size in lines[0]["detail"]["sizes"]]
    head = ["script", *(f"s at {n}" for n in sizes), "exponent"]
    head += [*(f"MB at {n}" for n in sizes), "exponent", f"hours at {FAR:,}", "GB there"]
    rest = f"Too little was added to tell: {', '.join(still)}." if still else ""
    figure = (
        "![Time and memory of each script against the number of pictures, both axes"
        " logarithmic](performance-growth.png)"
    )
    parts = [told_machine(lines), markdown.table(head, rows), rest, figure]
    return "\n\n".join(part for part in parts if part)


def power(line: dict) -> str:
    """The exponent of a line, empty where its growth was too little to tell."""
    return f"{line['ratio_median']:.2f}" if line["detail"]["told"] else ""


def far(line: dict, unit: float) -> str:
    """What would be needed at ``FAR`` pictures, in ``unit``s; empty where it cannot be told.

    The last increment, ``b (n3^c - n2^c)``, gives the factor of the power that was fitted.
    """
    if not line["detail"]["told"]:
        return ""
    sizes, values = line["detail"]["sizes"], line["detail"]["values"]
    last, before, there = (float(n) ** line["ratio_median"] for n in (sizes[-1], sizes[-2], FAR))
    factor = (values[-1] - values[-2]) / (last - before)
    return number((values[-1] + factor * (there - last)) / unit)


def draw(lines: list[dict], path: Path = FIGURE) -> None:
    """Seconds and megabytes against the number of pictures, both logarithmic."""
    from bilderatlas.show.charts import MUTED, chart

    told = [line for line in lines if line["detail"]["told"]]
    with chart(path, 9, 5) as figure:
        for axes, unit, title in zip(
            figure.subplots(1, 2), ("s", "MB"), ("processor, s", "memory, MB"), strict=True
        ):
            sizes = lines[0]["detail"]["sizes"]
            shown = [line["detail"] | {"power": power(line)} for line in told]
            shown = [detail for detail in shown if detail["of"] == unit]
            shown = sorted(shown, key=lambda detail: -detail["values"][-1])[:MOST]
            for place, detail in enumerate(shown):
                axes.plot(
                    sizes, detail["values"], ("-", "--")[place // 10],
                    marker="o", ms=3, lw=1.2, label=f"{detail['rule']}  {detail['power']}",
                )  # fmt: skip
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
            axes.minorticks_off()
            axes.set_xlabel("pictures")
            axes.set_title(title, fontsize=9, loc="left", color=MUTED)
            if shown:
                axes.legend(fontsize=6.5, frameon=False, title="script, exponent", title_fontsize=7)
