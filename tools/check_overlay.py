"""Is an overlay readable? Snakemake names neither file nor line where YAML is wrong; this does.

python tools/check_overlay.py config/mine.yaml

What the keys mean is checked by the workflow itself (``snakemake -n --configfile …``).
"""

import sys
from pathlib import Path

import yaml


def fault(path: str) -> str:
    """What is wrong with an overlay, in one sentence; empty where nothing is."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}."
    except UnicodeDecodeError as error:
        return (
            f"{path} is not UTF-8 (byte {error.start}): save it in that encoding, not as UTF-16 or"
            " ANSI."
        )
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return _sentence(path, text, error)
    if found is None:
        return f"{path} holds no key: it should begin with one such as `collections:`."
    if not isinstance(found, dict):
        return f"{path} begins with a list or a text: it should begin with `collections:` or so."
    return ""


def _sentence(path: str, text: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return f"{path} is not YAML: {error}."
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    # a fault is often noticed only below the line that has it
    where = f"{path}, line {mark.line + 1} (or just above): {line.strip()!r}"
    if "\t" in line[: len(line) - len(line.lstrip())] or "\\t" in str(error.problem):
        return f"{where} is indented by a tab: use blanks."
    if "mapping values are not allowed" in str(error.problem):
        return (
            f"{where}: put a text with a colon into quotes, or indent the line as its neighbours."
        )
    return f"{where}: {error.problem}."


def main() -> None:
    """Say what is wrong with each file; end with 1 where anything is."""
    if len(sys.argv) < 2:
        sys.exit("Name the overlays: python tools/check_overlay.py config/mine.yaml")
    faults = [told for told in map(fault, sys.argv[1:]) if told]
    print("\n".join(faults) or "The overlay is readable.")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
