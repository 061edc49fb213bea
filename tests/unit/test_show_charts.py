"""Loss curves and the overview of metrics."""

import math

import draw_losses
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from bilderatlas.files import METRICS
from bilderatlas.show import loss_curves, overview
from bilderatlas.show.loss_curves import draw_loss_curves
from bilderatlas.show.overview import draw_metrics_overview


def curve(steps, epoch=3, phase=None):
    table = pd.DataFrame({"step": range(steps), "epoch": np.arange(steps) // epoch})
    table["loss"] = 5.5 - table["step"] * 0.01
    return table.assign(phase=phase) if phase else table


def metric_rows(experiments=("7", "8", "pixels"), metric="same_title_map", population="test"):
    rows = [
        ("zille", "simclr", name, "published", population, metric, 31, 0.4 + 0.1 * place, 0.3, 0.7,
         control, value, 0.1, -0.1, 0.2, "undecided")
        for place, name in enumerate(experiments)
        for control, value in (("pixels", 0.5), ("chance", 0.02))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=METRICS)


def size(path):
    with Image.open(path) as picture:
        return picture.size


@pytest.fixture
def panels(monkeypatch):
    """The axes that a drawing function made, to look at what stands on them."""
    made = []
    for module in (loss_curves, overview):
        original = module.chart

        def spy(*arguments, _original=original):
            context = _original(*arguments)
            enter = context.__enter__

            class Spied:
                def __enter__(self):
                    made.append(enter())
                    return made[-1]

                def __exit__(self, *error):
                    return context.__exit__(*error)

            return Spied()

        monkeypatch.setattr(module, "chart", spy)
    return lambda: [axis for figure in made for axis in figure.axes]


def words(axis):
    return [text.get_text() for text in axis.texts]


def test_one_panel_a_model_with_its_chance(tmp_path, panels):
    curves = {"7 auf Zille": curve(60), "8": curve(30)}
    draw_loss_curves(curves, tmp_path / "l.png", "de", {"7 auf Zille": math.log(255)})
    first, second = panels()
    assert first.get_title(loc="left") == "7 auf Zille" and second.get_title(loc="left") == "8"
    assert any("5,54" in text for text in words(first)) and not words(second)
    assert first.get_ylim() == second.get_ylim()
    mean = first.lines[1].get_xydata()
    np.testing.assert_allclose(mean[0], [1, 5.49])  # steps 0, 1, 2 of the first epoch
    assert len(mean) == 20


def test_a_second_phase_counts_on_and_is_named(tmp_path, panels):
    both = pd.concat([curve(30, phase="training"), curve(12, phase="fine_tuning")])
    levels = {"training": math.log(511), "fine_tuning": math.log(255)}
    draw_loss_curves({"6": both}, tmp_path / "l.png", "en", {"6": levels})
    (axis,) = panels()
    steps = [line.get_xdata() for line in axis.lines if len(line.get_xdata()) in (30, 12)]
    assert steps[0][0] == 0 and steps[0][-1] == 29 and steps[1][0] == 30 and steps[1][-1] == 41
    assert {"training", "fine-tuning", "6.24", "5.54"} <= set(words(axis))


def test_more_models_make_more_rows_of_panels(tmp_path):
    for count in (3, 4):
        curves = {str(n): curve(9) for n in range(count)}
        draw_loss_curves(curves, tmp_path / f"{count}.png")
    assert size(tmp_path / "4.png")[0] == size(tmp_path / "3.png")[0]
    assert size(tmp_path / "4.png")[1] > size(tmp_path / "3.png")[1]


def test_gaps_single_steps_and_empty_logs(tmp_path, panels):
    torn = curve(9)
    torn.loc[4, "loss"] = math.inf
    curves = {"torn": torn, "one": curve(1), "empty $x_1$": curve(0)}
    draw_loss_curves(curves, tmp_path / "l.png")
    axes = panels()
    assert np.isnan(axes[0].lines[0].get_ydata()[4])
    assert math.isfinite(axes[0].get_ylim()[1])
    assert words(axes[2]) == ["no steps recorded"]


def test_panels_of_the_script_carry_words_or_the_lineage():
    name = "untrained+zille.published"
    assert draw_losses.title(name, "7: on Zille", {}) == "7: on Zille"
    assert draw_losses.title(name, name, {}) == "untrained + zille.published"
    both = draw_losses.title(name, "7: on Zille", {"7: on Zille": curve(3)})
    assert both == "7: on Zille (untrained + zille.published)"


def test_bad_curves_are_refused(tmp_path):
    with pytest.raises(ValueError, match="epoch"):
        draw_loss_curves({"7": curve(3).drop(columns="epoch")}, tmp_path / "l.png")
    with pytest.raises(ValueError, match="no loss curve"):
        draw_loss_curves({}, tmp_path / "l.png")


def test_the_overview_has_a_row_an_experiment_in_the_order_of_the_labels(tmp_path, panels):
    table = pd.concat([metric_rows(), metric_rows(metric="year_mae")])
    labels = {"8": "8: auf Zille, ausgehend von ImageNet", "7": "7: auf Zille"}
    draw_metrics_overview(table, labels, tmp_path / "o.png", "de")
    left, right = panels()
    rows = [text.get_text() for text in left.get_yticklabels()]
    assert rows == ["8: auf Zille, ausgehend von ImageNet", "7: auf Zille", "pixels"]
    # dots: experiment 8 (second of the table, 0.5) stands in row 0
    dots = [tuple(line.get_xydata()[0]) for line in left.lines]
    np.testing.assert_allclose(dots, [(0.5, 0), (0.4, 1), (0.6, 2)])
    assert "höher ist besser" in left.get_title(loc="left")
    assert "niedriger ist besser" in right.get_title(loc="left")


def test_each_panel_says_on_which_and_how_many_pictures(tmp_path, panels):
    table = pd.concat([metric_rows(), metric_rows(population="all").assign(n=227)])
    table.loc[(table["experiment"] == "8") & (table["population"] == "test"), "n"] = 60
    draw_metrics_overview(table, {}, tmp_path / "o.png", "en")
    # words, whatever white space stands between them
    everywhere, test = [" ".join(axis.get_title(loc="left").split()) for axis in panels()]
    assert "all pictures, training part included, n = 227 higher is better" in everywhere
    assert "test part, n = 31–60 higher is better" in test


def test_many_experiments_and_measures_stay_in_one_figure(tmp_path, panels):
    names = [f"{number}" for number in range(22)]
    table = pd.concat([metric_rows(names, metric, where) for where, metric in overview.MAIN])
    draw_metrics_overview(table, {}, tmp_path / "o.png")
    shown = [axis for axis in panels() if axis.get_visible()]
    assert len(shown) == overview.MOST
    width, height = size(tmp_path / "o.png")
    assert width < 1800 and height < 2200


def test_the_overview_lives_with_missing_values(tmp_path, panels):
    table = metric_rows(metric="unheard_of")
    table.loc[table["experiment"] == "7", ["value", "low", "high"]] = np.nan
    table.loc[table["experiment"] == "8", ["low", "high", "control_value"]] = np.nan
    draw_metrics_overview(table, {}, tmp_path / "o.png")
    (axis,) = panels()
    assert len(axis.lines) == 2
    draw_metrics_overview(table.iloc[:0], {}, tmp_path / "none.png")
    assert size(tmp_path / "none.png")[0] > 100


def test_the_same_numbers_give_the_same_bytes(tmp_path):
    for name in "ab":
        draw_loss_curves({"7": curve(9)}, tmp_path / f"l{name}.png")
        draw_metrics_overview(metric_rows(), {}, tmp_path / f"o{name}.png")
    for kind in "lo":
        assert (tmp_path / f"{kind}a.png").read_bytes() == (tmp_path / f"{kind}b.png").read_bytes()
