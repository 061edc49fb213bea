"""Features as one would first write them: the slow, plain second way that ours is held against.

One process, one picture after the other: decode the JPEG with PIL, torchvision's transforms for PIL
pictures, batches of 32 contiguous tensors, a forward pass in 32 bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torchvision import transforms

from bilderatlas.learn.features.networks import NETWORKS, Frozen, build


def naive_network(name: str, layer: str, state: dict[str, Tensor] | None, seed: int = 0) -> Frozen:
    """The same network with its batch normalisations as they are: 32 bit, contiguous weights."""
    return build(name, layer, state, seed, fold=False)


def naive_transform(name: str, size: int) -> transforms.Compose:
    """torchvision's transforms from a PIL picture to what the network ``name`` expects."""
    network = NETWORKS[name]
    return transforms.Compose(
        [
            transforms.Resize((size, size)),
            transforms.ToTensor(),
            transforms.Normalize(network.mean, network.std),
        ]
    )


def naive_features(
    files: Sequence[str | Path], network: nn.Module, transform: transforms.Compose, batch: int = 32
) -> np.ndarray:
    """Features float32 (n, d) of picture files, squeezed, in their order."""
    found = []
    with torch.inference_mode():
        for start in range(0, len(files), batch):
            pictures = []
            for file in files[start : start + batch]:
                with Image.open(file) as picture:
                    pictures.append(transform(picture.convert("RGB")))
            found.append(network(torch.stack(pictures)))
    return torch.cat(found).numpy()
