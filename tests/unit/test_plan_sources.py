"""Settings of collections that lie elsewhere, and the digest that decides about asking again."""

import gzip
import re

import pytest
from snakemake.utils import update_config

from plan import settings as plan
from plan import sources
from plan.settings import SettingsError


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            {"source": "links"},
            "give records: lido or table, and the file as collections.own.metadata",
        ),
        ({"source": "links", "records": "lido"}, "collections.own.metadata is not given"),
        (
            {"source": "links", "records": "lido", "metadata": "no.xml"},
            "no.xml, which is no file and no folder with LIDO files",
        ),
        ({"source": "iiif"}, "as a list under collections.own.manifests"),
        ({"source": "iiif", "manifests": ["no.json"]}, "names no.json, which is no file"),
    ],
)
def test_what_is_missing_is_said(load_config, entry, words):
    found = load_config()
    update_config(found, {"collections": {"own": entry}})
    with pytest.raises(SettingsError, match=re.escape(words)):
        sources.check_sources(plan.check_settings(found))


def test_what_is_there_holds(load_config, tmp_path):
    (tmp_path / "r.xml").write_text("<x/>")
    entries = {
        "a": {"source": "links", "records": "lido", "metadata": str(tmp_path / "r.xml")},
        "b": {"source": "iiif", "manifests": ["https://museum.example/m", str(tmp_path / "r.xml")]},
        "c": {"source": "links", "path": str(tmp_path)},
    }
    found = load_config()
    update_config(found, {"collections": entries})
    settings = plan.check_settings(found)
    sources.check_sources(settings)
    kinds = [sources.records_kind(settings["collections"][name]) for name in "abc"]
    assert kinds == ["lido", "iiif", "pictures"]
    assert settings["collections"]["a"]["width"] == 1600
    assert sources.local_manifests(settings["collections"]["b"]) == [str(tmp_path / "r.xml")]


@pytest.mark.parametrize("name", ["r.xml", "r.csv", "r.xml.gz"])
def test_a_link_counts_and_a_title_does_not(tmp_path, name):
    def digest(text):
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
        sources.addresses_digest.cache_clear()
        return sources.addresses_digest(path)

    before = digest("<t>Markt</t><l>http://x/1.jpg</l>\n<l>http://x/2.jpg</l>")
    assert digest("<t>Platz</t>\n<l>http://x/1.jpg</l><l>http://x/2.jpg</l>") == before
    others = ["<l>http://x/1.jpg</l>", "<l>http://x/2.jpg</l><l>http://x/1.jpg</l>", "",
              "<l>http://x/1.jpg</l><l>https://x/2.jpg</l>"]  # fmt: skip
    digests = {digest(text) for text in others}
    assert len(digests) == 4 and before not in digests


def test_a_folder_of_records(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xml").write_text("http://x/1")
    sources.addresses_digest.cache_clear()
    before = sources.addresses_digest(tmp_path)
    (tmp_path / "in" / "b.xml").write_text("http://x/2")
    sources.addresses_digest.cache_clear()
    assert sources.addresses_digest(tmp_path) != before


def test_rows(tmp_path):
    assert sources.count_rows(tmp_path / "none.csv") == 0
    (tmp_path / "m.csv").write_text("image_id\na\nb\n")
    assert sources.count_rows(tmp_path / "m.csv") == 2
