"""The config's schema: defaults filled in, and faults put in words."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from math import isfinite
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from finefield.base.errors import UserError

PATH = Path(__file__).parents[2] / "schemas/config.schema.yaml"
TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "null": "null",
    "array": "a list",
    "object": "a mapping of keys to values",
}
FIXES = {
    "type": "give a value of this type",
    "pattern": "rename it",
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum"), "give a value within these limits"),
}
SWITCH = "put it in quotes, as YAML reads a bare on, off, yes or no as true or false"
NESTED = "write it in a config file, as `snakemake --config` passes nested values as text"


def validate(config: object) -> dict:
    """Check a config against the schema and fill in every default.

    Parameters
    ----------
    config : dict
        As read from a file; left as it is.

    Returns
    -------
    dict
        A copy with the defaults.

    Raises
    ------
    UserError
        If a key is unknown, missing, of the wrong type or out of range. Of several faults, the one
        nested deepest is reported.

    Examples
    --------
    >>> validate({"datasets": {"toy": {"kind": "simulate", "cells": {}}}})
    Traceback (most recent call last):
    finefield.base.errors.UserError: datasets.toy.kind: got "simulate"; expected one of simulated, \
recorded. Fix: write simulated
    """
    full = _copy(config)
    faults = [_deepest(error) for error in _validator().iter_errors(full)]
    if faults:
        raise _user_error(max(faults, key=_relevance))
    return full


@cache
def read() -> dict:
    """The schema, from its file."""
    return yaml.safe_load(PATH.read_text(encoding="utf-8"))


def resolve(part: Mapping) -> Mapping:
    """A part of the schema with its reference, if any, filled in."""
    if "$ref" not in part:
        return part
    return {**read()["$defs"][part["$ref"].rpartition("/")[2]], **part}


def _copy(value: object) -> object:
    """Plain dicts and lists all the way down, whatever mapping Snakemake hands over."""
    if isinstance(value, Mapping):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list | tuple) else value


@cache
def _validator() -> Draft202012Validator:
    """Validator that fills in defaults, and takes 8.0 for no integer and NaN for no number."""
    check_properties = Draft202012Validator.VALIDATORS["properties"]

    def fill(validator, properties, instance, schema):
        if validator.is_type(instance, "object"):
            # What the chosen network sets goes before the defaults; the name is checked later.
            chosen = str(instance.get("network"))
            for key, value in schema.get("presets", {}).get(chosen, {}).items():
                instance.setdefault(key, value)
            for key, part in properties.items():
                if "default" in resolve(part):
                    instance.setdefault(key, _copy(resolve(part)["default"]))
        yield from check_properties(validator, properties, instance, schema)

    def is_number(_, value, kinds=(int, float)):
        return isinstance(value, kinds) and not isinstance(value, bool) and isfinite(value)

    types = Draft202012Validator.TYPE_CHECKER.redefine("number", is_number)
    types = types.redefine("integer", lambda _, value: is_number(_, value, int))
    return extend(Draft202012Validator, {"properties": fill}, type_checker=types)(read())


def _deepest(error: ValidationError) -> ValidationError:
    """For a value that may be `all` or a list, the fault inside the list if there is one."""
    inner = [e for e in error.context or () if len(e.absolute_path) > len(error.absolute_path)]
    return _deepest(inner[0]) if inner else error


def _where(error: ValidationError) -> list:
    """Path of the faulty key, also if it is a missing key, an unknown one or a name."""
    path = list(error.absolute_path)
    if error.validator == "required":
        path.append(next(key for key in error.validator_value if key not in error.instance))
    elif error.validator == "additionalProperties":
        path.append(next(k for k in error.instance if k not in error.schema["properties"]))
    elif "propertyNames" in error.absolute_schema_path:
        path.append(error.instance)
    return path


def _relevance(error: ValidationError) -> tuple[int, bool]:
    return len(_where(error)), error.validator == "additionalProperties"


def _dotted(path: Iterable) -> str:
    """Key path as text.

    >>> _dotted(["cells", "a", "subunits", 0, "y"])
    'cells.a.subunits[0].y'
    """
    text = "".join(f"[{key}]" if type(key) is int else f".{key}" for key in path)
    return text.removeprefix(".") or "config"


def _user_error(error: ValidationError) -> UserError:
    """The schema's complaint in words."""
    path, value, rule = _where(error), error.instance, error.schema
    if error.validator == "additionalProperties":
        near = nearest(path[-1], rule["properties"])
        listed = "one of the keys " + ", ".join(rule["properties"])
        is_short = not near or len(rule["properties"]) <= 8
        expected = listed if is_short else "a key that config/README.md lists"
        fix = f"rename it to {near}, or remove it" if near else "remove it, or use one of these"
        got = f"an unknown key with the value {show(value[path[-1]])}"
    elif error.validator == "required":
        part = resolve(rule["properties"][path[-1]])
        got, expected = "no such key", phrase(part)
        fix = f"add the key ({part['description'].rstrip('.')})"
    else:
        got, expected, fix = show(value), phrase(rule), _fix(error, rule)
    return UserError(_dotted(path), got, expected, fix)


