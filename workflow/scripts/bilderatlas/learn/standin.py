"""Stand-in weights: a ResNet18 that has learnt to tell generated ornaments apart.

They play the part of the pretrained network where its weights are not to be had, so that every
experiment runs offline. They are not ImageNet weights and are never called so; what comes out of
them shows that the workflow works, not what pretraining is worth.
"""

from __future__ import annotations

import logging
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models import resnet18

from bilderatlas.files import write_atomically
from bilderatlas.learn.device import default_precision
from bilderatlas.learn.standin_pictures import KINDS, draw_pictures
from bilderatlas.models import save
from bilderatlas.views import MEAN, STD

RECIPE = 1  # raise it when the drawing or the training changes meaning

HELD_OUT = 512  # pictures that measure the accuracy
AHEAD = 8  # batches drawn at once: large enough to be quick, small in memory

log = logging.getLogger("bilderatlas")


def train_standin(
    path: Path, seed: int, steps: int = 120, batch_size: int = 64, side: int = 64
) -> dict:
    """Train the stand-in weights and write them to ``path``, atomically.

    The file holds ``state_dict`` (torchvision's names, three input channels, without ``fc``),
    ``stand_in`` (True), ``accuracy`` (share of held-out generated pictures told rightly; chance
    is 1/16), ``steps``, ``seed`` and ``recipe``. It loads with ``torch.load(weights_only=True)``.

    Args:
        path: the file to write.
        seed: decides the pictures and the first weights.
        steps: training steps.
        batch_size: pictures a step.
        side: pixels of a picture's side.

    Returns:
        what the file holds but for the weights, and ``losses``, one a step.
    """
    # always on the CPU: the same seed gives the same weights on every machine, GPU or not
    device = "cpu"
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = resnet18(num_classes=len(KINDS))
    model = model.to(device, memory_format=torch.channels_last)
    losses = _train(model, generator, steps, batch_size, side)
    made = {
        "stand_in": True,
        "accuracy": _accuracy(model, torch.Generator().manual_seed(seed + 1_000_003), side),
        "steps": steps,
        "seed": seed,
        "recipe": RECIPE,
    }
    weights = {
        name: value.detach().cpu().contiguous()
        for name, value in model.state_dict().items()
        if not name.startswith("fc.")
    }
    with write_atomically(path) as temporary:
        save({"state_dict": weights} | made, temporary)
    return made | {"losses": losses}


def _train(
    model: nn.Module, generator: torch.Generator, steps: int, batch_size: int, side: int
) -> list[float]:
    """AdamW with a one-cycle schedule; the loss of each step."""
    # the step over 11 million weights is a third of the time unless it is fused
    fused = _device(model).type in ("cpu", "cuda")
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.02, fused=fused)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=max(2, steps))
    losses = []
    model.train()
    for step in range(steps):
        place = step % AHEAD
        if place == 0:
            labels = _labels(AHEAD * batch_size, generator)
            pictures = draw_pictures(labels, side, generator)
        part = slice(place * batch_size, (place + 1) * batch_size)
        loss = F.cross_entropy(_logits(model, pictures[part]), labels[part].to(_device(model)))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if step % 20 == 0:
            log.info("stand-in, step %d of %d: loss %.3f", step, steps, losses[-1])
    return losses


@torch.no_grad()
def _accuracy(model: nn.Module, generator: torch.Generator, side: int) -> float:
    """Share of held-out pictures whose kind the model names."""
    model.eval()
    labels = _labels(HELD_OUT, generator)
    pictures = draw_pictures(labels, side, generator)
    found = [_logits(model, piece).argmax(1).cpu() for piece in pictures.split(64)]
    return (torch.cat(found) == labels).float().mean().item()


def _labels(count: int, generator: torch.Generator) -> Tensor:
    return torch.randint(0, len(KINDS), (count,), generator=generator)


def _device(model: nn.Module) -> torch.device:
    return next(model.parameters()).device


def _logits(model: nn.Module, pictures: Tensor) -> Tensor:
    """float32 (n, 16) for pictures in [0, 1], normalised as the views are."""
    device = _device(model)
    images = ((pictures - MEAN) / STD).to(device, memory_format=torch.channels_last)
    half = default_precision(device.type) == "bf16-mixed"
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half):
        logits = model(images)
    return logits.float()
