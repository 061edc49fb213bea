"""What the settings say of frozen features: backbones, their weights, and where these lie."""

from __future__ import annotations

from plan.settings import SettingsError

# the networks that can be asked for, and what can be read off each; the package builds them
LAYERS = {
    "resnet18": ("pool",),
    "resnet50": ("pool",),
    "resnet101": ("pool",),
    "resnet152": ("pool",),
    "resnext101_32x8d": ("pool",),
    "efficientnet_b0": ("pool",),
    "densenet169": ("pool",),
    "vgg16": ("pool1", "pool2", "pool3", "pool4", "pool5", "pool"),
    "inception_v3": ("pool",),
}
SMALLEST = {"inception_v3": 75}  # side in pixels; 32 for the others
STUDIED = "resnet18"  # the network of the study simclr: its weights have the short name


def check_features(settings: dict) -> None:
    """Raise SettingsError where a backbone asks for what there is not."""
    for key, entry in settings["features"]["backbones"].items():
        here = f"features.backbones.{key}"
        network, layer = entry["network"], entry["layer"]
        if layer not in LAYERS[network]:
            raise SettingsError(
                f"{here}.layer is {layer!r}; {network} has {', '.join(LAYERS[network])}."
            )
        least = SMALLEST.get(network, 32)
        if entry["size"] < least:
            raise SettingsError(
                f"{here}.size is {entry['size']}; {network} needs squares of {least} px at least."
            )
        allowed = ["pretrained", "untrained", *settings["weights"]]
        if entry["weights"] not in allowed:
            raise SettingsError(
                f"{here}.weights names {entry['weights']!r}; there are {', '.join(allowed)}."
            )
    frozen = settings["prints"]["frozen"]
    if frozen is not None and frozen not in settings["features"]["backbones"]:
        raise SettingsError(
            f"prints.frozen names {frozen!r}: name one of features.backbones"
            f" ({', '.join(settings['features']['backbones']) or 'there are none'}), frozen"
            " networks that have learnt nothing from the pictures."
        )
    for name, entry in settings["weights"].items():
        if STUDIED in entry["paths"]:
            raise SettingsError(
                f"weights.{name}.paths names {STUDIED}: its file stands under weights.{name}.path."
            )
        if entry["source"] == "stand_in" and entry["paths"]:
            raise SettingsError(
                f"weights.{name} are stand-ins, made here: local files stand under weights with"
                " source: local or torchvision."
            )


def asked_weights(settings: dict, key: str) -> str:
    """The name of the weights that a backbone asks for, roles resolved; or ``untrained``."""
    asked = settings["features"]["backbones"][key]["weights"]
    return settings["simclr"]["roles"]["pretrained"] if asked == "pretrained" else asked


def weights_file(settings: dict, key: str) -> str | None:
    """The file with a backbone's weights; None where it starts untrained.

    Stand-ins are made for one network only: every other starts untrained, and says so.
    """
    name = asked_weights(settings, key)
    network = settings["features"]["backbones"][key]["network"]
    if name == "untrained":
        return None
    if network == STUDIED:
        return f"resources/weights/{name}.pt"
    if settings["weights"][name]["source"] == "stand_in":
        return None
    return f"resources/weights/{name}-{network}.pt"


def fault(settings: dict, key: str) -> str | None:
    """Why a backbone's features cannot be made, in one sentence, or None."""
    network = settings["features"]["backbones"][key]["network"]
    name = asked_weights(settings, key)
    if weights_file(settings, key) is None or network == STUDIED:
        return None
    entry = settings["weights"][name]
    if entry["source"] == "local" and network not in entry["paths"]:
        return (
            f"The weights {name} of {network} are not here: name their file in the configuration"
            f" under weights.{name}.paths.{network}."
        )
    return None
