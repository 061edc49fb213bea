"""What the loop costs beside the model's step: nothing is asked of the device step by step."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
import pytorch_lightning as pl
import torch
from pytorch_lightning.loggers import TensorBoardLogger
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from bilderatlas.data.batches import PackedPictures, training_loader
from bilderatlas.data.resident import ResidentPictures
from bilderatlas.data.streaming import ReadAhead
from bilderatlas.learn import device, fit, simclr
from tests.unit.test_fit import PICTURES, pytestmark, settings  # noqa: F401


@pytest.fixture
def train(tmp_path, make_pack):
    pack = make_pack(PICTURES)

    def run(pictures="packed", folder="run", **more):
        wanted = settings(**more)
        held = (
            ResidentPictures(pack, range(PICTURES), "cpu")
            if pictures == "resident"
            else PackedPictures(pack, range(PICTURES))
        )
        loader = training_loader(held, wanted["batch_size"], wanted["seed"], "test")
        if pictures == "streamed":
            loader = ReadAhead(loader, "cpu")
        pl.seed_everything(wanted["seed"], verbose=False)
        module = simclr.build(wanted)
        cache, logs = tmp_path / folder / "unfinished", tmp_path / folder / "tensorboard"
        table, _ = fit.fit(module, loader, wanted, "inputs", cache, logs, "cpu")
        return module, table, logs

    return run


def test_a_model_is_the_same_wherever_its_pictures_lie(train):
    module, table, _ = train()
    for pictures in ("resident", "streamed"):
        other, again, _ = train(pictures, pictures)
        assert again.equals(table)
        for one, two in zip(module.state_dict().values(), other.state_dict().values(), strict=True):
            assert torch.equal(one, two)


ASKS = ("item", "tolist", "numpy", "__float__", "__int__", "__bool__", "__index__")


def test_no_step_asks_the_device_for_a_value(train, monkeypatch):
    """Two epochs of two steps ask for as many values as two of five."""
    asked = []
    for name in ASKS:
        original = getattr(torch.Tensor, name)

        def watched(self, *words, _name=name, _original=original, **more):
            asked.append(_name)
            return _original(self, *words, **more)

        monkeypatch.setattr(torch.Tensor, name, watched)
    counts = {}
    for batch, steps in ((8, 2), (4, 5)):
        asked.clear()
        sgd = {"name": "sgd", "weight_decay": 0.0}  # Adam asks a counter that lies on the CPU
        _, table, _ = train(folder=str(batch), batch_size=batch, epochs=2, optimiser=sgd)
        assert len(table) == 2 * steps
        counts[batch] = {name: asked.count(name) for name in ASKS}
    assert counts[8] == counts[4]
    assert counts[8]["tolist"] >= 2  # the losses, once an epoch: the watch does see


def test_the_logger_is_called_once_an_epoch_and_has_every_step(train, monkeypatch):
    calls = []
    original = TensorBoardLogger.log_metrics

    def counted(self, metrics, step=None):
        calls.append(metrics)
        return original(self, metrics, step)

    monkeypatch.setattr(TensorBoardLogger, "log_metrics", counted)
    _, table, logs = train(epochs=3)
    assert [one["epoch"] for one in calls if "epoch" in one] == [0, 1, 2]
    assert sum("loss" in key for one in calls for key in one) == 3
    found = EventAccumulator(str(logs)).Reload()
    steps = found.Scalars("loss_step")
    assert [one.step for one in steps] == table["step"].tolist()
    assert [one.value for one in steps] == pytest.approx(table["loss"].tolist())
    means = [one.value for one in found.Scalars("loss_epoch")]
    assert means == pytest.approx(table.groupby("epoch")["loss"].mean().tolist(), rel=1e-5)


@pytest.mark.parametrize(("took", "epoch"), [(0.02, 1), (0.4, 10), (0.4, 1), (3.0, 2)])
def test_saving_takes_a_hundredth_of_the_time(tmp_path, monkeypatch, took, epoch):
    clock = [1000.0]
    monkeypatch.setattr(fit, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    saved = []

    def save(path):
        clock[0] += took
        saved.append(trainer.current_epoch)
        path.write_text("checkpoint")

    trainer = SimpleNamespace(current_epoch=0, max_epochs=10**6, save_checkpoint=save)
    saving = fit._SaveEpochs(tmp_path / "last.ckpt")
    for trainer.current_epoch in range(700):
        clock[0] += epoch
        saving.on_train_epoch_end(trainer, None)
    # what the first one takes is not known before it
    assert saved[0] == 40 // epoch - 1
    share = took * (len(saved) - 1) / (clock[0] - 1000)
    assert 0 < share < 0.0101
    # and no seldomer than it must be: epochs are whole
    wait = max(fit.SECONDS_BETWEEN_SAVES, 100 * took)
    assert max(b - a for a, b in pairwise(saved)) <= wait / epoch + 1


# --- what only a GPU gets


def test_a_gpu_gets_one_kernel_for_all_weights(monkeypatch):
    seen = []
    for name in ("Adam", "AdamW", "SGD"):
        kind = getattr(torch.optim, name)

        def recorded(parameters, _kind=kind, **more):
            seen.append(more.pop("fused"))
            return _kind(parameters, **more)

        monkeypatch.setattr(torch.optim, name, recorded)
    for where, wanted in (("cpu", None), ("cuda", True)):
        monkeypatch.setattr(simclr.SimCLR, "device", torch.device(where))
        seen.clear()
        for name in ("adam", "adamw", "sgd"):
            more = {"optimiser": {"name": name, "weight_decay": 0.1}}
            simclr.build(settings(**more)).configure_optimizers()
        assert seen == [wanted] * 3


def test_short_mantissas_on_a_gpu_alone():
    before = torch.get_float32_matmul_precision(), torch.backends.cudnn.benchmark
    try:
        device.make_fast("cpu")
        assert (torch.get_float32_matmul_precision(), torch.backends.cudnn.benchmark) == before
        device.make_fast("cuda")
        assert torch.get_float32_matmul_precision() == "high"
        assert torch.backends.cudnn.benchmark and torch.backends.cudnn.allow_tf32
    finally:
        torch.set_float32_matmul_precision(before[0])
        torch.backends.cudnn.benchmark = before[1]
