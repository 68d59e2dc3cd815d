"""What a part of the config's schema allows, and values of the config, in words."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache

import yaml
from pydantic.json_schema import GenerateJsonSchema

from finefield.config.types import Config

TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "null": "null",
    "array": "a list",
    "object": "a mapping of keys to values",
}


class _Untitled(GenerateJsonSchema):
    """Titles only repeat the keys."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


@cache
def schema() -> dict:
    """The config's JSON schema, from its types."""
    return Config.model_json_schema(schema_generator=_Untitled)


def resolve(part: Mapping) -> Mapping:
    """A part of the schema with its reference, if any, filled in."""
    if "$ref" not in part:
        return part
    return {**schema()["$defs"][part["$ref"].rpartition("/")[2]], **part}


def options(part: Mapping) -> Iterator[Mapping]:
    """What a part of the schema may be: each member of a union, or the part itself."""
    part = resolve(part)
    members = part.get("anyOf", part.get("oneOf"))
    if members is None:
        yield part
    for member in members or ():
        yield from options(member)


def entry(part: Mapping) -> Mapping:
    """The schema of the entries of a mapping of names, or of the items of a list; {} for others."""
    for one in options(part):
        named = one.get("patternProperties", {}).values()
        for found in (one.get("items"), *named, one.get("additionalProperties")):
            if found:
                return found
    return {}


def nearest(word: object, choices: Iterable[str]) -> str:
    """The choice that a misspelt word most resembles, or an empty text.

    >>> nearest("guassian", ["block", "gaussian"]), nearest("x", ["block", "gaussian"])
    ('gaussian', '')
    """
    lower = {str(choice).lower(): plain(choice) for choice in choices}
    return next((lower[near] for near in get_close_matches(str(word).lower(), lower, n=1)), "")


def plain(value: object) -> str:
    """A value as YAML on one line."""
    text = yaml.safe_dump(_whole(value), default_flow_style=True, width=10**6, sort_keys=False)
    return text.removesuffix("...\n").strip()


def _whole(value: object) -> object:
    """Whole numbers without a point, as users write them."""
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def show(value: object) -> str:
    """A value as a user wrote it, at most 80 characters."""
    if value is None:
        return "nothing (null)"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = text.lower() if isinstance(value, bool) else text
    return text if len(text) <= 80 else f"{text[:79]}…"


def description(part: Mapping) -> str:
    """What a part is, on one line."""
    return " ".join(part.get("description", "").split())


def phrase(part: Mapping) -> str:
    """What a part of the schema allows, in words.

    >>> phrase({"anyOf": [{"type": "integer", "minimum": 2}, {"type": "null"}]})
    'a whole number, at least 2, or null'
    >>> phrase({"enum": ["ON", "grey"]})
    "one of 'ON', grey"
    """
    part = resolve(part)
    if "const" in part:
        return plain(part["const"])
    if "enum" in part:
        return "one of " + ", ".join(plain(choice) for choice in part["enum"])
    if "pattern" in part:
        return "a name of letters, digits, _ and -, the first a letter or digit"
    about = {"description": description(part)}
    if members := part.get("anyOf", part.get("oneOf")):
        texts = list(dict.fromkeys(phrase({**resolve(member), **about}) for member in members))
        if TYPES["number"] in texts and TYPES["integer"] in texts:
            texts.remove(TYPES["integer"])
        return (", or " if any("," in text for text in texts) else " or ").join(texts)
    words = {"array": _list_phrase, "object": _mapping_phrase}.get(part["type"], _limits)
    return words({**part, **about})


def _limits(part: Mapping) -> str:
    """A number and its limits, with the unit that ends the description."""
    low, high, above = (part.get(k) for k in ("minimum", "maximum", "exclusiveMinimum"))
    text = TYPES[part["type"]] + (", not empty" if part.get("minLength") else "")
    if low is not None and high is not None:
        text += f" from {low} to {high}"
    else:
        bounds = (("above", above), ("at least", low), ("at most", high))
        text += "".join(f", {word} {bound}" for word, bound in bounds if bound is not None)
    _, bracket, unit = part["description"].partition("[")
    known = bracket and unit[:2] != "1]" and part["type"] in ("integer", "number")
    return f"{text} [{unit.partition(']')[0]}]" if known else text


def _list_phrase(part: Mapping) -> str:
    least, most = part.get("minItems", 0), part.get("maxItems")
    count = f"{most} items" if least == most else f"at least {least} item{'s'[: least != 1]}"
    once = ", none twice" if part.get("uniqueItems") else ""
    item = resolve(part["items"])
    each = f", each {phrase(item)}" if "properties" not in next(options(item)) else ""
    return f"a list of {count}{each}{once}"


def _mapping_phrase(part: Mapping) -> str:
    item = entry(part)
    if not item:
        return TYPES["object"]
    is_simple = "properties" not in next(options(item))
    return f"a mapping of names{f', each to {phrase(item)}' if is_simple else ' to entries'}"
