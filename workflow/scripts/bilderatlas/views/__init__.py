"""Random views of pictures as batched tensor operations, in place of torchvision's PIL chain.

A chain is written in config as a list of operations in order, each a name with its parameters,
and works on packed 8-bit pictures::

    chain = build_views([{"crop": {"scale": [0.5, 1]}}, {"grey": {}}, {"blur": {}}], size=128)
    first = chain(pictures, sizes, generator)
    second = chain(pictures, sizes, generator)

Every sample of a batch has its own parameters, all drawn from the one generator that is handed
in, on its device: the same seed gives the same views on the same kind of device, and others of the
same distribution on another, as PyTorch's generators differ. Each operation names the torchvision
function that it stands for, and can be called alone with explicit parameters; the tests hold it
beside that function on PIL pictures.
"""

from bilderatlas.views.chain import MEAN, STD, Views, build_views, evaluate, to_grey_levels

__all__ = ["MEAN", "STD", "Views", "build_views", "evaluate", "to_grey_levels"]
