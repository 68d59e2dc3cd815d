"""Figures are saved alike each time, and leave Matplotlib as it was."""

import re
from base64 import b64decode
from io import BytesIO
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from helpers.figures import STYLE, words
from helpers.pages import page

from finefield.base.errors import UserError
from finefield.figures import cell, maps, style


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_saving_twice_gives_the_same_bytes(tmp_path, suffix):
    saved = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.{suffix}"
        style.save(cell.cell_figure(**page(3, 4), style=STYLE), path, STYLE)
        saved.append(path.read_bytes())
    assert saved[0] == saved[1]
    assert sorted(one.name for one in tmp_path.iterdir()) == [f"one.{suffix}", f"two.{suffix}"]
    assert b"CreationDate" not in saved[0] and b"dc:date" not in saved[0]


def test_fonts_lie_within_the_file(tmp_path):
    """Each letter of the text of an SVG has its shape in a font of the SVG."""
    figure = style.placeholder("Größe 3 µm, −0.5", STYLE)
    for suffix in ("svg", "pdf"):
        style.save(figure, tmp_path / f"figure.{suffix}", STYLE)
    root = ElementTree.parse(tmp_path / "figure.svg").getroot()
    space = "{http://www.w3.org/2000/svg}"
    letters = {x for text in root.iter(f"{space}text") for x in "".join(text.itertext())}
    (rule,) = [one.text for one in root.iter(f"{space}style") if "@font-face" in one.text]
    font = TTFont(BytesIO(b64decode(re.search(r"base64,([\w+/=]+)", rule)[1])))
    assert letters - {"\n"} <= {chr(code) for code in font.getBestCmap()} and "µ" in letters
    assert len(font.getGlyphOrder()) < 60, "no letters beside"
    assert "font-family:'DejaVu Sans'" in rule
    assert b"/FontFile2" in (tmp_path / "figure.pdf").read_bytes()


def test_unknown_format_is_refused(tmp_path):
    with pytest.raises(UserError, match="svg, png or pdf"):
        style.save(style.placeholder("", STYLE), tmp_path / "figure.bmp", STYLE)
    assert not list(tmp_path.iterdir())


def test_placeholder_says_why():
    reason = "cell_7 was dropped: the peak of its STA is 3.1 times its noise, below 4.5"
    assert reason in words(style.placeholder(reason, STYLE))


def test_drawing_leaves_matplotlibs_settings_alone():
    before = dict(matplotlib.rcParams)
    cell.cell_figure(**page(3, 1), style=STYLE)
    assert dict(matplotlib.rcParams) == before


def test_maps_of_zeros_or_nan_have_limits():
    for image in (np.zeros((2, 2)), np.full((2, 2), np.nan)):
        norm = maps.centred_norm(image)
        assert (norm.vmin, norm.vmax) == (-1, 1)
