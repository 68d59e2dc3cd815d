"""Every figure looks as its picture in `images/`, which was looked at when it was made.

`RENEW_IMAGES=1 .venv/bin/python -m pytest tests/figures/test_images.py` makes the pictures again.
"""

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from helpers.faulty import quality
from helpers.pages import page
from PIL import Image, ImageChops

from finefield import figures
from finefield.figures import FigureSettings
from finefield.figures.parts import Parts
from finefield.tables.faults import faults

from . import (
    test_field,
    test_film,
    test_mosaic,
    test_paper,
    test_physiology,
    test_subunits,
    test_summary,
    test_transfer,
)

STYLE = FigureSettings(dpi=60)
PICTURES = Path(__file__).parent / "images"
#: Largest difference of a colour [of 255] that nobody sees: of another processor's rounding.
UNSEEN = 12


def cell(style, **keys):
    return figures.cell_figure(**page(**keys), style=style)


def transferred(style):
    data = test_transfer.whole_grid(6)
    for name, value in (("own_advantage", 0.3), ("own_advantage_p", 0.02), ("own_advantage_n", 6)):
        data[name] = ("train_stimulus", "test_stimulus"), np.full((2, 2), value)
    return figures.transferred_figure(data, style)


def between(style):
    subunits, cells = test_mosaic.found([3, 5, 8])
    names = ("white_noise", "natural_images")
    subunits = {name: subunits.assign_attrs(stimulus=name) for name in names}
    shown = {name: test_paper.frames(26, 1, 36) for name in names}
    grids = {"finefield": test_transfer.whole_grid(3), "ln": test_transfer.whole_grid(3)}
    return figures.between_figure(shown, subunits, cells, grids, style)


FIGURES = {
    "cell": cell,
    "cell_recorded": lambda style: cell(style, n_subunits=0, n_filters=16, side=24, n_found=10),
    "field": lambda style: figures.field_figure(test_field.cells_table(12, 2), style),
    "mosaic": lambda style: figures.mosaic_figure(*test_mosaic.found([3, 5, 8]), style),
    "physiology": lambda style: figures.physiology_figure(*test_physiology.data(), style),
    "placeholder": lambda style: figures.placeholder("cell left dropped: no spikes", style),
    "similarity": lambda style: figures.similarity_figure(test_transfer.whole_grid(6), style),
    "stimuli": lambda style: figures.stimuli_figure(
        {"finefield": test_transfer.whole_grid(6), "ln": test_transfer.whole_grid(6)}, style
    ),
    "subunits": lambda style: figures.subunits_figure(
        test_subunits.population(8, simulated=True, n_dropped=1), style
    ),
    "summary": lambda style: figures.summary_figure(test_summary.table(12, 2), style),
    "summary_of_many": lambda style: figures.summary_figure(test_summary.table(60, 2), style),
    "sweep": lambda style: figures.sweep_figure(test_paper.sweep(2), style),
    "transfer": lambda style: figures.transfer_figure(test_transfer.whole_grid(6), style),
    "paper_1": lambda style: figures.circuit_figure(Parts(**page()), test_paper.frames(), style),
    "paper_2": lambda style: figures.judged_figure(Parts(**page()), style),
    "paper_3": lambda style: figures.sweeps_figure({"a": test_paper.sweep(2)}, style),
    "paper_4": lambda style: figures.recorded_figure(
        [Parts(**page(0, 6, 24, n_found=3)), Parts(**page(0, 6, 24, n_found=0))], style
    ),
    "paper_5": transferred,
    "paper_6": between,
}


def drawn(figure, path):
    """A figure as pixels, by way of a file as the workflow saves it."""
    figures.save(figure, path, STYLE)
    with Image.open(path) as image:
        return image.convert("RGB")


def difference(image, other):
    """Largest difference of a colour; all there can be for pictures of two sizes."""
    if image.size != other.size:
        return 255
    return int(np.abs(np.asarray(image, int) - np.asarray(other, int)).max())


def compare(image, name, folder):
    """Compare a picture with that of its name, or make it anew where this is wanted."""
    path = PICTURES / f"{name}.png"
    if os.environ.get("RENEW_IMAGES"):
        content = BytesIO()
        image.save(content, "png", optimize=True)
        path.write_bytes(content.getvalue())
    with Image.open(path) as stored:
        expected = stored.convert("RGB")
    if (found := difference(image, expected)) > UNSEEN:
        image.save(folder / f"{name}.png")
        if image.size == expected.size:
            ImageChops.difference(image, expected).save(folder / f"{name}_difference.png")
        pytest.fail(f"{path} differs by {found} of 255 from {folder / name}.png")


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_looks_as_it_did(name, tmp_path):
    compare(drawn(FIGURES[name](STYLE), tmp_path / "drawn.png"), name, tmp_path)


def test_a_page_of_a_recording_looks_as_it_did(tmp_path):
    found = quality(tmp_path, "gap", "silent", "lost", "slip", "twin")
    figure = figures.recording_figure(found, faults(found), "eye, noise", 30.0, STYLE)
    compare(drawn(figure, tmp_path / "drawn.png"), "recording", tmp_path)


def test_a_film_looks_as_it_did(tmp_path):
    figures.save_film(**test_film.film_of(4, 8, 3), path=tmp_path / "film.gif", style=STYLE)
    with Image.open(tmp_path / "film.gif") as film:
        film.seek(1)
        compare(film.convert("RGB"), "film", tmp_path)


def test_every_figure_has_its_picture_and_no_picture_is_left_over():
    drawing = {name for name in figures.__all__ if name.endswith("_figure")}
    assert len(drawing) == 17
    assert {path.stem for path in PICTURES.glob("*.png")} == {*FIGURES, "recording", "film"}
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < 1.5e6


def test_a_colour_a_word_and_a_point_are_seen(tmp_path):
    """What the comparison is for: each of these changes is found."""

    def picture(change):
        data, style = test_paper.sweep(), STYLE
        if change == "colour":
            style = STYLE.model_copy(update={"predicted_color": "#d53e00"})
        elif change == "word":
            data["recall"].attrs["long_name"] = "recal1"
        elif change == "point":
            data["recall_mean"][0, 1] += 0.02
        return drawn(figures.sweep_figure(data, style), tmp_path / f"{change}.png")

    expected = picture("nothing")
    assert difference(expected, picture("nothing")) == 0
    for change in ("colour", "word", "point"):
        assert difference(expected, picture(change)) > UNSEEN, change