def _fix(error: ValidationError, rule: Mapping) -> str:
    """What to do about a value that a rule of the schema refuses."""
    value, broken = error.instance, {inner.validator for inner in (error, *error.context)}
    choices = rule.get("enum") or [r["const"] for r in rule.get("oneOf", [rule]) if "const" in r]
    is_text = bool(choices) or rule.get("type") == "string"
    if not error.absolute_path and error.validator == "type":
        return "write keys and values; config/README.md shows the shortest config"
    if value is None:
        return "give a value (one with # needs quotes), or remove the key if it has a default"
    if isinstance(value, bool) and is_text:
        return SWITCH
    if value in ([], {}):
        return "name at least one"
    if "uniqueItems" in broken and isinstance(value, list):
        return "name each once"
    if choices:
        near = f"[{value}]" if isinstance(value, int) else nearest(value, choices)
        return f"write {near}" if near else "choose one of these"
    if is_text and not isinstance(value, str):
        return "put it in quotes"
    if isinstance(value, str) and not is_text:
        number = "true or false" if rule.get("type") == "boolean" else _number(value)
        return f"write {number} without quotes; or {NESTED}" if number else NESTED
    if isinstance(value, float) and value.is_integer() and error.validator == "type":
        return f"write {int(value)}"
    return FIXES.get(error.validator, "change the value accordingly")


def _number(text: str) -> str:
    """A number as YAML takes it, such as 1000000 for 1e6; empty if the text is none."""
    try:
        number = float(text)
    except ValueError:
        return ""
    if not isfinite(number):
        return ""
    return f"{number:.0f}" if number.is_integer() else str(number)


def nearest(word: object, choices: Iterable[str]) -> str:
    """The choice that a misspelt word most resembles, or an empty text.

    >>> nearest("guassian", ["block", "gaussian"]), nearest("x", ["block", "gaussian"])
    ('gaussian', '')
    """
    lower = {str(choice).lower(): plain(choice) for choice in choices}
    return next((lower[near] for near in get_close_matches(str(word).lower(), lower, n=1)), "")


def plain(value: object) -> str:
    """A value as YAML on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, width=10**6, sort_keys=False)
    return text.removesuffix("...\n").strip()


def show(value: object) -> str:
    """A value as a user wrote it, at most 80 characters."""
    if value is None:
        return "nothing (null)"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = text.lower() if isinstance(value, bool) else text
    return text if len(text) <= 80 else f"{text[:79]}…"


def phrase(part: Mapping) -> str:
    """What a part of the schema allows, in words.

    >>> phrase({"type": ["integer", "null"], "minimum": 2}), phrase({"enum": ["ON", "grey"]})
    ('a whole number, at least 2, or null', "one of 'ON', grey")
    """
    if "oneOf" in part:
        return ", or ".join(phrase(choice) for choice in part["oneOf"])
    if "const" in part:
        return plain(part["const"])
    if "enum" in part:
        return "one of " + ", ".join(plain(choice) for choice in part["enum"])
    if "pattern" in part:
        return "a name of letters, digits, _ and -, the first a letter or digit"
    first, *others = [part["type"]] if isinstance(part["type"], str) else part["type"]
    text = {"array": _list_phrase, "object": _mapping_phrase}.get(first, _limits)(part, first)
    separator = ", or " if "," in text else " or "
    return separator.join([text, *(TYPES[other] for other in others)])


def _limits(part: Mapping, kind: str) -> str:
    """A number and its limits, with the unit that ends the description."""
    low, high, above = (part.get(k) for k in ("minimum", "maximum", "exclusiveMinimum"))
    text = TYPES[kind] + (", not empty" if part.get("minLength") else "")
    if low is not None and high is not None:
        text += f" from {low} to {high}"
    else:
        bounds = (("above", above), ("at least", low), ("at most", high))
        text += "".join(f", {word} {bound}" for word, bound in bounds if bound is not None)
    _, bracket, unit = part.get("description", "").partition("[")
    return f"{text} [{unit.partition(']')[0]}]" if bracket and unit[:2] != "1]" else text


def _list_phrase(part: Mapping, _: str) -> str:
    least, most = part.get("minItems", 0), part.get("maxItems")
    count = f"{most} items" if least == most else f"at least {least} item{'s'[: least != 1]}"
    once = ", none twice" if part.get("uniqueItems") else ""
    item = resolve(part["items"])
    each = f", each {phrase(item)}" if item.get("type") != "object" else ""
    return f"a list of {count}{each}{once}"


def _mapping_phrase(part: Mapping, _: str) -> str:
    item = resolve(part.get("additionalProperties") or {})
    if not item:
        return TYPES["object"]
    each = f", each to {phrase(item)}" if "oneOf" in item else " to entries"
    return f"a mapping of names{each}"
