"""Settings: keys of the config with their types, limits, defaults and meaning, each said once.

Each room declares the keys that it uses, in a module `settings`; the room `config` puts them
together. A string under a key is its description: it ends with the unit in brackets, if it has one.
"""

import os
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from annotated_types import Gt, Interval, MinLen
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

#: Names that become names of files and folders.
Name = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9][A-Za-z0-9_-]*$")]
#: Path of a file or folder; ~ is the user's home.
PathText = Annotated[str, MinLen(1), AfterValidator(os.path.expanduser)]
Positive = Annotated[float, Gt(0)]
Fraction = Annotated[float, Interval(ge=0, le=1)]


class Settings(BaseModel):
    """Keys of the config that belong together; what is no key, or not of its type, is refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )

    def changed(self, **keys: object) -> Self:
        """The same settings with other values of some keys, checked again."""
        return type(self)(**{name: getattr(self, name) for name in type(self).model_fields} | keys)


def kind_of(key: str, default: str) -> Discriminator:
    """Tells which of several settings is meant, by a key that need not be given."""

    def tell(given: object) -> str:
        found = given.get(key, default) if isinstance(given, Mapping) else None
        return str(getattr(given, key, default) if found is None else found)

    return Discriminator(tell)


def one_of(*choices: list) -> object:
    """Type of a list that is one of these lists."""

    def check(given: list) -> list:
        if given not in choices:
            raise PydanticCustomError("literal_error", "one of the choices")
        return given

    return Annotated[list[str], AfterValidator(check), WithJsonSchema({"enum": list(choices)})]


def refused(values: Iterable, fix: str) -> BeforeValidator:
    """Refuses values that a user may well write, with what to do instead."""

    def check(given: object) -> object:
        if given in values:
            raise PydanticCustomError("refused", "{fix}", {"fix": fix})
        return given

    return BeforeValidator(check)


def _once(values: list) -> list:
    if any(one in values[:number] for number, one in enumerate(values)):
        raise PydanticCustomError("unique", "each once")
    return values


#: A list in which nothing stands twice.
Unique = [AfterValidator(_once), Field(json_schema_extra={"uniqueItems": True})]


def plain(settings: object) -> Any:
    """Settings as plain dictionaries and lists, as a YAML file holds them.

    Examples
    --------
    >>> class Crop(Settings):
    ...     height: int = 8
    >>> plain({"one": Crop(height=6)})
    {'one': {'height': 6}}
    """
    if isinstance(settings, BaseModel):
        return settings.model_dump()
    if isinstance(settings, Mapping):
        return {key: plain(value) for key, value in settings.items()}
    return [plain(one) for one in settings] if isinstance(settings, list | tuple) else settings
