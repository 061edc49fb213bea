"""What a rule's script does when it starts, when it fails, and where it says so."""

import errno
import logging
import os
import warnings
from types import SimpleNamespace

import pytest

from bilderatlas import job
from bilderatlas.errors import InputError


@pytest.fixture(autouse=True)
def own_logging():
    """Put logging and warnings back as pytest had them."""
    root = logging.getLogger()
    handlers, level, ours = root.handlers[:], root.level, job.log.level
    with warnings.catch_warnings():
        yield
        logging.captureWarnings(False)
    for handler in set(root.handlers) - set(handlers):
        handler.close()
    root.handlers = handlers
    root.setLevel(level)
    job.log.setLevel(ours)


@pytest.fixture
def rule(tmp_path):
    """The part of the snakemake object that starting and failing need."""
    return SimpleNamespace(rule="train_simclr", log=[str(tmp_path / "logs" / "rule.log")])


def written(rule):
    with open(rule.log[0], encoding="utf-8") as handle:
        return handle.read()


def test_main_is_handed_the_object_and_speaks_into_the_log(rule, capsys):
    def main(snakemake):
        assert snakemake is rule
        job.log.info("624 pictures")
        job.log.warning("one of them grey")
        logging.getLogger("some.library").debug("details")

    job.run(rule, main)
    text = written(rule)
    assert "INFO 624 pictures" in text and "WARNING one of them grey" in text
    assert "details" not in text
    # the terminal gets what somebody should act upon
    assert capsys.readouterr().err == "WARNING: one of them grey\n"


def test_a_fault_of_the_input_is_one_sentence_on_the_terminal(rule, capsys):
    def main(snakemake):
        raise InputError("table.csv lacks the column part.")

    with pytest.raises(SystemExit) as caught:
        job.run(rule, main)
    assert caught.value.code == 1
    assert capsys.readouterr().err == "ERROR: table.csv lacks the column part.\n"
    assert "Traceback" in written(rule) and "in train_simclr" in written(rule)


def test_a_full_disk_is_one_sentence(rule, capsys):
    def main(snakemake):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(SystemExit) as caught:
        job.run(rule, main)
    assert caught.value.code == 1
    assert capsys.readouterr().err.startswith("ERROR: The disk is full")


@pytest.mark.parametrize("error", [OSError(errno.EIO, "bad disk"), ValueError("ours"), SystemExit])
def test_other_errors_go_on_and_are_in_the_log(rule, error):
    def main(snakemake):
        raise error

    with pytest.raises(error if isinstance(error, type) else type(error)):
        job.run(rule, main)
    assert "train_simclr failed" in written(rule) and "Traceback" in written(rule)


def test_warnings_of_libraries_go_into_the_log(rule):
    job.run(rule, lambda _: warnings.warn("old way of calling", stacklevel=1))
    assert "old way of calling" in written(rule)


def test_a_rule_without_a_log(capsys):
    with pytest.raises(SystemExit):
        job.run(SimpleNamespace(rule="x", log=[]), _stop)
    assert capsys.readouterr().err == "ERROR: stop.\n"


def _stop(_):
    raise InputError("stop.")


def test_a_log_is_begun_anew(rule):
    job.run(rule, lambda _: job.log.info("first run"))
    job.run(rule, lambda _: job.log.info("second run"))
    assert "first run" not in written(rule) and "second run" in written(rule)


def test_progress_gives_all_items_and_is_quiet_where_nobody_looks(capfd):
    assert list(job.progress(iter("abc"), "counting", 3)) == ["a", "b", "c"]
    assert capfd.readouterr().err == ""


def test_threads_are_limited_to_what_the_scheduler_gave():
    import torch

    before = torch.get_num_threads()
    try:
        job.limit_threads(2)
        assert torch.get_num_threads() == 2
        job.limit_threads(0)
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


def test_versions():
    import numpy

    from bilderatlas import __version__

    found = job.versions()
    assert found["bilderatlas"] == __version__ and found["numpy"] == numpy.__version__
    assert set(found) == {"bilderatlas", "torch", "torchvision", "numpy"}
