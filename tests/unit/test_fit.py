"""The training loop: whole loss tables, kills that cost at most an epoch, nothing left behind."""

import math
from pathlib import Path

import pandas as pd
import pytest
import pytorch_lightning as pl
import torch

from bilderatlas.data.batches import PackedPictures, SeededShuffle, training_loader
from bilderatlas.errors import InputError
from bilderatlas.learn import device, fit, simclr

PICTURES, BATCH, EPOCHS = 20, 8, 4
STEPS = PICTURES // BATCH  # an epoch: the last four pictures are dropped

pytestmark = [
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.filterwarnings(
        "ignore:.*does not have many workers",
        "ignore:.*isinstance.treespec, LeafSpec",
    ),
]


def settings(**more):
    return {
        "method": "simclr",
        "collection": "zille",
        "phase": "training",
        "backbone": "resnet18",
        "head": {"hidden": 16, "output": 8, "batch_norm": False},
        "temperature": 0.5,
        "views": [{"crop": {"scale": [0.5, 1.0]}}, {"invert": {"probability": 0.2}}],
        "size": 32,
        "optimiser": {"name": "adam", "weight_decay": 1e-6},
        "schedule": {"name": "cosine", "warmup_epochs": 0},
        "epochs": EPOCHS,
        "batch_size": BATCH,
        "learning_rate": 5e-4,
        "seed": 2022,
        "precision": "32-true",
    } | more


class Breaking(PackedPictures):
    """Pictures that stop being readable after some batches, as a kill would stop a run."""

    def __init__(self, pack, rows, batches):
        super().__init__(pack, rows)
        self.left = batches
        self.seen = []

    def __getitems__(self, indices):
        if self.left == 0:
            raise RuntimeError("killed")
        self.left -= 1
        self.seen += indices
        return super().__getitems__(indices)


@pytest.fixture
def train(tmp_path, make_pack):
    """Train with these settings; ``killed_after`` so many steps, in a folder of its own."""
    pack = make_pack(PICTURES)

    def run(folder="run", killed_after=-1, inputs="list and parent", **more):
        wanted = settings(**more)
        pictures = Breaking(pack, range(PICTURES), killed_after)
        loader = training_loader(pictures, wanted["batch_size"], wanted["seed"], "test")
        pl.seed_everything(wanted["seed"], verbose=False)
        module = simclr.build(wanted)
        cache = tmp_path / folder / "unfinished"
        logs = tmp_path / folder / "tensorboard"
        table, facts = fit.fit(module, loader, wanted, inputs, cache, logs, "cpu")
        run.seen = pictures.seen
        return module, table, facts, cache, logs

    return run


def shuffled(epoch):
    """The pictures of an epoch in the order in which they are trained."""
    shuffle = SeededShuffle(PICTURES, 2022)
    shuffle.set_epoch(epoch)
    return list(shuffle)[: STEPS * BATCH]


