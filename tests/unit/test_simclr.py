"""SimCLR: the loss beside a slow reference, its symmetries, the schedule, the seeded views."""

import math

import pytest
import torch
from lightly.loss import NTXentLoss

from bilderatlas import learn
from bilderatlas.learn import simclr

pytestmark = pytest.mark.usefixtures("one_thread")


def settings(**more):
    return {
        "method": "simclr",
        "backbone": "resnet18",
        "head": {"hidden": 16, "output": 8, "batch_norm": False},
        "temperature": 0.5,
        "views": [{"crop": {"scale": [0.5, 1.0]}}, {"invert": {"probability": 0.2}}],
        "size": 32,
        "optimiser": {"name": "adam", "weight_decay": 1e-6},
        "schedule": {"name": "cosine", "warmup_epochs": 0},
        "epochs": 10,
        "learning_rate": 5e-4,
        "seed": 2022,
    } | more


def slow_ntxent(first, second, temperature):
    """Chen et al. 2020, equation 1, view by view and pair by pair in double precision."""
    rows = [[float(x) for x in row] for row in torch.cat([first, second])]

    def similarity(a, b):
        dot = sum(x * y for x, y in zip(a, b, strict=True))
        return dot / math.sqrt(sum(x * x for x in a)) / math.sqrt(sum(y * y for y in b))

    count, total = len(first), 0.0
    for i in range(2 * count):
        partner = (i + count) % (2 * count)
        others = 0.0
        for k in range(2 * count):
            if k != i:
                others += math.exp(similarity(rows[i], rows[k]) / temperature)
        total -= math.log(math.exp(similarity(rows[i], rows[partner]) / temperature) / others)
    return total / (2 * count)


@pytest.fixture
def projections():
    generator = torch.Generator().manual_seed(4)
    return torch.randn(6, 5, generator=generator), torch.randn(6, 5, generator=generator)


# --- the loss


@pytest.mark.parametrize("temperature", [0.07, 0.5, 2.0])
def test_the_loss_is_the_slow_one(projections, temperature):
    found = simclr.SimCLR(settings(temperature=temperature)).loss(*projections)
    assert float(found) == pytest.approx(slow_ntxent(*projections, temperature), rel=1e-5)


def test_the_loss_by_hand():
    """Two pictures, views alike, pictures orthogonal: each view has a 1, and 0 twice."""
    views = torch.tensor([[3.0, 0.0], [0.0, 0.2]])
    wanted = math.log(1 + 2 * math.exp(-1 / 0.5))
    assert wanted == pytest.approx(0.2395, abs=1e-4)
    assert float(NTXentLoss(temperature=0.5)(views, views)) == pytest.approx(wanted, rel=1e-5)


def test_the_loss_of_views_that_are_all_alike_is_that_of_chance():
    views = torch.ones(7, 4)
    assert float(NTXentLoss(0.5)(views, views)) == pytest.approx(math.log(13), rel=1e-5)


def test_the_loss_does_not_know_which_view_came_first_or_the_order(projections):
    first, second = projections
    loss = NTXentLoss(0.5)
    value = loss(first, second)
    torch.testing.assert_close(loss(second, first), value)
    order = torch.randperm(6, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(loss(first[order], second[order]), value)
    torch.testing.assert_close(loss(first * 7, second * 0.1), value)
    # but which views belong together does matter
    assert abs(float(loss(first[order], second) - value)) > 0.05


# --- a step


@pytest.fixture
def batch(make_pack):
    canvas, sizes = make_pack(6).canvas(range(6))
    return torch.from_numpy(canvas), torch.from_numpy(sizes)


@pytest.mark.filterwarnings("ignore:You are trying to `self.log")
def test_a_step_is_the_loss_of_two_views_of_each_picture(batch):
    torch.manual_seed(0)
    module = simclr.build(settings())
    module.train()
    module.on_train_epoch_start()
    found = module.training_step(batch, 0)

    generator = torch.Generator().manual_seed(2022 * 100_003)
    views = torch.cat([module.views(*batch, generator) for _ in range(2)])
    assert views.shape == (12, 1, 32, 32) and not torch.equal(views[:6], views[6:])
    with torch.no_grad():
        projected = module.head(module.backbone(views))
    assert projected.shape == (12, 8)
    assert found.item() == pytest.approx(slow_ntxent(*projected.chunk(2), 0.5), rel=1e-4)
    found.backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in module.parameters())


