"""Values that the config's schema accepts, drawn by hypothesis."""

import yaml
from hypothesis import strategies as st

from helpers.project import ROOT

SCHEMA = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
#: Numbers without a limit are drawn up to their least value and this.
SPAN = 100
NAMES = st.sampled_from(("one", "two", "finefield", "white_noise", "x-1", "0"))


def resolved(schema):
    """A part of the schema, or the part that it refers to."""
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


def values(schema):
    """Strategy of what a part of the schema accepts."""
    schema = resolved(schema)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return st.one_of([values(one) for one in schema[several]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return BY_TYPE[schema.get("type", "object")](schema)


def integers(schema):
    least = schema.get("minimum", 0)
    most = min(schema.get("maximum", least + SPAN), least + SPAN)
    return st.integers(least, most) | st.just(schema.get("default", least))


def numbers(schema):
    above, below = "exclusiveMinimum" in schema, "exclusiveMaximum" in schema
    least = schema.get("minimum", schema.get("exclusiveMinimum", -SPAN))
    most = schema.get("maximum", schema.get("exclusiveMaximum", least + SPAN))
    drawn = st.floats(least, most, exclude_min=above, exclude_max=below)
    return drawn | st.integers(int(least) + 1, max(int(most) - 1, int(least) + 1))


def strings(schema):
    return NAMES | st.text(min_size=schema.get("minLength", 0), max_size=8)


def arrays(schema):
    least = schema.get("minItems", 0)
    return st.lists(values(schema["items"]), min_size=least, max_size=schema.get("maxItems", 3))


def entries(schema):
    """What the entries of a mapping of any names are, or nothing."""
    return [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")][0]


def objects(schema):
    if "properties" not in schema:
        least = schema.get("minProperties", 0)
        return st.dictionaries(NAMES, values(entries(schema)), min_size=least, max_size=3)
    parts = schema["properties"].items()
    parts = {key: st.deferred(lambda one=one: values(one)) for key, one in parts}
    required = {key: parts.pop(key) for key in schema.get("required", ())}
    return st.fixed_dictionaries(required, optional=parts)


BY_TYPE = {
    "integer": integers,
    "number": numbers,
    "string": strings,
    "array": arrays,
    "object": objects,
    "boolean": lambda schema: st.booleans(),
    "null": lambda schema: st.none(),
}


def places(config, schema=SCHEMA, path=()):
    """Every place of a config and every key that could be added, each with its schema.

    Yields
    ------
    path : tuple of str and int
        Keys and indices on the way from the root.
    schema : dict
        What the place accepts.
    """
    for one in alternatives(schema):
        if isinstance(config, dict) and accepts_kind(one, config):
            parts = {key: entries(one) for key in config} if entries(one) else {}
            for key, part in (parts | one.get("properties", {})).items():
                yield (*path, key), part
                if key in config:
                    yield from places(config[key], part, (*path, key))
        elif isinstance(config, list) and "items" in one:
            for index, item in enumerate(config):
                yield (*path, index), one["items"]
                yield from places(item, one["items"], (*path, index))


def alternatives(schema):
    """A part of the schema as those that it is one of."""
    schema = resolved(schema)
    several = schema.get("anyOf") or schema.get("oneOf")
    return [one for each in several for one in alternatives(each)] if several else [schema]


def accepts_kind(schema, config):
    """Whether the constants of an object, such as its kind, are those of a config."""
    parts = {key: resolved(part) for key, part in schema.get("properties", {}).items()}
    constants = {key: part for key, part in parts.items() if "const" in part}
    return all(
        config.get(key, part.get("default")) == part["const"] for key, part in constants.items()
    )


@st.composite
def changed(draw, config):
    """A config with up to four places set to what the schema accepts there."""
    for _ in range(draw(st.integers(1, 4))):
        path, schema = draw(st.sampled_from(list(places(config))))
        config = replaced(config, path, draw(values(schema)))
    return config


def replaced(config, path, value):
    """A copy of a config with another value in one place."""
    if not path:
        return value
    key, *rest = path
    copy = config.copy()
    held = config[key] if isinstance(key, int) else config.get(key, {})
    copy[key] = replaced(held, rest, value)
    return copy
