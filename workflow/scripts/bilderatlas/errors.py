"""The one exception that is meant to be read by a person."""


class InputError(Exception):
    """Something brought from outside is wrong, and a person can mend it.

    The message is one sentence that names the file (or key) and the mend. Scripts print it
    alone, without a traceback (see :func:`bilderatlas.job.run`).
    """
