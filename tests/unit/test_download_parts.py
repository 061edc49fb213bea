"""What downloads are made of, one by one: waits, time, the table, room, pictures."""

import errno
import io
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from PIL import Image

from bilderatlas.collection.download import disk, table
from bilderatlas.collection.download.attempt import retry_after
from bilderatlas.collection.download.hosts import Hosts
from bilderatlas.collection.download.picture import NoPictureError, decode
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.table import Known, StatusTable, read_lines
from bilderatlas.collection.download.target import Outcome, Target, host_of
from bilderatlas.errors import InputError

ONE = Target("1", "http://a/1.jpg", "1.jpg")
TWO = Target("2", "http://a/2.jpg", "2.jpg")


# --- Retry-After


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
    ],
)
def test_retry_after(text, seconds):
    assert retry_after(text) == seconds


def test_retry_after_by_date():
    then = datetime.now(UTC) + timedelta(seconds=90)
    assert 88 < retry_after(format_datetime(then, usegmt=True)) <= 90
    # the older way to write a date, which RFC 9110 still allows
    assert 88 < retry_after(then.strftime("%A, %d-%b-%y %H:%M:%S GMT")) <= 90
    assert retry_after("9" * 400) == 1e9


# --- hosts


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Farm5.staticflickr.com/4029/a.jpg", "farm5.staticflickr.com"),
        ("http://me:secret@host:81/a", "host:81"),
        ("a.jpg", ""),
        ("http://[", ""),
    ],
)
def test_host_of_an_address(url, host):
    assert host_of(url) == host


def test_hosts_take_turns_and_none_gets_more_than_its_share():
    hosts = Hosts(per_host=2, patience=10, silence=3)
    for host in ("a", "a", "a", "b"):
        hosts.add(Target("x", f"http://{host}/", "x"))
    taken = [hosts.take() for _ in range(4)]
    assert [one and one.host for one in taken] == ["a", "b", "a", None]
    hosts.put_back(Outcome(taken[0], "ok", 200))
    assert hosts.take().host == "a" and len(hosts) == 0


def test_a_host_is_left_alone_or_given_up():
    hosts = Hosts(per_host=2, patience=10, silence=2)
    for number in range(3):
        hosts.add(Target(str(number), "http://a/", "x"))
    hosts.pause("a", 5)
    assert hosts.take() is None and not list(hosts.given_up())
    hosts.pause("a", 1)  # a shorter one does not end it
    assert 4 < hosts.pause_left("a") <= 5
    hosts.pause("a", 11)
    assert [target.image_id for target in hosts.given_up()] == ["0", "1", "2"] and not len(hosts)


def test_a_host_is_silent_after_so_many_without_any_answer():
    hosts = Hosts(per_host=2, patience=10, silence=2)
    hosts.put_back(Outcome(ONE, "timeout"))
    hosts.put_back(Outcome(ONE, "dead", 404))
    hosts.put_back(Outcome(ONE, "timeout"))
    assert not hosts.silent
    hosts.put_back(Outcome(ONE, "error"))
    assert hosts.silent == {"a"} == hosts.answered
    hosts.put_back(Outcome(ONE, "ok", 200))
    assert not hosts.silent


# --- the table


def add(path, *outcomes):
    with StatusTable(path) as lines:
        for outcome in outcomes:
            lines.add(outcome)


def ids(path):
    return [row["image_id"] for row in read_lines(path)]


def test_lines_are_appended_and_read_back(tmp_path):
    path = tmp_path / "s/a.csv"
    odd = Target('i,"1"', "http://a/ü?x=1,2", "ö/1.jpg")
    add(path, Outcome(odd, "error", 500, note='two\nlines, \r\x00and "more"'))
    add(path, Outcome(ONE, "ok", 200, 7, "ab" * 32, 2, "2025-01-01T00:00:00.000+00:00"))
    first, second = read_lines(path)
    assert first["image_id"] == odd.image_id and first["url"] == odd.url
    assert first["file"] == odd.file and first["note"] == 'two lines,   and "more"'
    assert list(second.values()) == [
        "1", "1.jpg", "http://a/1.jpg", "ok", "200", "7", "ab" * 32, "2",
        "2025-01-01T00:00:00.000+00:00", "",
    ]  # fmt: skip
    assert path.read_bytes().count(b"\n") == 3


def test_a_torn_last_line_is_not_read_and_cut_off_at_any_byte(tmp_path):
    path = tmp_path / "a.csv"
    add(path, Outcome(ONE, "ok", 200, 7, "ab" * 32))
    whole = path.read_bytes()
    add(path, Outcome(TWO, "ok", 200, 7, "cd" * 32, note="a, b"))
    both = path.read_bytes()
    for cut in range(len(whole), len(both)):
        path.write_bytes(both[:cut])
        assert ids(path) == ["1"]
        add(path, Outcome(TWO, "dead", 404))
        assert ids(path) == ["1", "2"]
    path.write_bytes(whole[:5])  # even the header
    add(path, Outcome(TWO, "dead", 404))
    assert ids(path) == ["2"]


def test_zeros_after_a_power_cut_are_no_line(tmp_path):
    path = tmp_path / "a.csv"
    add(path, Outcome(ONE, "ok", 200, 7, "ab" * 32))
    with open(path, "ab") as handle:
        handle.write(b"\0" * 512)
    assert ids(path) == ["1"]
    add(path, Outcome(TWO, "dead", 404))
    assert ids(path) == ["1", "2"]


def test_another_file_is_not_taken_for_a_table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("name;year\nSmith;1900\n")
    with pytest.raises(InputError, match=r"a\.csv is no status table"):
        StatusTable(path)
    assert path.read_text() == "name;year\nSmith;1900\n"


