"""Fonts within SVG figures, so that a figure looks alike where its font is not installed."""

import logging
from base64 import b64encode
from collections import defaultdict
from io import BytesIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font, ttfFontProperty
from matplotlib.text import Text


def with_fonts(svg: bytes, figure: Figure) -> bytes:
    """An SVG whose text is text, with the letters of its fonts that the text needs.

    Parameters
    ----------
    svg : bytes
        The figure, saved with ``svg.fonttype`` "none".
    figure : Figure
        The figure.

    Returns
    -------
    bytes
        The same picture with a rule ``@font-face`` for each font.
    """
    # It tells of every table of a font.
    logging.getLogger("fontTools.subset").setLevel(logging.WARNING)
    letters = defaultdict(set)
    for text in figure.findobj(Text):
        letters[str(findfont(text.get_fontproperties()))] |= set(text.get_text())
    rules = [_rule(path, used) for path, used in sorted(letters.items()) if used - {"\n"}]
    # Matplotlib writes one such element, before all that is drawn.
    return svg.replace(b"<defs>", f"<defs><style>{''.join(rules)}</style>".encode(), 1)


def _rule(path: str, letters: set[str]) -> str:
    """A rule of CSS with these letters of a font."""
    font = ttfFontProperty(get_font(path))
    # A font holds the time of its making; that of the whole font remains.
    whole, part = TTFont(path, recalcTimestamp=False), BytesIO()
    options = Options(hinting=False, layout_features=[], notdef_outline=True)
    options.drop_tables += ["FFTM"]  # a date of FontForge
    subsetter = Subsetter(options)
    # Digits and signs of tick labels are known only when they are drawn.
    subsetter.populate(text="".join(letters) + "0123456789.,-−+×e")
    subsetter.subset(whole)
    whole.flavor = "woff"
    whole.save(part)
    look = f"font-family:'{font.name}';font-weight:{font.weight};font-style:{font.style}"
    content = b64encode(part.getvalue()).decode()
    return f"@font-face{{{look};src:url(data:font/woff;base64,{content})}}"
