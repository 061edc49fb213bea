"""What the Snakefile needs while it is parsed: settings, tables, lineages, digests.

Parsing happens again in every job, so nothing here imports torch, pandas or the package.
"""
