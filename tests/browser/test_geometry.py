"""The arithmetic of boxes and homographies in the browser, held against numpy's."""

import numpy as np
import pytest

from tests.desk_server import Collection

WIDTH, HEIGHT = 70, 40


@pytest.fixture
def geometry(tmp_path, draw, serve, context):
    """Call a function of geometry.js."""
    page = context.new_page()
    page.goto(serve(Collection(tmp_path, {"a": draw("a")})).address)

    def call(name, *arguments):
        script = "([name, args]) => import('./static/geometry.js').then(m => m[name](...args))"
        return page.evaluate(script, [name, list(arguments)])

    return call


def test_geometry(geometry):
    """One browser for all of it: the turns, the limits, the overlay."""
    rng = np.random.default_rng(1)
    for turn in (0, 90, 180, 270):
        for _ in range(5):
            x, y = (
                np.sort(rng.choice(WIDTH + 1, 2, False)),
                np.sort(rng.choice(HEIGHT + 1, 2, False)),
            )
            box = [int(one) for one in (x[0], y[0], x[1], y[1])]
            scan = np.zeros((HEIGHT, WIDTH), bool)
            scan[box[1] : box[3], box[0] : box[2]] = True
            rows, columns = np.nonzero(np.rot90(scan, -turn // 90))  # clockwise
            expected = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            turned = geometry("turned", box, turn, WIDTH, HEIGHT)
            assert turned == expected
            assert geometry("unturned", turned, turn, WIDTH, HEIGHT) == box
    # corners in any order, cut at the scan; nothing where there is no area
    assert geometry("boxBetween", [90, 30], [10, -4], WIDTH, HEIGHT) == [10, 0, 70, 30]
    assert geometry("boxBetween", [10, 30], [10.4, 4], WIDTH, HEIGHT) is None
    # an edge stops at the scan and one pixel before its opposite
    box = [10, 5, 60, 35]
    for edge, line, expected in [
        (0, -9, [0, 5, 60, 35]), (0, 99, [59, 5, 60, 35]), (1, 99, [10, 34, 60, 35]),
        (2, 0, [10, 5, 11, 35]), (3, 99, [10, 5, 60, 40]), (3, 20.4, [10, 5, 60, 20]),
    ]:  # fmt: skip
        assert geometry("withEdge", box, edge, line, WIDTH, HEIGHT) == expected
    assert geometry("shifted", box, -20, 20, WIDTH, HEIGHT) == [0, 10, 50, 40]
    assert geometry("edgesAt", box, [11, 6], 3) == [0, 1]
    assert geometry("edgesAt", box, [61, 20], 3) == [2]
    assert geometry("edgesAt", box, [30, 20], 3) == []


def test_overlay_matrix(geometry):
    """Points of b, through the CSS matrix, lie where the homography says they do in a."""
    rng = np.random.default_rng(2)
    size_a, size_b = [640, 480], [300, 420]
    for mirrored in (False, True):
        homography = np.eye(3) + rng.normal(0, 0.05, (3, 3))
        text = geometry("overlayMatrix", homography.ravel().tolist(), mirrored, size_a, size_b)
        numbers = [float(word) for word in text[len("matrix3d(") : -1].split(",")]
        css = np.array(numbers).reshape(4, 4).T
        for x, y in rng.uniform(0, 1, (6, 2)):
            u, v, _, w = css @ [x * size_b[0], y * size_b[1], 0, 1]
            expected = homography @ [1 - x if mirrored else x, y, 1]
            expected = expected[:2] / expected[2] * size_a
            assert np.allclose([u / w, v / w], expected, atol=1e-6)


def test_which_homographies_can_be_shown(geometry):
    usable = {
        "itself": [1, 0, 0, 0, 1, 0, 0, 0, 1],
        "half as large": [0.5, 0, 0.2, 0, 0.5, 0.2, 0, 0, 1],
        "scaled as a whole": [-3, 0, 0, 0, -3, 0, 0, 0, -3],
    }
    torn = {
        "horizon": [1, 0, 0, 0, 1, 0, -2, 0, 1],
        "splinter": [0.01, 0, 0, 0, 0.01, 0, 0, 0, 1],
        "turned over": [-1, 0, 1, 0, 1, 0, 0, 0, 1],
        "nothing": None,
    }
    assert {name for name, one in (usable | torn).items() if geometry("isUsable", one)} == set(
        usable
    )
