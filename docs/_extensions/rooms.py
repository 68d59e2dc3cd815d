"""Pages of the API, one for each room of the library, from the names that the room offers.

Where Markdown or a docstring writes such a name, the name becomes a link.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.transforms import SphinxTransform

import finefield

#: Rooms, and the functions of labelled arrays.
ROOMS = ["labelled", *(one.name for one in iter_modules(finefield.__path__) if one.ispkg)]

PAGE = """# {room}

```{{eval-rst}}
.. py:module:: finefield.{room}

{about}

.. autosummary::
   :nosignatures:

   {names}

{entries}
```
"""


def write_pages(app) -> None:
    """Write `generated/api/{room}.md`; the page api.md has them all in its table of contents."""
    folder = Path(app.srcdir, "generated/api")
    folder.mkdir(parents=True, exist_ok=True)
    for room in ROOMS:
        module = import_module(f"finefield.{room}")
        members = {name: getattr(module, name) for name in module.__all__}
        entries = "\n\n".join(entry(value, name) for name, value in members.items())
        names = "\n   ".join(members)
        text = PAGE.format(room=room, about=module.__doc__, names=names, entries=entries)
        (folder / f"{room}.md").write_text(text, encoding="utf-8")


def entry(value: object, name: str) -> str:
    """What documents one name of a room."""
    if isinstance(value, type):
        return f".. autoclass:: {name}\n   :members:"
    if callable(value):
        return f".. autofunction:: {name}"
    return f".. py:data:: {name}\n   :type: {type(value).__name__}"


def offered() -> dict[str, str]:
    """Name with its module, as docstrings write it -> the same name in its room.

    `matching.match` is `finefield.subunits.match`, and so is the name alone, `match`, if no other
    room offers that name.
    """
    found = {}
    for room in ROOMS:
        members = import_module(f"finefield.{room}")
        for name in members.__all__:
            value = getattr(members, name)
            module = getattr(value, "__module__", members.__name__).rpartition(".")[2]
            for short in (f"{module}.{name}", name):
                full = f"finefield.{room}.{name}"
                found[short] = full if found.get(short, full) == full else None
    return found


def resolve(app, env, node: pending_xref, content: nodes.Element) -> nodes.Element | None:
    """Link of a name that a docstring of another room writes."""
    if node.get("refdomain") != "py":
        return None
    if not hasattr(env, "finefield_names"):
        env.finefield_names = offered()
    head, dot, member = node["reftarget"].partition(".")
    for short, rest in ((node["reftarget"], ""), (head, dot + member)):
        if full := env.finefield_names.get(short):
            domain = env.get_domain("py")
            return domain.resolve_xref(
                env, node["refdoc"], app.builder, "obj", full + rest, node, content
            )
    return None


class LinkedNames(SphinxTransform):
    """Make `finefield.room.name` in Markdown a link to the API."""

    default_priority = 5

    def apply(self) -> None:
        for node in list(self.document.findall(nodes.literal)):
            name, linked = node.astext(), isinstance(node.parent, nodes.reference | pending_xref)
            if name.startswith("finefield.") and not linked:
                about = {"reftarget": name, "refdoc": self.env.docname, "refwarn": False}
                link = pending_xref("", node.deepcopy(), refdomain="py", reftype="obj", **about)
                node.replace_self(link)


def setup(app) -> dict[str, bool]:
    app.connect("builder-inited", write_pages)
    app.connect("missing-reference", resolve)
    app.add_transform(LinkedNames)
    return {"parallel_read_safe": True}
