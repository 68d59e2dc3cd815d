"""Settings that differ from their defaults."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from finefield.config.messages import checked
from finefield.config.phrases import plain
from finefield.config.types import Config
from finefield.networks.settings import NetworkSettings

#: Most letters of a value.
LETTERS = 1000


def differing(config: Mapping) -> list[tuple[str, str, str]]:
    """Settings of a config whose values are not the defaults.

    Parameters
    ----------
    config : dict
        As read from a file.

    Returns
    -------
    list of (str, str, str)
        Key, such as "models.wide.stride", value and default as text; the default is empty where
        there is none. A network's defaults are those of its architecture.

    Examples
    --------
    >>> recorded = {"kind": "recorded", "recording": "one.mat"}
    >>> given = {"datasets": {"mine": recorded}, "models": {"wide": {"network": "yan2020"}}}
    >>> for line in differing(given):
    ...     print(line)
    ('datasets.mine.kind', 'recorded', '')
    ('datasets.mine.recording', 'one.mat', '')
    ('models.wide.network', 'yan2020', 'finefield')
    """
    return list(_walk("", checked(Config, config)))


def _walk(path: str, settings: BaseModel) -> Iterator[tuple[str, str, str]]:
    """Differing keys of settings and of all that they hold."""
    of_kind = type(settings)
    usual = NetworkSettings(network=settings.network) if of_kind is NetworkSettings else None
    for key, field in of_kind.model_fields.items():
        value = getattr(settings, key)
        default = field.get_default(call_default_factory=True)
        if usual is not None and key != "network":
            default = getattr(usual, key)
        if value == default:
            continue
        where = f"{path}{key}"
        if isinstance(value, BaseModel):
            yield from _walk(f"{where}.", value)
        elif isinstance(value, Mapping) and all(isinstance(x, BaseModel) for x in value.values()):
            for name, part in value.items():
                yield from _walk(f"{where}.{name}.", part)
        else:
            yield where, _text(value), "" if field.is_required() else _text(default)


def _text(value: object) -> str:
    """A value as YAML, its settings without their defaults, at most `LETTERS` long."""
    if isinstance(value, list):
        value = [one.model_dump(exclude_unset=True) if isinstance(one, BaseModel) else one
                 for one in value]  # fmt: skip
    text = plain(value)
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"
