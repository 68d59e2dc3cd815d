"""One cell's network asked to predict another cell."""

from finefield.network import Network
from finefield.responses import Responses
from finefield.scores import correlation
from finefield.stimulus import Stimulus, Window


def aligned_window(target: Window, height: int, width: int, field: tuple[int, int]) -> Window:
    """Window of a source network's size around the centre of a target cell's crop.

    Parameters
    ----------
    target : Window
        The target cell's crop.
    height, width : int
        Size of the source network's crop [pixels].
    field : (int, int)
        Rows and columns of the stimulus field.

    Returns
    -------
    Window
        Shifted to lie on the field where it would leave it.

    Raises
    ------
    UserError
        If the network's crop is larger than the field.

    Examples
    --------
    >>> aligned_window(Window(0, 4, 4, 4), 2, 6, field=(10, 10))
    Window(y=1, x=3, height=2, width=6)
    """
    y = min(max(0, target.y + (target.height - height) // 2), field[0] - height)
    x = min(max(0, target.x + (target.width - width) // 2), field[1] - width)
    window = Window(y, x, height, width)
    window.check_inside(*field, name="source network's crop")
    return window


def zero_shot(network: Network, target: Window, frozen: Stimulus, responses: Responses) -> float:
    """Correlation of a network's prediction, unchanged, with a target cell's mean rate.

    Parameters
    ----------
    network : Network
        The source cell's network.
    target : Window
        The target cell's crop.
    frozen : Stimulus
        Frozen sequence on the whole field.
    responses : Responses
        The target cell's responses to its repeats.

    Returns
    -------
    float
        NaN where `correlation` is.
    """
    window = aligned_window(target, network.height, network.width, frozen.shape[1:])
    newest, counts = responses.frozen(network.lags)
    return correlation(network.predict(frozen.crop(window), newest), counts.mean(0))
