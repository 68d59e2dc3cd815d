"""A config checked against its types, and faults put in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TypeVar

from pydantic import ValidationError

from finefield.base.errors import UserError
from finefield.base.settings import Settings
from finefield.config.phrases import (
    description,
    entry,
    nearest,
    options,
    phrase,
    resolve,
    schema,
    show,
)

Kind = TypeVar("Kind", bound=Settings)

TYPED = "give a value of this type"
LIMITS = "give a value within these limits"
SWITCH = "put it in quotes, as YAML reads a bare on, off, yes or no as true or false"
NESTED = "write it in a config file, as `snakemake --config` passes nested values as text"
EMPTY = "give a value (one with # needs quotes), or remove the key if it has a default"
NO_CONFIG = "write keys and values; config/README.md shows the shortest config"


def checked(kind: type[Kind], given: object) -> Kind:
    """Settings from what a user wrote.

    Parameters
    ----------
    kind : type of Settings
        What it is to be: the config, or a part of it.
    given : dict
        As read from a file; left as it is.

    Returns
    -------
    Settings
        With every default.

    Raises
    ------
    UserError
        If a key is unknown, missing, of the wrong type or out of range. Of several faults, the one
        nested deepest is reported.

    Examples
    --------
    >>> from finefield.config.types import Config
    >>> checked(Config, {"datasets": {"toy": {"kind": "simulate", "cells": {}}}})
    Traceback (most recent call last):
    finefield.base.errors.UserError: datasets.toy.kind: got "simulate"; expected one of simulated, \
recorded. Fix: write simulated
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        part = schema()["$defs"].get(kind.__name__, schema())
        faults = [_fault(each, given, part) for each in error.errors(include_url=False)]
    raise max(faults, key=_Fault.relevance).error()


@dataclass(frozen=True)
class _Fault:
    """One fault: its kind in pydantic's words, the key and its value, and what the schema says.

    A `refused` value has its fix `said`.
    """

    kind: str
    path: list
    value: object
    part: Mapping
    holder: Mapping
    said: str = ""

    def relevance(self) -> tuple[int, int]:
        """The deepest fault counts most, and of those in one place what tells more."""
        rank = {"extra_forbidden": 2, "unique": 2, "missing": 1}
        return len(self.path), rank.get(self.kind, 0)

    def error(self) -> UserError:
        """The fault in words."""
        expected = phrase(self.part) if self.part else ""
        if self.kind == "extra_forbidden":
            return self._unknown()
        if self.kind == "missing":
            fix = f"add the key ({description(self.part).rstrip('.')})"
            return UserError(_dotted(self.path), "no such key", expected, fix)
        return UserError(_dotted(self.path), show(self.value), expected, self._fix())

    def _unknown(self) -> UserError:
        keys = self.holder["properties"]
        near, listed = nearest(self.path[-1], keys), "one of the keys " + ", ".join(keys)
        expected = listed if not near or len(keys) <= 8 else "a key that config/README.md lists"
        fix = f"rename it to {near}, or remove it" if near else "remove it, or use one of these"
        got = f"an unknown key with the value {show(self.value)}"
        return UserError(_dotted(self.path), got, expected, fix)

    def _fix(self) -> str:
        """What to do about a value that is refused."""
        value, allowed = self.value, list(options(self.part))
        choices = [one for each in allowed for one in each.get("enum", [])]
        choices += [each["const"] for each in allowed if "const" in each]
        single = [each for each in allowed if each.get("type") != "array"]
        is_text = bool(choices) or {each.get("type") for each in single} == {"string"}
        if self.kind == "refused":
            return self.said
        if not self.path:
            return NO_CONFIG
        if value is None:
            return EMPTY
        if isinstance(value, bool) and is_text:
            return SWITCH
        if value in ([], {}):
            return "name at least one"
        if self.kind == "unique":
            return "name each once"
        if choices:
            near = f"[{value}]" if isinstance(value, int) else nearest(value, choices)
            return f"write {near}" if near else "choose one of these"
        if is_text and not isinstance(value, str):
            return "put it in quotes"
        if isinstance(value, str) and not is_text:
            switch = any(each.get("type") == "boolean" for each in allowed)
            number = "true or false" if switch else _number(value)
            return f"write {number} without quotes; or {NESTED}" if number else NESTED
        if isinstance(value, float) and value.is_integer() and self.kind.endswith("_type"):
            return f"write {int(value)}"
        if self.kind == "string_pattern_mismatch":
            return "rename it"
        limits = ("greater", "less")
        return LIMITS if self.kind.startswith(limits) else TYPED


def _fault(error: Mapping, given: object, part: Mapping) -> _Fault:
    """Where a fault lies in what was given and in the schema.

    Pydantic's place of a fault also names the members of unions, which are no keys.
    """
    kind, path, value, holder = error["type"], [], given, part
    for key in error["loc"]:
        if key == "[key]":
            (pattern,) = holder["patternProperties"]
            return _Fault(kind, path, path[-1], {"type": "string", "pattern": pattern}, holder)
        is_key = isinstance(value, Mapping) and key in value
        is_index = isinstance(value, list) and type(key) is int and key < len(value)
        if is_key:  # pydantic has 1 for true
            key = next(own for own in value if own == key)
        if is_key or is_index or (kind == "missing" and key == error["loc"][-1]):
            holder, path = _holder(part, key), [*path, key]
            part = holder.get("properties", {}).get(key) or entry(holder)
            value = value[key] if is_key or is_index else None
        else:
            part = _member(part, key)
    if kind in ("union_tag_invalid", "union_tag_not_found") and isinstance(value, Mapping):
        return _wrong_kind(path, value, part)
    return _Fault(kind, path, value, part, holder, error["msg"])


def _holder(part: Mapping, key: object) -> Mapping:
    """The member of a union that has a key, or whose entries it names; the first without one."""
    members = list(options(part))
    having = [one for one in members if key in one.get("properties", {}) or entry(one)]
    return having[0] if having else next((m for m in members if "properties" in m), members[0])


def _member(part: Mapping, tag: object) -> Mapping:
    """The member of a union that a tag tells; the part itself if there is none."""
    for one in options(part):
        if any(each.get("const") == tag for each in one.get("properties", {}).values()):
            return one
    return part


def _wrong_kind(path: list, value: Mapping, part: Mapping) -> _Fault:
    """A mapping whose kind is none that there is, or is missing."""
    members = list(options(part))
    key = next(name for name, each in members[0]["properties"].items() if "const" in each)
    about = members[0]["properties"][key]
    choices = [one["properties"][key]["const"] for one in members if key in one["properties"]]
    part = {"enum": choices, "description": description(about)}
    kind = "literal_error" if key in value else "missing"
    return _Fault(kind, [*path, key], value.get(key), part, resolve(members[0]))


def _dotted(path: Iterable) -> str:
    """Key path as text.

    >>> _dotted(["cells", "a", "subunits", 0, "y"])
    'cells.a.subunits[0].y'
    """
    text = "".join(f"[{key}]" if type(key) is int else f".{key}" for key in path)
    return text.removeprefix(".") or "config"


def _number(text: str) -> str:
    """A number as YAML takes it, such as 1000000 for 1e6; empty if the text is none."""
    try:
        number = float(text)
    except ValueError:
        return ""
    if not isfinite(number):
        return ""
    return f"{number:.0f}" if number.is_integer() else str(number)
