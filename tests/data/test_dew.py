"""Real rows and addresses of dew."""

from urllib.parse import urlsplit

import pytest

from bilderatlas.collection.download import dew
from bilderatlas.collection.records import Problems
from bilderatlas.errors import InputError
from tests.workflow.conftest import ROOT

DATA = ROOT.parent / "shared" / "data" / "dew"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real rows in {DATA}")


def test_every_real_address_gives_a_file_of_its_own():
    lists = [(DATA / f"{name}.txt").read_text().split() for name in ("bad_responses", "timeouts")]
    assert [len(addresses) for addresses in lists] == [9788, 93]
    addresses = set(lists[0] + lists[1])
    names = {dew.file_name(address) for address in addresses}
    assert len(names) == len(addresses) and "" not in names
    assert all(
        urlsplit(address).path.endswith(f"/{dew.file_name(address)}") for address in addresses
    )


def test_real_rows_with_addresses_cut_short_are_noted_and_refused():
    problems = Problems()
    table = DATA / "meta_rows_shown_in_notebook_1.csv"
    with pytest.raises(InputError, match="no picture up to 1950"):
        list(dew.read_meta(table, 1950, problems))
    noted = problems.frame()
    assert len(noted) == 10 and set(noted["field"]) == {"url"}
    assert noted["record"][0] == "8796545829"


def test_real_rows_with_their_addresses_whole_are_read(tmp_path):
    """The rows whose addresses are among the real ones that are known whole."""
    known = {
        address.rpartition("/")[2].partition("_")[0]: address
        for address in (DATA / "bad_responses.txt").read_text().split()
    }
    text = (DATA / "meta_rows_shown_in_notebook_1.csv").read_text(encoding="utf-8")
    for line in text.splitlines():
        short = next((cell for cell in line.split(",") if cell.startswith("https://farm")), "")
        image_id = line.split(",")[0]
        if image_id in known:
            assert known[image_id].startswith(short.rstrip("."))
            text = text.replace(short, known[image_id])
    (tmp_path / "meta.csv").write_text(text, encoding="utf-8")
    problems = Problems()
    found = list(dew.read_meta(tmp_path / "meta.csv", 1950, problems))
    assert len(found) + len(problems) == 10 and found
    montreal = next(row for row in found if row["img_id"] == "2402788766")
    assert dew.target_of(montreal).file == "1930/2402788766_676d74c353.jpg"
