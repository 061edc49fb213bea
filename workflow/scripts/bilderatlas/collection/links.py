"""Pictures that records only link to: fetched once, checked, kept; what was not taken is listed.

The pictures and the status of every link lie in a folder that no rule declares, so a killed run
loses nothing, and a second run asks only for what is missing. A link that was fetched keeps its
``image_id`` for good.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from bilderatlas import job
from bilderatlas.collection import iiif_image
from bilderatlas.collection.download.picture import NoPictureError, decode, is_page
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.single import Asker, FetchError
from bilderatlas.collection.download.status import Status
from bilderatlas.collection.download.target import host_of
from bilderatlas.collection.link_names import name_all, stem_of
from bilderatlas.errors import InputError
from bilderatlas.files import LINKS, MANIFEST, write_atomically

Get = Callable[[str], tuple[bytes, str]]
# what another try would not change; `ok` stands as long as its file does
SETTLED = ("dead", "page", "card", "no_address")
PASSING = ("timeout", "error")
# index cards stand beside the pictures in German photo archives: df_hauptkatalog_0355520_karte.jpg
CARD = re.compile(r"_karte$", re.IGNORECASE)


@dataclass
class Wanted:
    """A picture that is linked to.

    Attributes:
        key: the address of its image service, else the link: what makes two links one picture.
        link: the link to ask for where there is no service.
        record: the record that names it first.
        image_id: what that record calls it; empty where it does not.
    """

    key: str
    link: str
    record: str
    image_id: str


def wanted_links(records: Iterable[dict[str, Any]]) -> tuple[list[Wanted], pd.DataFrame]:
    """The pictures that records link to, and every link with the key of its picture.

    Links into one image service are one picture, asked for in the fullest of them.

    Returns:
        pictures in the order of the records; a table ``link, record, key``, a row a link.
    """
    found: dict[str, Wanted] = {}
    rows = []
    for record in records:
        links = list(dict.fromkeys(record["images"]))
        name = record["record_id"] or record["image_id"]
        for link in links:
            service = iiif_image.service_of(link)
            key = service.base if service else link
            own = record["image_id"] if len(links) == 1 else ""
            one = found.setdefault(key, Wanted(key, link, name, own))
            if service and service.whole and one.record == name:
                one.link = link
            rows.append((link, name, key))
    return list(found.values()), pd.DataFrame(rows, columns=["link", "record", "key"], dtype=str)


def fetch_links(
    records: Iterable[dict[str, Any]],
    folder: Path,
    width: int,
    policy: Policy,
    get: Get | None = None,
) -> pd.DataFrame:
    """Fetch what records link to into ``folder``; a row a link, columns :data:`files.LINKS`.

    Args:
        records: as readers yield them.
        folder: of pictures (``images/``) and their status (``links.jsonl``).
        width: pixels that an image service is asked for at most; other files come as they are.
        policy: tries, time-outs, bounds; its ``per_host`` is how many are asked for at once, as
            the links of a collection mostly lead to one host.
        get: bytes and media type of an address; that of :class:`single.Asker` where not given.
    """
    wanted, links = wanted_links(records)
    with Status(folder / "links.jsonl") as status, Asker(policy) as asker:
        name_all(wanted, status)
        due = [one for one in wanted if not _is_settled(status.of(one.key), width, folder)]
        job.log.info("%d of %d pictures are settled already.", len(wanted) - len(due), len(wanted))
        pool = ThreadPoolExecutor(policy.per_host)
        take = partial(_take, folder=folder, width=width, policy=policy, get=get or asker.get)
        try:
            jobs = {pool.submit(take, one, status.of(one.key)["image_id"]): one for one in due}
            for done in job.progress(as_completed(jobs), "fetching", len(jobs)):
                status.note(jobs[done].key, done.result())
        finally:
            pool.shutdown(cancel_futures=True)
        rows = [
            {**status.of(key), "link": link, "record": record}
            for link, record, key in links.itertuples(index=False)
        ]
    return pd.DataFrame(rows, columns=list(LINKS), dtype=object)


def manifest_of(links: pd.DataFrame, folder: Path, unreadable: float) -> pd.DataFrame:
    """The manifest of what was fetched: columns :data:`files.MANIFEST`, sorted by id.

    Args:
        links: what :func:`fetch_links` gave.
        folder: the same.
        unreadable: the share of pictures that may be without an answer for now.

    Raises:
        InputError: no picture came, or too many links of hosts that answer did not.
    """
    pictures = links.drop_duplicates("image_id") if len(links) else links
    silent = pictures[pictures["status"].isin(PASSING)]
    if mute := _mute_hosts(pictures):
        lost = silent["link"].map(host_of).isin(mute)
        job.log.warning(
            "%d pictures are at hosts that never answered, while others did (%s): gone on without"
            " them; run again with --forcerun fetch_links when they are back.",
            lost.sum(), ", ".join(sorted(mute)),
        )  # fmt: skip
        silent = silent[~lost]
    if len(silent) > unreadable * len(pictures):
        first = silent.iloc[0]
        raise InputError(
            f"{len(silent)} of {len(pictures)} pictures could not be fetched for now (the first is"
            f" {first['link']}: {first['why']}); run the same command again, the others are kept."
        )
    taken = pictures[pictures["status"] == "ok"]
    if taken.empty:
        counts = ", ".join(f"{n} {name}" for name, n in links["status"].value_counts().items())
        raise InputError(f"None of the {len(links)} links gives a picture ({counts or 'no link'}).")
    rows = taken.assign(file=[(folder / "images" / name).as_posix() for name in taken["file"]])
    return rows.sort_values("image_id").reindex(columns=list(MANIFEST)).reset_index(drop=True)


def _mute_hosts(pictures: pd.DataFrame) -> set[str]:
    """Hosts without any answer, where another host gave one: it is not the network."""
    hosts = pictures["link"].map(host_of)
    answered = set(hosts[(pictures["status"] == "ok") | (pictures["code"] != "")])
    asked = set(hosts[pictures["status"].isin(PASSING)])
    return asked - answered if answered else set()


def _is_settled(row: dict[str, Any], width: int, folder: Path) -> bool:
    if row["status"] != "ok":
        return row["status"] in SETTLED
    path = folder / "images" / row["file"]
    whole = path.is_file() and path.stat().st_size == row["bytes"]
    return whole and row["bound"] in (0, width)


def _take(
    one: Wanted, image_id: str, folder: Path, width: int, policy: Policy, get: Get
) -> dict[str, Any]:
    """Fetch one picture; its status row."""
    row = dict.fromkeys(LINKS[2:], "") | {"image_id": image_id, "bound": 0, "file": ""}
    if CARD.search(stem_of(one.key)):
        return row | {"status": "card", "why": "an index card, by its name"}
    try:
        asked, bound, content, kind = _ask(one, width, get)
        if is_page(content, kind):
            return row | {"status": "page", "asked": asked, "why": "a page, not a picture"}
        suffix, wide, high = decode(content, policy.largest_pixels)
    except FetchError as error:
        return row | {"status": error.status, "code": error.code or "", "why": str(error)}
    except NoPictureError as error:
        return row | {"status": "too_large" if error.too_large else "not_image", "why": str(error)}
    file = f"{image_id}.{suffix}"
    with write_atomically(folder / "images" / file) as temporary:
        temporary.write_bytes(content)
    return row | {
        "status": "ok",
        "code": 200,
        "asked": asked,
        "file": file,
        "bound": bound,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "width": wide,
        "height": high,
    }


def _ask(one: Wanted, width: int, get: Get) -> tuple[str, int, bytes, str]:
    """Address, bound in pixels (0: none), bytes and media type of what a link leads to."""
    if one.key == one.link:
        return one.link, 0, *get(one.link)
    try:
        info = iiif_image.read_info(get(f"{one.key}/info.json")[0])
    except (FetchError, ValueError) as error:
        if getattr(error, "passing", False):
            raise
        if one.link.partition("?")[0].endswith("/info.json"):
            known = isinstance(error, FetchError)
            raise error if known else FetchError("not_image", str(error)) from None
        # an address that only looks like a service's
        return one.link, 0, *get(one.link)
    *first, last = iiif_image.requests_for(info, width)
    for way in first:
        try:
            return one.key + way, width, *get(one.key + way)
        except FetchError as error:
            if error.code is None or error.passing:
                raise
    return one.key + last, width, *get(one.key + last)
