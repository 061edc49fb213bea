"""Stand-in weights: the drawing is what it should be, and a short training learns and loads."""

import pytest
import torch
from torchvision.models import resnet18

from bilderatlas.learn import standin
from bilderatlas.learn.standin_pictures import KINDS, draw_pictures


def drawn(kind: str, count: int = 40, seed: int = 0, side: int = 48) -> torch.Tensor:
    labels = torch.full((count,), list(KINDS).index(kind))
    return draw_pictures(labels, side, torch.Generator().manual_seed(seed))


def one_direction(pictures: torch.Tensor) -> torch.Tensor:
    """How far all gradients of a picture share one direction: 0 none, 1 all (structure tensor)."""
    grey = torch.nn.functional.avg_pool2d(pictures.mean(1, keepdim=True), 3, 1)[:, 0]
    across, down = grey[:, 1:-1, 2:] - grey[:, 1:-1, :-2], grey[:, 2:, 1:-1] - grey[:, :-2, 1:-1]
    a, b, c = ((p * q).sum((1, 2)) for p, q in ((across, across), (down, down), (across, down)))
    return torch.hypot(a - b, 2 * c) / (a + b)


def test_pictures_have_the_stated_shape_and_range():
    labels = torch.arange(len(KINDS)).repeat(3)
    pictures = draw_pictures(labels, 32, torch.Generator().manual_seed(0))
    assert len(KINDS) == 16
    assert pictures.shape == (48, 3, 32, 32)
    assert torch.isfinite(pictures).all()
    assert pictures.min() >= 0
    assert pictures.max() <= 1
    assert (pictures.flatten(1).std(1) > 0.01).all()


def test_drawing_follows_the_seed():
    labels = torch.arange(16)
    one, same, other = (
        draw_pictures(labels, 32, torch.Generator().manual_seed(seed)) for seed in (3, 3, 4)
    )
    assert torch.equal(one, same)
    assert (one - other).abs().flatten(1).mean(1).min() > 0.01


def test_drawing_uses_only_its_generator():
    state = torch.get_rng_state()
    drawn("cells", 2)
    assert torch.equal(state, torch.get_rng_state())


def test_kinds_look_different():
    # stripes run one way; dots, rings and bricks do not
    stripes = one_direction(drawn("stripes"))
    for kind in ("dots", "rings", "checks"):
        assert stripes.median() > 0.6 > one_direction(drawn(kind)).median()
    # a thin line covers little, half the ground is chequered
    flat = (
        drawn("scribbles") - drawn("scribbles").flatten(2).median(2).values[..., None, None]
    ).abs()
    busy = (drawn("checks") - drawn("checks").flatten(2).median(2).values[..., None, None]).abs()
    assert flat.mean() < 0.7 * busy.mean()


def test_mean_colour_does_not_tell_the_kind():
    labels = torch.arange(16).repeat(60)
    colours = draw_pictures(labels, 24, torch.Generator().manual_seed(1)).mean((2, 3))
    centres = torch.stack([colours[:480][labels[:480] == k].mean(0) for k in range(16)])
    found = torch.cdist(colours[480:], centres).argmin(1)
    assert (found == labels[480:]).float().mean() < 0.16  # chance is 0.06


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "standin.pt"
    before = torch.get_rng_state()
    made = standin.train_standin(path, seed=5, steps=24, batch_size=32, side=32)
    assert torch.equal(before, torch.get_rng_state())
    return path, made


def test_training_lowers_the_loss(trained):
    _, made = trained
    assert len(made["losses"]) == 24
    assert sum(made["losses"][-4:]) / 4 < sum(made["losses"][:4]) / 4 - 0.2
    assert 0 <= made["accuracy"] <= 1


def test_file_loads_into_torchvisions_resnet18(trained):
    path, made = trained
    stored = torch.load(path, weights_only=True)
    assert stored["stand_in"] is True
    assert (stored["steps"], stored["seed"], stored["recipe"]) == (24, 5, standin.RECIPE)
    assert stored["accuracy"] == made["accuracy"]
    model = resnet18()
    missing, unexpected = model.load_state_dict(stored["state_dict"], strict=False)
    assert sorted(missing) == ["fc.bias", "fc.weight"]
    assert unexpected == []
    assert model.conv1.weight.shape == (64, 3, 7, 7)
    assert all(value.is_contiguous() for value in stored["state_dict"].values())
    assert [file.name for file in path.parent.iterdir()] == ["standin.pt"]
    with torch.no_grad():
        assert torch.isfinite(model.eval()(drawn("stars", 2))).all()
