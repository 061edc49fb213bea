"""Fetch over HTTP: politely, many at once, resumed after anything.

policy.py    how fast, how patient, how large; from the settings
target.py    what is to be fetched, and what came of it
deadline.py  sessions whose requests end in time, whatever the other side does
attempt.py   one request: an answer becomes a picture, or says why not
picture.py   does it decode? is it a page?
hosts.py     who waits for which host, which host asked to be left alone
table.py     one line an outcome, appended; what need not be asked for again
crew.py      the threads that ask, each with its session and its retries
run.py       all of it: :func:`run.download`
disk.py      room before the start, and a disk that is full
single.py    one address, its answer in memory: for links that lead on, and manifests
pinned.py    a list of files whose sha256 are known
status.py    what became of links: a row a key, any columns (table.py: a row a try, for millions)
dew.py       the rows of "Date Estimation in the Wild"; gather.py: its manifest and summary
"""
