"""Where tensors lie, which decides between two ways to the same views."""

from __future__ import annotations

from torch import Tensor


def on_cpu(tensor: Tensor) -> bool:
    """Is it in the processor's memory?

    There the least work wins: only the entries of a matrix that are not zero, only the samples
    whose turn it is. A GPU takes whole matrices and whole batches, and must not be asked how many
    of something there are: the processor would wait for the answer.
    """
    return tensor.device.type == "cpu"
