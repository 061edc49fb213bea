"""Settings of frozen features: what is refused, and where the weights lie."""

import pytest

from plan import features, settings
from plan.settings import SettingsError


@pytest.fixture
def checked(load_config):
    """The settings with some of them changed, checked."""

    def check(backbones=None, frozen=None, weights=None, pretrained="imagenet"):
        found = load_config()
        found["simclr"]["roles"]["pretrained"] = pretrained
        found["prints"]["frozen"] = frozen
        if backbones is not None:
            found["features"] = {"backbones": backbones}
        for name, entry in (weights or {}).items():
            found["weights"].setdefault(name, {}).update(entry)
        found = settings.check_settings(found)
        features.check_features(found)
        return found

    return check


def test_the_settings_as_they_stand(checked):
    found = checked()
    assert found["features"]["backbones"]["resnet18"] == {
        "network": "resnet18", "layer": "pool", "weights": "pretrained", "size": 224,
        "fit": "squeeze", "precision": "auto", "store": "float32",
    }  # fmt: skip
    files = {key: features.weights_file(found, key) for key in found["features"]["backbones"]}
    assert files["resnet18"] == "resources/weights/imagenet.pt"
    assert files["vgg16-pool4"] == files["vgg16"] == "resources/weights/imagenet-vgg16.pt"
    assert files["inception_v3"] == "resources/weights/imagenet-inception_v3.pt"
    assert not any(features.fault(found, key) for key in files)


def test_stand_ins_are_of_one_network_and_the_others_start_untrained(checked):
    found = checked(pretrained="standin")
    assert features.weights_file(found, "resnet18") == "resources/weights/standin.pt"
    assert features.weights_file(found, "vgg16") is None
    assert features.asked_weights(found, "vgg16") == "standin"
    found = checked({"a": {"network": "resnet18", "weights": "untrained"}})
    assert features.weights_file(found, "a") is None


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"network": "resnet18", "layer": "pool4"}, "features.backbones.a.layer is 'pool4'; resn"),
        ({"network": "vgg16", "layer": "fc"}, "vgg16 has pool1, pool2, pool3, pool4, pool5, pool"),
        ({"network": "inception_v3", "size": 64}, "needs squares of 75 px at least"),
        ({"network": "vgg16", "weights": "imagnet"}, "there are pretrained, untrained, imagenet"),
        ({"network": "vgg17"}, "'vgg17' is not allowed .did you mean 'vgg16'"),
        ({"network": "vgg16", "size": 8}, "less than the minimum"),
        ({"network": "vgg16", "store": "float64"}, "allowed are float32, float16"),
        ({"network": "vgg16", "precision": "16-mixed"}, "allowed are auto, 32-true, bf16-mixed"),
        ({"network": "vgg16", "fit": "pad"}, "allowed are squeeze, crop"),
        ({"layer": "pool"}, "the key 'network' is missing"),
        ({"network": "vgg16", "stroe": "float16"}, "did you mean 'store'"),
    ],
)  # fmt: skip
def test_backbones_that_cannot_be(checked, entry, words):
    with pytest.raises(SettingsError, match=words):
        checked({"a": entry})


def test_names_of_files(checked):
    with pytest.raises(SettingsError, match="small letters"):
        checked({"a/b": {"network": "vgg16"}})


def test_frozen_names_a_backbone(checked):
    assert checked(frozen="resnet18")
    with pytest.raises(SettingsError, match=r"prints\.frozen names '1': name one of features\.b.*"
                       r"resnet18, "):  # fmt: skip
        checked(frozen="1")
    with pytest.raises(SettingsError, match="there are none"):
        checked({}, frozen="resnet18")
    with pytest.raises(SettingsError, match="'vgg16-pool4', whose layer is pool4: name a backbone"):
        checked(frozen="vgg16-pool4")


def test_weights_that_are_not_here_propose_no_pairs(checked):
    """Else torchvision's weights would be fetched under the name of one's own."""
    own = {"mine": {"source": "local", "path": "a.pt"}}
    backbones = {"r": {"network": "resnet50", "weights": "mine"}}
    with pytest.raises(SettingsError, match=r"frozen names 'r'\. .*weights\.mine\.paths\.resnet50"):
        checked(backbones, frozen="r", weights=own)
    found = checked(backbones, weights=own)
    assert "under weights.mine.paths.resnet50" in features.fault_of_weights(
        found, "mine", "resnet50"
    )
    not_had = features.files_not_had(found)
    assert len(not_had) == 8 and "resources/weights/mine-resnet50.pt" in not_had
    assert features.fault_of_weights(found, "mine", "resnet18") is None
    assert features.fault_of_weights(found, "imagenet", "resnet50") is None


def test_local_weights_of_a_network(checked):
    own = {"own": {"source": "local", "path": "a.pt", "paths": {"vgg16": "b.pt"}}}
    networks = {"v": "vgg16", "d": "densenet169"}
    backbones = {key: {"network": one, "weights": "own"} for key, one in networks.items()}
    found = checked(backbones, weights=own)
    assert features.weights_file(found, "v") == "resources/weights/own-vgg16.pt"
    assert features.fault(found, "v") is None
    assert "weights.own.paths.densenet169" in features.fault(found, "d")
    with pytest.raises(SettingsError, match=r"under weights\.imagenet\.path"):
        checked(weights={"imagenet": {"paths": {"resnet18": "x"}}})
    with pytest.raises(SettingsError, match="stand-ins, made here"):
        checked(weights={"standin": {"paths": {"vgg16": "x"}}})
    with pytest.raises(SettingsError, match="not allowed"):
        checked(weights={"imagenet": {"paths": {"vgg": "x"}}})


def test_a_path_that_leads_nowhere(load_config):
    found = load_config()
    found["weights"]["imagenet"]["paths"] = {"vgg16": "nowhere.pth"}
    with pytest.raises(SettingsError, match=r"weights\.imagenet\.paths\.vgg16 is nowhere\.pth, wh"):
        settings.check_paths(settings.check_settings(found))


def test_a_backbone_has_a_precision_of_its_own(checked):
    """The one of the whole workflow would make all models due."""
    found = checked({"a": {"network": "vgg16"}, "b": {"network": "vgg16", "precision": "32-true"}})
    for general, wanted in (
        ("auto", "auto"),
        ("bf16-mixed", "bf16-mixed"),
        ("16-mixed", "32-true"),
    ):
        found["precision"] = general
        assert features.precision(found, "a") == wanted
        assert features.precision(found, "b") == "32-true"


def test_memory_grows_with_the_pictures():
    small, large = ({"size": size} for size in (224, 2048))
    assert features.memory(small) < 5_000 < 7_000 < features.memory(large) < 9_000
