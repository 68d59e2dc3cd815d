"""Films of filters that are learned."""

import matplotlib
import numpy as np
import pytest
import xarray as xr
from helpers.figures import STYLE, words
from helpers.pages import blobs
from PIL import Image

from finefield.figures import film


def film_of(n_filters, side, n_checks):
    """Arguments of `save_film` but the path and the style; the last but one check was kept."""
    rng = np.random.default_rng(0)
    weight = np.linspace(0, 1, n_checks)[:, None, None, None]
    noise = 0.3 * rng.standard_normal((n_filters, side, side))
    images = weight * blobs(n_filters, side, rng, 0) + (1 - weight) * noise
    share = np.arange(n_filters) / max(1, np.arange(n_filters).sum())
    return {
        "film": xr.Dataset({"film": (("epoch", "filter", "y", "x"), images)}),
        "model": xr.Dataset(
            {"step": ("epoch", 250 * np.arange(1, n_checks + 1)), "best_step": 250 * (n_checks - 1)}
        ),
        "filters": xr.Dataset(
            {"contribution": ("filter", share), "effective": ("filter", share > 0.1)}
        ),
        "pixel_size": 30.0,
    }


@pytest.mark.parametrize(
    ("n_filters", "side", "n_checks", "frames"), [(16, 8, 12, 12), (1, 24, 2, 2), (2, 9, 70, 60)]
)
def test_a_film_has_a_frame_for_each_check(tmp_path, n_filters, side, n_checks, frames):
    saved = []
    for name in ("one.gif", "two.gif"):
        film.save_film(**film_of(n_filters, side, n_checks), path=tmp_path / name, style=STYLE)
        saved.append((tmp_path / name).read_bytes())
    assert saved[0] == saved[1] and len(saved[0]) < 600e3
    assert sorted(one.name for one in tmp_path.iterdir()) == ["one.gif", "two.gif"]
    with Image.open(tmp_path / "one.gif") as image:
        assert image.n_frames == frames and image.info["loop"] == 0
        shown = []
        for frame in range(frames):
            image.seek(frame)
            shown.append(image.info["duration"])
    assert shown[-1] > shown[0] and set(shown[:-1]) <= {shown[0]}


def test_a_film_shows_filters_by_falling_contribution_and_says_the_step(tmp_path, monkeypatch):
    said, drawn = [], film._drawn

    def listen(figure):
        said.append(words(figure))
        maps_drawn = [axes.images[0] for axes in figure.axes if axes.get_title()]
        assert len(maps_drawn) == 16 and len({one.norm for one in maps_drawn}) == 1
        return drawn(figure)

    monkeypatch.setattr(film, "_drawn", listen)
    film.save_film(**film_of(20, 8, 3), path=tmp_path / "film.gif", style=STYLE)
    stages = film_of(20, 8, 3)
    stages["model"] = stages["model"].assign_attrs(start="positions")
    film.save_film(**stages, path=tmp_path / "stages.gif", style=STYLE)
    assert "stage 250 of 750" in said[3]
    steps = ["step 250 of 750", "step 500 of 750, weights kept", "step 750 of 750"]
    ends = [text[text.index("step") :].split(" | ")[0] for text in said[:3]]
    assert ends == steps
    places = [said[0].index(f"filter {one}, ") for one in range(19, 3, -1)]
    assert places == sorted(places) and "filter 3, " not in said[0] and "µm" in said[0]


def test_the_weights_kept_have_the_full_colours(tmp_path):
    """A training that begins with large weights, and keeps small ones."""
    data = film_of(4, 8, 3)
    data["film"]["film"][0] *= 20
    film.save_film(**data, path=tmp_path / "film.gif", style=STYLE)
    red = np.array(matplotlib.colormaps["RdBu_r"](1.0)[:3]) * 255
    with Image.open(tmp_path / "film.gif") as image:
        image.seek(1)
        frame = np.asarray(image.convert("RGB")).astype(float)
    n_pixels = (np.abs(frame - red).max(2) < 2).sum()
    assert n_pixels > 100, "the darkest red, also beside the colour bar's"


def test_colours_of_a_film_are_those_of_its_maps(tmp_path):
    data = film_of(4, 8, 2)
    data["film"]["film"][:] = 0.0
    data["film"]["film"][:, :, 0, 0] = 1.0
    film.save_film(**data, path=tmp_path / "film.gif", style=STYLE)
    with Image.open(tmp_path / "film.gif") as image:
        colors = {color for _, color in image.convert("RGB").getcolors(1 << 20)}
    for value in (0.5, 1.0):
        expected = 255 * np.array(matplotlib.colormaps["RdBu_r"](value)[:3])
        assert tuple(expected.round().astype(int).tolist()) in colors


def test_a_film_of_a_dropped_cell_is_a_frame_that_says_why(tmp_path):
    film.save_reason("cell_7 dropped: too few spikes", tmp_path / "film.gif", STYLE)
    with Image.open(tmp_path / "film.gif") as image:
        assert image.n_frames == 1
        assert np.ptp(np.asarray(image.convert("L"))) == 255, "black on white"
