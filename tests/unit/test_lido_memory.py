"""LIDO at length: the memory of a reading does not grow with the file."""

import contextlib
import gzip
import io
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "workflow" / "scripts"
SPACE = 'xmlns:lido="http://www.lido-schema.org"'
RECORD = """<lido:lido><lido:lidoRecID>X/{0}</lido:lidoRecID>
<lido:descriptiveMetadata xml:lang="de"><lido:objectIdentificationWrap>
<lido:titleWrap><lido:titleSet><lido:appellationValue>Ohne Titel ({0})</lido:appellationValue>
</lido:titleSet></lido:titleWrap>
<lido:objectMeasurementsWrap><lido:objectMeasurementsSet><lido:displayObjectMeasurements>Bildmaß:
20,7x26,2 cm</lido:displayObjectMeasurements></lido:objectMeasurementsSet>
</lido:objectMeasurementsWrap></lido:objectIdentificationWrap>
<lido:eventWrap><lido:eventSet><lido:event><lido:eventType><lido:term>Herstellung</lido:term>
</lido:eventType><lido:eventActor><lido:displayActorInRole>Zille, Heinrich</lido:displayActorInRole>
</lido:eventActor><lido:eventDate><lido:displayDate>Sommer 1897</lido:displayDate></lido:eventDate>
</lido:event></lido:eventSet></lido:eventWrap></lido:descriptiveMetadata>
<lido:administrativeMetadata xml:lang="de"><lido:recordWrap><lido:recordID>{0}</lido:recordID>
</lido:recordWrap></lido:administrativeMetadata></lido:lido>
"""
# Reads in a process of its own and looks at its memory now and then; where the system does not
# tell what is in use now, at the most that ever was.
READ = """
import os, resource, sys
from bilderatlas.collection import lido

def used():
    if os.path.exists("/proc/self/statm"):
        pages = int(open("/proc/self/statm").read().split()[1])
        return pages * resource.getpagesize() / 1024**2
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2

start, most, last, count = used(), 0.0, None, 0
for record in lido.read_records(sys.argv[1]):
    last, count = record, count + 1
    if count % 1000 == 0:
        most = max(most, used())
print(count, last["record_id"], last["title"], last["date"], last["height_cm"], sep=";")
print(most - start)
"""


def generate(path, count):
    """Write ``count`` small records; gzipped where the name says so."""
    with contextlib.ExitStack() as stack:
        handle = stack.enter_context(path.open("wb"))
        if path.suffix == ".gz":
            handle = stack.enter_context(gzip.GzipFile(fileobj=handle, compresslevel=1))
        handle = stack.enter_context(io.TextIOWrapper(handle, encoding="utf-8"))
        handle.write(f"<lido:lidoWrap {SPACE}>\n")
        for number in range(count):
            handle.write(RECORD.format(number))
        handle.write("</lido:lidoWrap>")
    return path


def read_apart(path):
    """What the last record says, and the most memory that reading took, in megabytes."""
    made = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        env={"PYTHONPATH": str(SCRIPTS), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    said, most = made.stdout.splitlines()
    return said, float(most)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".xml", ".xml.gz"])
def test_ten_times_the_records_take_the_same_memory(tmp_path, suffix):
    few, many = (
        read_apart(generate(tmp_path / f"{count}{suffix}", count)) for count in (10_000, 100_000)
    )
    assert few[0] == "10000;9999;Ohne Titel (9999);Sommer 1897;20.7"
    assert many[0] == "100000;99999;Ohne Titel (99999);Sommer 1897;20.7"
    print(f"{suffix}: {few[1]:.1f} MB at 10,000 records, {many[1]:.1f} MB at 100,000")
    # the ids of 90,000 records take 8 MB, their tree would take 500
    assert many[1] - few[1] < 15
