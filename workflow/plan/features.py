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
# channels of the last map, the width of `pool`; and of VGG16's maps
CHANNELS = {
    "resnet18": 512,
    "resnet50": 2048,
    "resnet101": 2048,
    "resnet152": 2048,
    "resnext101_32x8d": 2048,
    "efficientnet_b0": 1280,
    "densenet169": 1664,
    "vgg16": 512,
    "inception_v3": 2048,
}
MAP_CHANNELS = {"pool1": 64, "pool2": 128, "pool3": 256, "pool4": 512, "pool5": 512}


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
    if frozen is not None:
        _check_proposing(settings, frozen)
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


def _check_proposing(settings: dict, frozen: str) -> None:
    """Raise SettingsError where a backbone cannot propose pairs of prints."""
    layer = settings["features"]["backbones"][frozen]["layer"]
    if layer != "pool":
        raise SettingsError(
            f"prints.frozen names {frozen!r}, whose layer is {layer}: name a backbone with layer:"
            " pool, as the features of all pictures are held in memory there."
        )
    if why := fault(settings, frozen):
        raise SettingsError(f"prints.frozen names {frozen!r}. {why}")


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
    if weights_file(settings, key) is None:
        return None
    return fault_of_weights(settings, asked_weights(settings, key), network)


def fault_of_weights(settings: dict, name: str, network: str) -> str | None:
    """Why the weights ``name`` of a network are not to be had, in one sentence, or None."""
    entry = settings["weights"][name]
    if network != STUDIED and entry["source"] == "local" and network not in entry["paths"]:
        return (
            f"The weights {name} of {network} are not here: name their file in the configuration"
            f" under weights.{name}.paths.{network}."
        )
    return None


def files_not_had(settings: dict) -> dict[str, str]:
    """Files of weights that are not to be had, and why."""
    every = {
        f"resources/weights/{name}-{network}.pt": fault_of_weights(settings, name, network)
        for name in settings["weights"]
        for network in LAYERS
        if network != STUDIED
    }
    return {path: why for path, why in every.items() if why}


def precision(settings: dict, key: str) -> str:
    """In which numbers a backbone computes: its own setting before that of the whole workflow.

    Weights and pictures are wholly converted here, and 16-mixed would be plain float16, which
    overflows: 32 bit is computed instead.
    """
    own = settings["features"]["backbones"][key]["precision"]
    found = settings["precision"] if own == "auto" else own
    return "32-true" if found == "16-mixed" else found


def width(entry: dict) -> int:
    """Numbers a picture that a backbone gives."""
    layer = entry["layer"]
    if layer == "pool":
        return CHANNELS[entry["network"]]
    side = entry["size"] // 2 ** int(layer.removeprefix("pool"))
    return MAP_CHANNELS[layer] * side**2


def row_bytes(entry: dict) -> int:
    """Bytes a picture in a backbone's file."""
    return width(entry) * int(entry["store"].removeprefix("float")) // 8


def memory(entry: dict) -> int:
    """Megabytes for a backbone: libraries and weights, and the maps of a batch.

    A batch has 8 pictures of up to 320 px on a processor, fewer of larger ones, at least one. The
    first maps of VGG16 are the largest: 64 channels in 32 bit, three of them at a time.
    """
    pixels = max(8 * 320**2, entry["size"] ** 2)
    return 4000 + pixels * 64 * 4 * 3 // 10**6