def test_what_is_known(tmp_path):
    images, tables = tmp_path / "images", tmp_path / "status"
    images.mkdir()
    assert not Known(tables).is_settled(ONE, images)
    add(tables / "a.csv", Outcome(ONE, "timeout"), Outcome(ONE, "ok", 200, 3, "ab"))
    add(tables / "b.csv", Outcome(TWO, "dead", 404))
    known = Known(tables)
    assert not known.is_settled(ONE, images) and known.lists_file(ONE)
    (images / "1.jpg").write_bytes(b"abc")
    assert known.is_settled(ONE, images)
    assert not known.is_settled(ONE._replace(url="http://a/new.jpg"), images)
    assert not known.is_settled(ONE._replace(image_id="3"), images)
    assert known.is_settled(TWO, images) and not known.lists_file(TWO)
    assert not Known(tables, placeholders={"ab"}).is_settled(ONE, images)
    mine = Known(tables, mine=lambda image_id: image_id == "2")
    assert mine.is_settled(TWO, images) and not mine.is_settled(ONE, images)


@pytest.mark.parametrize("status", ["timeout", "error", "not_image", "placeholder"])
def test_what_may_still_come_is_not_settled(tmp_path, status):
    add(tmp_path / "s/a.csv", Outcome(TWO, status, 200, 3, "ab"))
    (tmp_path / "2.jpg").write_bytes(b"abc")
    assert not Known(tmp_path / "s").is_settled(TWO, tmp_path)


def test_two_that_are_known_under_one_name_do_not_hide_each_other(tmp_path):
    add(tmp_path / "s/a.csv", Outcome(ONE, "ok", 200, 9, "ab"), Outcome(ONE, "ok", 200, 3, "cd"))
    (tmp_path / "1.jpg").write_bytes(b"abc")
    assert Known(tmp_path / "s").is_settled(ONE, tmp_path)


def test_a_file_system_without_locks_will_do(tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(table.fcntl, "flock", no_locks)
    add(tmp_path / "a.csv", Outcome(ONE, "dead", 404))
    assert ids(tmp_path / "a.csv") == ["1"]


# --- pictures


def written(tmp_path, form, size=(30, 20), mode="RGB"):
    path = tmp_path / "picture"
    Image.new(mode, size, 1).save(path, form)
    return path


def fault_of(source, largest_pixels=600):
    with pytest.raises(NoPictureError) as caught:
        decode(source, largest_pixels)
    return str(caught.value)


@pytest.mark.parametrize(
    ("form", "suffix"), [("JPEG", "jpg"), ("PNG", "png"), ("TIFF", "tif"), ("WEBP", "webp")]
)
def test_pictures_of_the_four_kinds_decode_whole_only(tmp_path, form, suffix):
    path = written(tmp_path, form)
    assert decode(path, 600) == decode(path.read_bytes(), 600) == (suffix, 30, 20)
    assert fault_of(path, 599) == "30 x 20 pixels are more than allowed"
    cut = path.read_bytes()[:-30]
    path.write_bytes(cut)
    assert fault_of(path) and fault_of(cut)


@pytest.mark.parametrize("form", ["GIF", "BMP", "EPS", "PDF"])
def test_no_other_decoder_sees_bytes_from_the_network(tmp_path, form):
    assert fault_of(written(tmp_path, form)) == "no JPEG, PNG, TIFF or WEBP"


def test_a_header_that_lies_about_a_huge_picture_costs_nothing(tmp_path):
    made = io.BytesIO()
    Image.new("1", (8, 8)).save(made, "PNG")
    body = bytearray(made.getvalue())
    body[16:24] = (60_000).to_bytes(4) * 2
    (tmp_path / "bomb").write_bytes(body)
    fault = fault_of(tmp_path / "bomb", 10**12)
    assert fault.startswith("does not decode") or fault.startswith("no JPEG")


def test_an_empty_file_is_no_picture(tmp_path):
    (tmp_path / "empty").touch()
    assert fault_of(tmp_path / "empty") and fault_of(b"") == "an empty answer"


# --- policy and room


def test_connections_are_shared_among_the_runs(load_config):
    from plan import settings

    block = settings.check_settings(load_config())["download"]
    whole, part = Policy.from_settings(block), Policy.from_settings(block, runs=8)
    assert (whole.connections, whole.per_host) == (32, 8)
    assert (part.connections, part.per_host) == (4, 1)
    assert Policy.from_settings(block, runs=100).connections == 1
    assert whole.largest_bytes == 200_000_000 and whole.largest_pixels == 180_000_000
    assert whole.whole == 300 and whole.placeholder_names == {"photo_unavailable"}
    assert Policy(contact="x@y").user_agent.endswith("(research workflow; contact: x@y)")
    assert Policy().user_agent.endswith("(research workflow)")


def test_room_is_asked_for_first(tmp_path, monkeypatch):
    usage = os.statvfs(tmp_path)
    free = usage.f_bavail * usage.f_frsize
    assert disk.free_bytes(tmp_path / "not/yet/there") == pytest.approx(free, rel=0.05)
    monkeypatch.setattr(disk, "free_bytes", lambda _: 3_200_000_000)
    disk.ask_for_room(tmp_path, 20_000, 120_000)
    with pytest.raises(InputError) as caught:
        disk.ask_for_room(tmp_path, 98_227, 120_000)
    told = str(caught.value)
    assert told.startswith("98,227 pictures of about 120 KB need 11.8 GB") and "3.2 GB free" in told
    assert disk.is_full(OSError(errno.ENOSPC, "")) and disk.is_full(OSError(errno.EDQUOT, ""))
    assert not disk.is_full(OSError(errno.EACCES, ""))