def test_a_run_that_was_killed_ends_as_an_unbroken_one(train, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(fit, "SECONDS_BETWEEN_SAVES", 0)
    whole, table, facts, cache, logs = train("whole")
    assert train.seen == [row for epoch in range(EPOCHS) for row in shuffled(epoch)]

    # the table of an unbroken run
    assert table.columns.tolist() == list(fit.LOSSES)
    assert table["epoch"].tolist() == [epoch for epoch in range(EPOCHS) for _ in range(STEPS)]
    assert table["step"].tolist() == list(range(1, EPOCHS * STEPS + 1))
    assert set(table["phase"]) == {"training"} and set(table["collection"]) == {"zille"}
    assert set(table["batch_size"]) == {BATCH}
    assert facts == {"precision": "32-true", "steps": EPOCHS * STEPS, "device": "cpu"}
    # stepped once an epoch along half a cosine
    rates = [2.5e-4 * (1 + math.cos(math.pi * epoch / EPOCHS)) for epoch in table["epoch"]]
    assert table["learning_rate"].tolist() == pytest.approx(rates, rel=1e-9)
    assert table["loss"].between(0, 10).all() and table["loss"].nunique() == len(table)
    assert list(logs.glob("events.out.tfevents.*"))
    assert (cache / "last.ckpt").exists() and not list(cache.glob("*.part"))

    # killed in the middle of epoch 2, then run again by a process that knows nothing of it
    with pytest.raises(RuntimeError, match="killed"):
        train("broken", killed_after=2 * STEPS + 1)
    with caplog.at_level("INFO", "bilderatlas"):
        resumed, again, _, _, _ = train("broken")
    assert "Going on from the checkpoint" in caplog.text
    assert train.seen == shuffled(2) + shuffled(3) and shuffled(2) != shuffled(3)
    assert again.drop(columns="loss").equals(table.drop(columns="loss"))
    torch.testing.assert_close(
        torch.tensor(again["loss"].to_numpy()), torch.tensor(table["loss"].to_numpy()),
        rtol=1e-5, atol=1e-6,
    )  # fmt: skip
    for (name, one), other in zip(
        whole.state_dict().items(), resumed.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5, msg=name)

    # a finished run writes its table and leaves no checkpoint
    fit.finish(table, tmp_path / "whole" / "losses.csv", cache)
    written = pd.read_csv(tmp_path / "whole" / "losses.csv")
    assert written["loss"].tolist() == pytest.approx(table["loss"].tolist())
    assert written.columns.tolist() == list(fit.LOSSES) and not cache.exists()


def test_only_the_epochs_that_are_missing_are_trained(train, monkeypatch):
    monkeypatch.setattr(fit, "SECONDS_BETWEEN_SAVES", 0)
    with pytest.raises(RuntimeError, match="killed"):
        train(killed_after=2 * STEPS + 1)
    # so many batches are enough, if two epochs need not be repeated
    _, table, _, _, _ = train(killed_after=2 * STEPS)
    assert len(table) == EPOCHS * STEPS


class Tiny(pl.LightningModule):
    """The smallest module that trains: one number, pulled to 3."""

    def __init__(self, loss=lambda value: (value - 3) ** 2):
        super().__init__()
        self.value = torch.nn.Parameter(torch.zeros(()))
        self.loss = loss

    def training_step(self, batch, _):
        return self.loss(self.value)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


class Numbers(torch.utils.data.Dataset):
    def __init__(self, killed_after=-1):
        self.left = killed_after

    def __len__(self):
        return 6

    def __getitem__(self, index):
        if self.left == 0:
            raise RuntimeError("killed")
        self.left -= 1
        return torch.tensor(float(index))


@pytest.fixture
def tiny(tmp_path):
    def run(killed_after=-1, inputs="list", loss=None, **more):
        loader = torch.utils.data.DataLoader(Numbers(killed_after), batch_size=3)
        wanted = {"epochs": 3, "collection": "zille", "phase": "training", "batch_size": 3}
        wanted |= {"precision": "32-true", "learning_rate": 0.1} | more
        module = Tiny(loss) if loss else Tiny()
        cache, logs = tmp_path / "unfinished", tmp_path / "logs"
        return module, *fit.fit(module, loader, wanted, inputs, cache, logs, "cpu")

    return run


def checkpoint_of(folder):
    return (folder / "unfinished" / "last.ckpt").exists()


def test_the_tiny_one_learns(tiny):
    """Gradient descent on (x - 3)^2 with rate 0.1: what is missing to 3 shrinks to 0.8 a step."""
    _, table, _ = tiny()
    wanted = [9 * 0.8 ** (2 * step) for step in range(6)]
    assert table["loss"].tolist() == pytest.approx(wanted, rel=1e-5)
    assert table["learning_rate"].tolist() == pytest.approx([0.1] * 6)


@pytest.mark.parametrize(
    "change", [{"learning_rate": 0.2}, {"inputs": "other list"}, {"epochs": 4}, {"views": ["flip"]}]
)
def test_changed_settings_start_anew(tiny, tmp_path, monkeypatch, caplog, change):
    monkeypatch.setattr(fit, "SECONDS_BETWEEN_SAVES", 0)
    with pytest.raises(RuntimeError, match="killed"):
        tiny(killed_after=10)
    assert checkpoint_of(tmp_path)
    (tmp_path / "logs" / "old").write_text("of the other settings")
    with caplog.at_level("INFO", "bilderatlas"):
        tiny_steps = 2 * change.get("epochs", 3)
        _, table, _ = tiny(**change)
    assert "starting anew" in caplog.text and "Going on" not in caplog.text
    # from the very beginning: the first loss is that of the untrained number
    assert len(table) == tiny_steps and table["loss"].iloc[0] == pytest.approx(9)
    assert table["step"].tolist() == list(range(1, tiny_steps + 1))
    assert not (tmp_path / "logs" / "old").exists()


@pytest.mark.parametrize("noted", ['"cuda"', None])
def test_a_checkpoint_of_another_device_starts_anew(tiny, tmp_path, monkeypatch, caplog, noted):
    """Kernels of the optimiser and drawn views are those of its device; an old note names none."""
    monkeypatch.setattr(fit, "SECONDS_BETWEEN_SAVES", 0)
    with pytest.raises(RuntimeError, match="killed"):
        tiny(killed_after=10)
    note = tmp_path / "unfinished" / "settings.json"
    text = note.read_text()
    assert '\n "device": "cpu",' in text
    note.write_text(text.replace('\n "device": "cpu",', f'\n "device": {noted},' if noted else ""))
    assert checkpoint_of(tmp_path)
    with caplog.at_level("INFO", "bilderatlas"):
        _, table, _ = tiny()
    assert "another device than cpu" in caplog.text and "starting anew" in caplog.text
    assert "Going on" not in caplog.text and "settings have changed" not in caplog.text
    assert len(table) == 6 and table["loss"].iloc[0] == pytest.approx(9)
    assert note.read_text() == text


def test_a_note_that_is_no_text_starts_anew(tiny, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(fit, "SECONDS_BETWEEN_SAVES", 0)
    with pytest.raises(RuntimeError, match="killed"):
        tiny(killed_after=10)
    (tmp_path / "unfinished" / "settings.json").write_bytes(b"\xff\xfe[")
    with caplog.at_level("INFO", "bilderatlas"):
        _, table, _ = tiny()
    assert "settings have changed" in caplog.text
    assert len(table) == 6 and table["loss"].iloc[0] == pytest.approx(9)


def test_the_same_settings_go_on(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(fit, "SECONDS_BETWEEN_SAVES", 0)
    with pytest.raises(RuntimeError, match="killed"):
        tiny(killed_after=10)
    # twelve numbers are the two epochs that are left
    module, table, _ = tiny(killed_after=12)
    assert len(table) == 6 and module.value.item() == pytest.approx(3 - 3 * 0.8**6, rel=1e-5)


def test_a_finished_run_that_could_not_write_its_model_repeats_one_epoch(tiny, monkeypatch):
    monkeypatch.setattr(fit, "SECONDS_BETWEEN_SAVES", 0)
    module, table, _ = tiny()
    again, repeated, _ = tiny(killed_after=6)
    assert repeated.equals(table) and again.value.item() == module.value.item()


def test_short_epochs_are_not_saved(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(fit, "SECONDS_BETWEEN_SAVES", 3600)
    tiny()
    assert not checkpoint_of(tmp_path)


def test_a_kill_before_the_first_save_starts_anew(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(fit, "SECONDS_BETWEEN_SAVES", 0)
    with pytest.raises(RuntimeError, match="killed"):
        tiny(killed_after=2)
    assert not checkpoint_of(tmp_path)
    _, table, _ = tiny()
    assert len(table) == 6 and table["loss"].iloc[0] == pytest.approx(9)


def test_a_damaged_checkpoint_is_thrown_away(train, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(fit, "SECONDS_BETWEEN_SAVES", 0)
    with pytest.raises(RuntimeError, match="killed"):
        train("broken", killed_after=STEPS)
    checkpoint = tmp_path / "broken" / "unfinished" / "last.ckpt"
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    _, table, *_ = train("broken")
    assert "is damaged: starting anew" in caplog.text
    assert table["step"].tolist() == list(range(1, EPOCHS * STEPS + 1))


def test_a_training_that_diverges_gives_no_model(tiny):
    with pytest.raises(InputError, match=r"diverged .* from step 1 on"):
        tiny(loss=lambda value: value * float("nan"))


# --- device and precision


def test_a_device_that_is_wanted_is_taken(monkeypatch):
    assert device.pick_device("cpu") == "cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(InputError, match="no cuda device"):
        device.pick_device("cuda")
    for cuda, mps, wanted in ((True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=cuda: there)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda there=mps: there)
        assert device.pick_device("auto") == wanted


@pytest.mark.parametrize(
    ("flags", "library", "wanted"),
    [
        ("fpu avx512_bf16", True, "bf16-mixed"),
        ("fpu amx_tile", True, "bf16-mixed"),
        ("fpu avx2", True, "32-true"),
        ("fpu amx_tile", False, "32-true"),
        (None, True, "32-true"),
    ],
)
def test_half_precision_only_where_it_is_native(tmp_path, monkeypatch, flags, library, wanted):
    if flags is not None:
        (tmp_path / "cpuinfo").write_text(f"flags: {flags}\n")
    monkeypatch.setattr(device, "Path", lambda _: Path(tmp_path / "cpuinfo"))
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: library)
    assert device.default_precision("cpu") == wanted
    assert device.default_precision("mps") == "32-true"


def test_half_precision_of_graphics_cards(monkeypatch):
    for there, wanted in ((True, "bf16-mixed"), (False, "16-mixed")):
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda there=there, **_: there)
        assert device.default_precision("cuda") == wanted


def test_automatic_precision_is_written_down(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(fit, "default_precision", lambda _: "32-true")
    _, _, facts = tiny(precision="auto")
    assert facts["precision"] == "32-true"
    assert '"precision": "32-true"' in (tmp_path / "unfinished" / "settings.json").read_text()
