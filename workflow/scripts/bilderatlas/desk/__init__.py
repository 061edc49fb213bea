"""The desk: pages in a browser on which people decide, served to this machine alone.

``page.py`` says what a page is, ``registry.py`` lists them; one file a page. A page has a
worklist made by a rule, and a table of decisions that only grows (``journal.py``).
"""
