"""Pictures that belong together: the same file, prints of one negative, variants, series.

Old contact prints and late enlargements of one negative lie under different ids and titles; some
are mirrored, some cut. They are found in three steps, none of which compares all with all:
:mod:`candidates` names pairs by hashes that learned nothing from the collection,
:mod:`matching` and :mod:`alignment` lay the one picture over the other, and :mod:`relations` says
what the pair is. :mod:`overrides` is the word of people, which goes before that of the rule.
"""
