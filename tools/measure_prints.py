"""How well prints are found: `python tools/measure_prints.py judged made --write docs/prints.md`.

Each part makes a block of the note: `judged` (what is called a print on the real photographs,
against pairs judged by eye, and how long it took), `all` (the step that proposes pairs, against
all pairs), `made` (prints made of the real photographs), `specimen` (the drawn collections, the
demo's and others that nothing was set on). The real photographs lie in ../shared/data/zille;
`all` takes ten minutes of one core, the others one to three.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workflow/scripts"))

import cv2
import numpy as np
import pandas as pd
from doc_tables import share, table, write_block
from exhaust_prints import all_pairs
from remake_prints import KINDS, remade

from bilderatlas import job
from bilderatlas.collection.manifest import list_pictures
from bilderatlas.collection.prints.cache import Cache
from bilderatlas.collection.prints.find import Pictures, find_pairs
from bilderatlas.collection.prints.relations import judge
from bilderatlas.collection.specimen.drawing import draw_picture
from bilderatlas.collection.specimen.plan import plan_collection
from bilderatlas.data.pack import decode

ROOT = Path(__file__).resolve().parents[1]
PHOTOGRAPHS = ROOT / "../shared/data/zille/images"
JUDGED = ROOT / "tests/data/zille_judged_pairs.csv"
SIDE, POINTS = 480, 800  # as config.yaml
MADE_SEED, EACH = 7, 40
DEMO, OTHERS, DRAWN = 2022, (21, 22, 23), 240


def photographs() -> tuple[pd.DataFrame, list[np.ndarray]]:
    """The manifest of the real photographs, and these, grey."""
    manifest = list_pictures(PHOTOGRAPHS)
    return manifest, [decode(file, "grey", SIDE)[:, :, 0] for file in manifest["file"]]


def found_in(ids: list[str], pictures: list[np.ndarray], cache: Path) -> pd.DataFrame:
    """The pairs as the workflow finds them, indexed by the two ids."""
    with Cache(cache) as kept:
        one = Pictures(ids, [""] * len(ids), pictures.__getitem__)
        return find_pairs(one, kept, POINTS).set_index(["image_a", "image_b"])


def said(verdict: str, column: str = "verdict") -> set[tuple[str, str]]:
    """Judged pairs of one verdict."""
    judged = pd.read_csv(JUDGED, dtype=str)
    rows = judged[judged[column] == verdict]
    return set(zip(rows["image_a"], rows["image_b"], strict=True))


def called(pairs: pd.DataFrame, **wanted: str) -> set[tuple[str, str]]:
    """The prints among pairs; with further columns of these values."""
    rows = pairs[pairs["relation"] == "print"]
    for column, value in wanted.items():
        rows = rows[rows[column] == value]
    return set(rows.index)


def judged(folder: Path) -> str:
    """What is called a print, held against eyes."""
    manifest, pictures = photographs()
    ids, times = manifest["image_id"].tolist(), []
    for _ in range(2):
        begun = time.process_time()
        pairs = found_in(ids, pictures, folder / "real.db")
        times.append(time.process_time() - begun)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    true, other, unsure = said("print"), said("variant"), said("unsure")
    kinds = {
        "all": called(pairs),
        "plain": called(pairs, mirrored="no", cut="no"),
        "cut": called(pairs, mirrored="no", cut="yes"),
        "mirrored": called(pairs, mirrored="yes"),
    }
    rows = [
        [
            kind, len(named), len(named & true), len(named & other),
            len(named - true - other), share(len(named & true), len(named)),
        ]
        for kind, named in kinds.items()
    ]  # fmt: skip
    header = ["called a print", "pairs", "right", "wrong", "unsure or not judged", "precision"]
    variants = set(pairs.index) - kinds["all"]
    blind = {word: said(word, "blind") for word in ("print", "variant")}
    looked = blind["print"] | blind["variant"]
    agree = len(blind["print"] & true) + len(blind["variant"] & other)
    missed = ", ".join(f"{a} and {b}" for a, b in sorted(true - kinds["all"]))
    return "\n\n".join(
        [
            f"{len(ids)} photographs, {len(pairs)} pairs that can be laid over each other.",
            table(header, rows),
            f"Recall of the {len(true)} pairs judged to be prints:"
            f" {share(len(kinds['all'] & true), len(true))}; not called so: {missed or 'none'}."
            f" Of the {len(variants)} pairs called variants {len(variants & true)} are prints,"
            f" {len(variants & unsure)} cannot be told.",
            f"A second look, blind, at {len(looked)} of these pairs, shuffled: it has the verdict"
            f" of the first in {share(agree, len((true | other) & looked))}; of the"
            f" {len(kinds['all'] & looked)} among them that are called prints it finds"
            f" {len(kinds['all'] & blind['print'])} to be prints.",
            f"Time of one core: {times[0]:.0f} s the first time, {times[1]:.1f} s when all is kept"
            f" (decoding left aside); memory {memory:.0f} MB, the pictures included. If the limits"
            " of a print were stricter or laxer, all at once:",
            table(["limits", "called prints", "right", "wrong"], _strained(pairs, true, other)),
        ]
    )


def _strained(pairs: pd.DataFrame, true: set, other: set) -> list[list[object]]:
    rows = []
    for factor in (0.5, 0.75, 1.0, 1.25, 1.5, 2.0):
        numbers = pairs.assign(**(pairs[["apart", "cluster", "moved", "shift"]] / factor))
        named = {
            pair
            for pair, one in numbers.iterrows()
            if (verdict := judge(one)) is not None and verdict.relation == "print"
        }
        rows.append([f"times {factor:g}", len(named), len(named & true), len(named & other)])
    return rows


def exhausted(folder: Path) -> str:
    """The step that proposes pairs, against all pairs."""
    manifest, pictures = photographs()
    ids = manifest["image_id"].tolist()
    pairs = found_in(ids, pictures, folder / "real.db")
    begun = time.process_time()
    with Cache(folder / "real.db") as kept:
        every = all_pairs(Pictures(ids, [""] * len(ids), pictures.__getitem__), kept, POINTS)
    seconds = time.process_time() - begun
    every = every.set_index(["image_a", "image_b"])
    prints, variants = called(every), set(every.index) - called(every)
    more = called(every) - called(pairs)
    return (
        f"All {len(ids) * (len(ids) - 1) // 2:,} pairs of the {len(ids)} photographs, each as it is"
        f" and mirrored, without the step that proposes pairs ({seconds:.0f} s of one core): the"
        f" same measures call {len(prints)} pairs prints, {len(more)} of them new. Of these prints"
        f" the step proposes {share(len(prints & set(pairs.index)), len(prints))}; of the"
        f" {len(variants)} variants that this search finds,"
        f" {share(len(variants & set(pairs.index)), len(variants))}. A pair is tried with its 400"
        f" strongest points first, so {len(set(pairs.index) - set(every.index))} pairs that the"
        f" workflow finds ({len(called(pairs) - set(every.index))} of them prints) are not seen"
        " here."
    )


def made(folder: Path) -> str:
    """Prints made of the photographs, laid among them."""
    manifest, pictures = photographs()
    ids = manifest["image_id"].tolist()
    rng = np.random.default_rng(MADE_SEED)
    chosen = rng.permutation(len(ids))[: EACH * len(KINDS)].reshape(len(KINDS), EACH)
    truth: dict[str, list[tuple[str, str]]] = {}
    for (kind, change), rows in zip(KINDS.items(), chosen, strict=True):
        for row in job.progress(rows, kind):
            pictures.append(remade(manifest["file"][row], change, SIDE, rng))
            # after all ids of the photographs, which are numbers
            truth.setdefault(kind, []).append((ids[row], f"made{len(ids):05d}"))
            ids.append(truth[kind][-1][1])
    pairs = found_in(ids, pictures, folder / "real.db")
    prints, mirrored, cuts = called(pairs), called(pairs, mirrored="yes"), called(pairs, cut="yes")
    rows = []
    for kind, planned in truth.items():
        named = [pair for pair in planned if pair in prints]
        flags = [
            (pair in mirrored) == ("mirrored" in kind) and (pair in cuts) == ("cut" in kind)
            for pair in named
        ]
        rows.append(
            [
                kind, len(planned), sum(pair in pairs.index for pair in planned),
                share(len(named), len(planned)), f"{sum(flags)} of {len(named)}",
            ]
        )  # fmt: skip
    header = [
        "kind",
        "n",
        "proposed and laid over",
        "called a print",
        "mirror and cut told rightly",
    ]
    return (
        f"{EACH} photographs a kind, each photograph once, each with another tone, contrast, grain"
        f" and JPEG; all {len(ids)} pictures are searched together.\n\n" + table(header, rows)
    )


def specimens(folder: Path) -> str:
    """Drawn collections, whose negatives are known."""
    rows, right, named, planned = [], 0, 0, 0
    for seed in (DEMO, *OTHERS):
        plan = plan_collection(seed, DRAWN)
        aspects = {one.scene: one.aspect for one in plan if one.cut is None}
        pictures = []
        for one in job.progress(plan, f"drawing {seed}"):
            image = draw_picture(seed, one, aspects[one.scene]).convert("L")
            image.thumbnail((SIDE, SIDE))
            pictures.append(np.asarray(image))
        ids = [one.image_id for one in plan]
        prints = called(found_in(ids, pictures, folder / f"{seed}.db"))
        true = {
            tuple(sorted((a.image_id, b.image_id)))
            for a, b in itertools.combinations(plan, 2)
            if a.negative == b.negative
        }
        hit = len(prints & true)
        name = f"{seed}, the demo's" if seed == DEMO else f"{seed}, held out"
        rows.append([name, len(prints), share(hit, len(prints)), share(hit, len(true))])
        if seed != DEMO:
            right, named, planned = right + hit, named + len(prints), planned + len(true)
    rows.append(["all held out", named, share(right, named), share(right, planned)])
    return f"Specimens of {DRAWN} pictures:\n\n" + table(
        ["seed", "called prints", "precision", "recall"], rows
    )


PARTS = {"judged": judged, "all": exhausted, "made": made, "specimen": specimens}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="+", choices=PARTS)
    parser.add_argument("--write", type=Path, help="the note whose blocks take the numbers")
    parser.add_argument("--keep", type=Path, help="a folder for what was measured, for next time")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    for part in given.parts:
        with tempfile.TemporaryDirectory() as place:
            text = PARTS[part](given.keep or Path(place))
        print(text, flush=True)
        if given.write:
            write_block(given.write, part, text)


if __name__ == "__main__":
    main()