@pytest.mark.filterwarnings("ignore:You are trying to `self.log")
def test_views_that_go_apart_are_normalised_apart(batch):
    torch.manual_seed(0)
    module = simclr.build(settings(forward="apart"))
    module.train()
    module.on_train_epoch_start()
    state = {name: value.clone() for name, value in module.state_dict().items()}
    found = module.training_step(batch, 0)
    assert module.backbone.bn1.num_batches_tracked == 2

    module.load_state_dict(state)
    generator = torch.Generator().manual_seed(2022 * 100_003)
    views = [module.views(*batch, generator) for _ in range(2)]
    with torch.no_grad():
        first, second = (module.head(module.backbone(one)) for one in views)
        together = module.head(module.backbone(torch.cat(views)))
    assert found.item() == pytest.approx(slow_ntxent(first, second, 0.5), rel=1e-4)
    assert abs(found.item() - slow_ntxent(*together.chunk(2), 0.5)) > 1e-4


def test_views_are_seeded_by_seed_and_epoch(monkeypatch):
    module = simclr.build(settings(seed=3))
    seeds = set()
    for seed in (3, 4):
        module.settings["seed"] = seed
        for epoch in range(3):
            monkeypatch.setattr(type(module), "current_epoch", epoch)
            module.on_train_epoch_start()
            seeds.add(module.generator.initial_seed())
            again = torch.rand(1, generator=module.generator)
            module.on_train_epoch_start()
            assert torch.equal(torch.rand(1, generator=module.generator), again)
    assert len(seeds) == 6


def test_the_head_is_as_it_is_ordered():
    plain = simclr.build(settings()).head
    widths = [(one.in_features, one.out_features) for one in plain.modules() if _linear(one)]
    assert widths == [(512, 16), (16, 8)]
    assert not any(isinstance(one, torch.nn.BatchNorm1d) for one in plain.modules())
    head = {"hidden": 16, "output": 8, "batch_norm": True}
    normed = simclr.build(settings(head=head)).head
    assert sum(isinstance(one, torch.nn.BatchNorm1d) for one in normed.modules()) == 2


def _linear(module):
    return isinstance(module, torch.nn.Linear)


# --- optimiser and schedule


def rates(**more):
    """The learning rate in each epoch, and after the last one."""
    made = simclr.build(settings(**more)).configure_optimizers()
    optimiser, schedule = made["optimizer"], made.get("lr_scheduler")
    found = []
    for _ in range(settings(**more)["epochs"] + 1):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        if schedule:
            assert schedule["interval"] == "epoch"
            schedule["scheduler"].step()
    return found


def test_the_rate_falls_along_half_a_cosine_to_nothing():
    wanted = [5e-4 * (1 + math.cos(math.pi * epoch / 10)) / 2 for epoch in range(11)]
    assert rates() == pytest.approx(wanted, abs=1e-12)
    assert rates()[-1] == pytest.approx(0, abs=1e-12)


@pytest.mark.filterwarnings("ignore:The epoch parameter in `scheduler.step")
def test_a_warm_up_rises_in_equal_steps_before_it():
    found = rates(schedule={"name": "cosine", "warmup_epochs": 4})
    rise = [5e-4 * (1 + epoch) / 5 for epoch in range(4)]
    fall = [5e-4 * (1 + math.cos(math.pi * epoch / 6)) / 2 for epoch in range(7)]
    assert found == pytest.approx(rise + fall, abs=1e-12)


def test_a_constant_rate():
    assert rates(schedule={"name": "constant", "warmup_epochs": 0}) == [5e-4] * 11


@pytest.mark.parametrize(
    ("name", "kind"),
    [("adam", torch.optim.Adam), ("adamw", torch.optim.AdamW), ("sgd", torch.optim.SGD)],
)
def test_the_optimiser_is_the_one_ordered_and_trains_everything(name, kind):
    module = simclr.build(settings(optimiser={"name": name, "weight_decay": 0.25}))
    optimiser = module.configure_optimizers()["optimizer"]
    assert type(optimiser) is kind
    group = optimiser.param_groups[0]
    assert group["weight_decay"] == 0.25 and group.get("momentum", 0.9) == 0.9
    assert len(group["params"]) == len(list(module.parameters()))


def test_methods_are_named():
    assert learn.method("simclr") is simclr
    with pytest.raises(ValueError, match="no method 'byol'; there are simclr"):
        learn.method("byol")
