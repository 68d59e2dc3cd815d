"""What a figure says, and whether it can be read."""

import re

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from finefield.base.glossary import DIMENSIONS
from finefield.figures.settings import FigureSettings
from finefield.tables.reference import FILES

STYLE = FigureSettings(dpi=110)


def words(figure):
    """All text of a figure that can be seen, in one string."""
    found = [text for text in figure.findobj(Text) if text.get_visible()]
    return " | ".join(text.get_text().replace("\n", " ") for text in found)


def assert_text_is_clear(figure):
    """Draw a figure, and compare the boxes of all its text; it is large, brief, and well put."""
    # Text is widest at 150 dots per inch: its letters are fitted to pixels.
    figure.set_dpi(150)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    labels = [one for one in figure.findobj(Text) if one.get_visible() and one.get_text().strip()]
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            # Maps have notes in place of titles of axes.
            assert not len(axis.get_ticklocs()) or axis.label.get_text().count("\n") < 2
            low, high = sorted(axis.get_view_interval())
            ticks = [one for one in axis.get_major_ticks() if not low <= one.get_loc() <= high]
            beyond = {id(one) for tick in ticks for one in (tick.label1, tick.label2)}
            labels = [one for one in labels if id(one) not in beyond]
    assert all(one.get_fontsize() >= 6 for one in labels), "points at print size"
    assert figure.get_size_inches()[0] <= 7.2, "a page's width"
    assert not re.search(r"\[1\]|\bn = 1 \w+s\b|first stimulus|\bnan\b", words(figure))
    # Of an annotation the text alone, without its arrow.
    boxes = [(one.get_text(), Text.get_window_extent(one, canvas.renderer)) for one in labels]
    width, height = figure.bbox.size
    for number, (text, box) in enumerate(boxes):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, text
        for other, its in boxes[number + 1 :]:
            assert not box.padded(-1).overlaps(its.padded(-1)), (text, other)


def described(data):
    """A dataset with the units and meanings that files declare of its variables."""
    groups = [group for file in FILES for group in file.groups.values()]
    declared = {name: one for group in groups[::-1] for name, one in group.items()}
    for name in declared.keys() & data.variables.keys():
        data[name].attrs = {"units": declared[name].units, "long_name": declared[name].long_name}
    for name in DIMENSIONS.keys() & data.coords.keys():
        data[name].attrs = {"units": "1", "long_name": DIMENSIONS[name]}
    return data
