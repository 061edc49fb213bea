"""Convolutions for a processor at rest: weights laid out once, the rectifier in the same pass.

oneDNN computes a convolution, its bias and the rectifier after it in one pass, on weights that were
brought into its own order beforehand. `torch.compile` does the same where its weights are frozen,
but takes ten seconds and a C++ compiler for it; here the operators that it would call take the
places of the convolutions in the graph. Where this torch does not have them, or they do not give
what the plain network gives, the network stays as it is.
"""

from __future__ import annotations

import copy
import logging

import torch
from torch import Tensor, nn
from torch.fx import GraphModule, Node

log = logging.getLogger("bilderatlas")

_CLOSE = 0.02  # of the largest number: half precision rounds elsewhere where sums are split


class _Fused(nn.Module):
    """A convolution (and a rectifier) as one operator of oneDNN."""

    def __init__(self, plain: nn.Conv2d, rectified: bool, shape: list[int]) -> None:
        super().__init__()
        self.how = [list(one) for one in (plain.padding, plain.stride, plain.dilation)]
        self.groups, self.bias = plain.groups, plain.bias
        self.then = "relu" if rectified else "none"
        # a buffer of oneDNN's own order: it neither moves to another device nor is saved
        self.weight = torch.ops.mkldnn._reorder_convolution_weight(
            plain.weight.detach(), *self.how, plain.groups, shape
        )

    def forward(self, pictures: Tensor) -> Tensor:
        return torch.ops.mkldnn._convolution_pointwise(
            pictures, self.weight, self.bias, *self.how, self.groups, self.then, [], ""
        )


def fuse_for_processor(body: GraphModule, example: Tensor, count: int) -> GraphModule:
    """The same function, faster on a processor; ``body`` itself where that cannot be.

    Args:
        body: a network at rest, in the numbers that it will compute in.
        example: pictures as they will come, (b, 3, size, size), in the same numbers.
        count: how many will come at once: what the weights are laid out for.
    """
    with torch.no_grad():
        wanted = body(example)["wanted"]
        try:
            fused = _fused(body, example, count)
            found = fused(example)["wanted"]
        except Exception as error:  # private operators: any torch may lack or change them
            log.debug("Convolutions stay as they are (%s).", error)
            return body
    apart = (found.float() - wanted.float()).abs().max()
    if not apart <= _CLOSE * wanted.float().abs().max():
        log.warning("Fused convolutions give other numbers here (%g): not used.", apart)
        return body
    return fused


def _fused(body: GraphModule, example: Tensor, count: int) -> GraphModule:
    shapes = _input_shapes(body, example)
    fused = GraphModule(body, copy.deepcopy(body.graph))
    modules = dict(fused.named_modules())
    for node in list(fused.graph.nodes):
        plain = modules.get(node.target) if node.op == "call_module" else None
        if type(plain) is not nn.Conv2d or plain.padding_mode != "zeros":
            continue
        if isinstance(plain.padding, str):
            continue
        after = next(iter(node.users)) if len(node.users) == 1 else None
        rectified = after is not None and _is_rectifier(after, modules)
        parent, _, name = node.target.rpartition(".")
        shape = [count, *shapes[node.name][1:]]
        setattr(fused.get_submodule(parent), name, _Fused(plain, rectified, shape))
        if rectified:
            after.replace_all_uses_with(node)
            fused.graph.erase_node(after)
    fused.recompile()
    return fused


def _is_rectifier(node: Node, modules: dict[str, nn.Module]) -> bool:
    if node.op == "call_module":
        return type(modules[node.target]) is nn.ReLU
    functions = (torch.relu, torch.relu_, torch.nn.functional.relu)
    return node.op == "call_function" and node.target in functions


def _input_shapes(body: GraphModule, example: Tensor) -> dict[str, list[int]]:
    """The shape of what goes into each convolution, by its name in the graph."""
    shapes = {}

    class Watch(torch.fx.Interpreter):
        def run_node(self, node: Node):
            found = super().run_node(node)
            if node.op == "call_module":
                (given,), _ = self.fetch_args_kwargs_from_env(node)
                shapes[node.name] = list(given.shape)
            return found

    Watch(body).run(example)
    return shapes
