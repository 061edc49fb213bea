"""How numbers and what gave them are written in tables."""

from __future__ import annotations


def number(value: float) -> str:
    """Three digits that mean something, thousands set apart."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def told_machine(lines: list[dict]) -> str:
    """The sentences above a table: which question, commit, machine and load, each said once."""
    told: dict[str, list[str]] = {}
    for line in lines:
        how = f"at commit `{line['commit']}` on {line['machine']}, load {line['load']}"
        if line["question"] not in told.setdefault(how, []):
            told[how].append(line["question"])
    of = " and ".join
    return " ".join(
        f"Measured ({of(f'`{name}`' for name in names)}) {how}." for how, names in told.items()
    )
