"""Embeddings of a whole collection by a backbone."""

from __future__ import annotations

import numpy as np
import torch

from bilderatlas import job
from bilderatlas.backbones import build_backbone
from bilderatlas.data.batches import in_batches
from bilderatlas.data.pack import Pack
from bilderatlas.views import evaluate

RECIPE = 1  # raise when the same model and pack would give other embeddings


def embed(
    state: dict[str, torch.Tensor],
    backbone: str,
    pack: Pack,
    size: int,
    device: str = "cpu",
    batch_size: int = 64,
) -> np.ndarray:
    """All pictures of a pack as unit vectors, float32 (n, features), in the pack's order.

    The network is in evaluation mode and computes in 32 bit; pictures are squeezed to
    ``size`` x ``size`` as in the published code.
    """
    network = build_backbone(backbone)
    network.load_state_dict(state)
    network.eval().to(device, memory_format=torch.channels_last)
    rows = list(range(len(pack)))
    batches = in_batches(pack, rows, batch_size)
    total = -(-len(rows) // batch_size)
    found = []
    with torch.inference_mode():
        for pictures, sizes in job.progress(batches, "embedding", total):
            views = evaluate(pictures.to(device), sizes.to(device), size)
            features = network(views.contiguous(memory_format=torch.channels_last))
            found.append(torch.nn.functional.normalize(features.float(), dim=1).cpu())
    return torch.cat(found).numpy()
