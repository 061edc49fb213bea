"""Bilderatlas: visual representations of art and photograph collections.

Floors, top to bottom; imports only point down this list:

    desk/        pages in a browser on which people decide
    show/        figures, sheets, tables, results pages
    analysis/    neighbours, metrics, intervals, verdicts
    learn/       Lightning modules and loops, one file a method
    views/       augmentations as batched tensor operations
    models.py    the file of a model; backbones.py: the networks
    data/        packs and batches
    collection/  sources, dates, catalogue, splits, specimen
    files.py     the file formats: schema, read, write atomically, check; feature_files.py: features
    kept.py      SQLite files of what is kept between runs
    job.py       logging, seeding, device, progress
    errors.py    the one exception that is meant for people
"""

__version__ = "0.1.0"
