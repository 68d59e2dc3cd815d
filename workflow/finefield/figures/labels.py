"""Words in panels: where they cover no other word, or instead of what there is not; ticks."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

#: Least space around words [pixels of the screen].
SPACE = 1.0


def write_free(
    axes: Axes,
    texts: Sequence[str],
    places: Sequence[Sequence[tuple[float, float]]],
    taken: Sequence[Text] = (),
    **look,
) -> list[Text | None]:
    """Write each text at the first of its places where it is free and within the axes.

    Parameters
    ----------
    axes : Axes
        Where, with limits that stay.
    texts : sequence of str
        What is written.
    places : sequence of sequences of (x, y)
        The middles of each text that are tried in turn.
    taken : sequence of Text
        Words that stand there already.
    **look
        Of the text, as for `Axes.text`.

    Returns
    -------
    list of Text or None
        None for a text without a free place.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> one, two = write_free(axes, ["one", "two"], [[(0.5, 0.5)], [(0.5, 0.51)]])
    >>> one.get_text(), two
    ('one', None)
    """
    renderer = FigureCanvasAgg(axes.figure).get_renderer()
    limits = axes.get_window_extent(renderer)
    boxes = [one.get_window_extent(renderer) for one in taken]
    written = []
    for text, tried in zip(texts, places, strict=True):
        one = axes.text(*tried[0], text, **({"ha": "center", "va": "center"} | look))
        for place in tried:
            one.set_position(place)
            box = one.get_window_extent(renderer).padded(SPACE)
            if _within(box, limits) and not any(box.overlaps(other) for other in boxes):
                boxes.append(box)
                written.append(one)
                break
        else:
            one.remove()
            written.append(None)
    return written


def write_reason(axes: Axes, title: str, reason: str) -> None:
    """Say in empty axes why nothing is drawn."""
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, loc="left")
    axes.text(0.5, 0.5, reason, transform=axes.transAxes, ha="center", va="center")


def whole_numbers(most: int) -> MaxNLocator:
    """Ticks at whole numbers alone, also where there is but one."""
    return MaxNLocator(most, integer=True, min_n_ticks=1)


def _within(box: Bbox, limits: Bbox) -> bool:
    corners = (box.x0 >= limits.x0, box.y0 >= limits.y0, box.x1 <= limits.x1, box.y1 <= limits.y1)
    return all(corners)
