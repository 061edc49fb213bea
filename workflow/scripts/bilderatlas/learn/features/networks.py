"""Frozen networks: torchvision's, cut off after the layer that is wanted.

What a network computes after that layer is left out, and each batch normalisation is folded into
the convolution before it (both by torchvision's and torch's own fx tools).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from bilderatlas.backbones import networks

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
# the weights of torchvision's Inception come from TensorFlow, whose pictures lie in -1..1
HALVES = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


@dataclass(frozen=True)
class Layer:
    """What is read off a network.

    Attributes:
        node: name in the graph of torchvision's feature extraction.
        pooled: whether its map (channels, h, w) is averaged over the positions; else the whole
            map is the vector, position by position.
    """

    node: str
    pooled: bool = True


@dataclass(frozen=True)
class Network:
    """How to build a network of torchvision, and what it expects.

    Attributes:
        layers: by the name that settings use.
        head: beginnings of the names of weights that no layer needs.
        mean, std: of the three channels, for pictures in 0..1.
        options: further arguments of torchvision's function.
        smallest: side in pixels below which a map would be empty.
    """

    layers: Mapping[str, Layer]
    head: tuple[str, ...]
    mean: tuple[float, float, float] = IMAGENET[0]
    std: tuple[float, float, float] = IMAGENET[1]
    options: Mapping[str, object] = field(default_factory=dict)
    smallest: int = 32


_RESNET = Network({"pool": Layer("layer4")}, ("fc.",))
_VGG16_POOLS = {1: "features.4", 2: "features.9", 3: "features.16", 4: "features.23"}

NETWORKS = {
    "resnet18": _RESNET,
    "resnet50": _RESNET,
    "resnet101": _RESNET,
    "resnet152": _RESNET,
    "resnext101_32x8d": _RESNET,
    "efficientnet_b0": Network({"pool": Layer("features")}, ("classifier.",)),
    "densenet169": Network({"pool": Layer("relu")}, ("classifier.",)),
    "vgg16": Network(
        {f"pool{number}": Layer(node, pooled=False) for number, node in _VGG16_POOLS.items()}
        | {"pool5": Layer("features.30", pooled=False), "pool": Layer("features.30")},
        ("classifier.",),
    ),
    "inception_v3": Network(
        {"pool": Layer("Mixed_7c")},
        ("fc.", "AuxLogits."),
        *HALVES,
        # its own random values take half a minute to draw, and weights replace them
        {"aux_logits": False, "transform_input": False, "init_weights": False},
        smallest=75,
    ),
}


class Frozen(nn.Module):
    """A network at rest: pictures to vectors.

    Attributes:
        shape: of what is read of one picture: (channels,) where it is pooled, else
            (h, w, channels); None before the first batch.
    """

    def __init__(self, body: nn.Module, pooled: bool, means: tuple, stds: tuple) -> None:
        super().__init__()
        self.body = body
        self.pooled = pooled
        self.shape: tuple[int, ...] | None = None
        scale = 1 / (255 * torch.tensor(stds))
        self.register_buffer("scale", scale)
        self.register_buffer("shift", -255 * torch.tensor(means) * scale)

    def normalise(self, pictures: Tensor, kind: torch.dtype) -> Tensor:
        """Grey levels 0..255, uint8 (b, 3, h, w), as the network was taught to see them.

        The result lies channels last in memory, where a line of a picture is one run of numbers.
        """
        count, channels, height, width = pictures.shape
        lines = pictures.permute(0, 2, 3, 1).reshape(count * height, width * channels)
        views = lines.float().mul_(self.scale.repeat(width)).add_(self.shift.repeat(width))
        return views.to(kind).view(count, height, width, channels).permute(0, 3, 1, 2)

    def forward(self, pictures: Tensor) -> Tensor:
        """Vectors, float32 (b, d), of normalised pictures (b, 3, h, w).

        A map that is not pooled is written position by position, its channels together.
        """
        found = self.body(pictures)["wanted"]
        if self.pooled:
            # the mean of many half-precision numbers is worth more digits than they have
            vectors = found.mean((2, 3), dtype=torch.float32)
            self.shape = tuple(vectors.shape[1:])
            return vectors
        map_last = found.permute(0, 2, 3, 1)
        self.shape = tuple(map_last.shape[1:])
        return map_last.flatten(1).float()


class _NothingDrawn(TorchFunctionMode):
    """Leaves initial values undrawn: on ``meta`` even that would load torch's compiler, in 5 s."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if func in (Tensor.normal_, Tensor.uniform_):
            return args[0]
        return func(*args, **(kwargs or {}))


def skeleton(name: str) -> nn.Module:
    """A network of torchvision in evaluation mode, without values (on the device ``meta``).

    Nothing is drawn at random that weights replace a moment later.

    Raises:
        ValueError: the name is none of :data:`NETWORKS`.
    """
    if name not in NETWORKS:
        raise ValueError(f"no network {name!r}; there are {', '.join(NETWORKS)}")
    with torch.device("meta"), _NothingDrawn():
        options = dict(NETWORKS[name].options)
        return networks().get_model(name, weights=None, **options).eval()


def build(
    name: str, layer: str, state: Mapping[str, Tensor] | None, seed: int = 0, fold: bool = True
) -> Frozen:
    """A network up to one of its layers, float32, on the CPU, at rest.

    Args:
        name: a key of :data:`NETWORKS`.
        layer: a layer of it.
        state: its weights, as :func:`~bilderatlas.learn.features.weights.fitting` gives them; None
            for an untrained one (He et al. 2015, for rectified units: arXiv:1502.01852).
        seed: of the untrained values; without influence where there is a state.
        fold: batch normalisations into the convolutions before them; the same function.

    Raises:
        ValueError: there is no such network or layer.
    """
    network = NETWORKS.get(name)
    whole = skeleton(name)

    # after the skeleton, which loads torchvision without the compiler
    from torch.fx.experimental.optimization import fuse
    from torchvision.models.feature_extraction import create_feature_extractor

    if layer not in network.layers:
        raise ValueError(f"{name} has no layer {layer!r}; it has {', '.join(network.layers)}")
    wanted = network.layers[layer]
    with warnings.catch_warnings():
        # that evaluation and training mode differ: only the first is wanted
        warnings.simplefilter("ignore")
        body = create_feature_extractor(whole, {wanted.node: "wanted"}).eval()
    if state is None:
        body.to_empty(device="cpu")
        _draw(body, seed)
    else:
        kept = body.state_dict()
        body.load_state_dict({key: state[key] for key in kept}, assign=True)
    for value in body.parameters():
        value.requires_grad_(False)
    if fold:
        body = fuse(body, inplace=True, no_trace=True)
    return Frozen(body, wanted.pooled, network.mean, network.std).eval()


def _draw(body: nn.Module, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    for module in body.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_parameters()
