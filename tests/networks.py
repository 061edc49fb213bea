"""Small networks that several tests read, and how they read them."""

import torch
import torchvision

from bilderatlas.learn.features.extract import How

# how tests read the network of the fixture ``network``
HOW = How(48, precision="32-true", batch_size=3)


def lively(name, **options):
    """A network of torchvision with batch statistics that are not 0 and 1, at rest."""
    torch.manual_seed(7)
    network = torchvision.models.get_model(name, weights=None, **options)
    generator = torch.Generator().manual_seed(1)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1, generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
    return network.eval()
