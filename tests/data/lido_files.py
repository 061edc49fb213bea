"""The real LIDO files beside the checkout, and how the tests read them."""

import pytest

from bilderatlas.collection import lido
from bilderatlas.collection.records import Problems
from tests.workflow.conftest import ROOT

DATA = ROOT.parent / "shared" / "data" / "lido"
where_it_is = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real LIDO in {DATA}")


def read(name, **how):
    """Records and problems of a file or folder below :data:`DATA`."""
    problems = Problems()
    return list(lido.read_records(DATA / name, problems, **how)), problems.frame()
