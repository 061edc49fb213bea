"""The desk of a collection, as the workflow's settings describe it: `make desk` calls this.

python tools/desk.py --collection specimen --configfile config/specimen.yaml
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workflow"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workflow/scripts"))

import yaml

from bilderatlas.desk.__main__ import add_options, login_name, run
from bilderatlas.desk.holdings import Holdings
from plan import settings

ROOT = Path(__file__).resolve().parents[1]


def read_settings(overlays: Sequence[str]) -> dict[str, Any]:
    """config.yaml with overlays laid over it, checked as the workflow checks it.

    Raises:
        SettingsError: a file is missing or is no YAML, or a setting is wrong.
    """
    merged: dict[str, Any] = {}
    for name in (ROOT / "config/config.yaml", *overlays):
        try:
            told = yaml.safe_load(Path(name).read_text(encoding="utf-8")) or {}
        except FileNotFoundError:
            raise settings.SettingsError(f"The settings {name} do not exist.") from None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise settings.SettingsError(f"The settings {name} are no YAML: {error}") from None
        merged = _laid_over(merged, told)
    return settings.check_settings(merged)


def _laid_over(below: Any, above: Any) -> Any:
    """Mappings key by key, anything else as a whole: what Snakemake's --configfile does."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return below | {key: _laid_over(below.get(key), value) for key, value in above.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the settings, find the collection, serve; the exit status."""
    parser = argparse.ArgumentParser(description="The desk of a collection.")
    parser.add_argument("--collection", required=True)
    parser.add_argument("--configfile", nargs="*", default=[], help="overlays, as for the workflow")
    add_options(parser)
    asked = parser.parse_args(arguments)
    try:
        known = read_settings(asked.configfile)
        if asked.collection not in known["collections"]:
            raise settings.SettingsError(
                f"There is no collection {asked.collection!r} in the settings; there are"
                f" {', '.join(known['collections'])}. Another overlay is named with CONFIG=."
            )
    except settings.SettingsError as error:
        print(f"desk: {error}", file=sys.stderr)
        return 1
    language = asked.language or known["language"]
    overlays = "".join(f" --configfile {name}" for name in asked.configfile[:1])
    overlays += "".join(f" {name}" for name in asked.configfile[1:])
    title = known["collections"][asked.collection].get("title", {})
    holdings = Holdings(
        collection=asked.collection,
        title=title.get(language, asked.collection),
        root=ROOT,
        by=" ".join((asked.by or login_name()).split()),
        language=language,
        call=f".venv/bin/snakemake {{target}} --cores 1{overlays}",
    )
    return run(holdings, asked.port, asked.new_token)


if __name__ == "__main__":
    sys.exit(main())
