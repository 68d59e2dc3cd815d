"""What every job of the workflow does around its call: arguments, log, errors, dropped cells."""

import inspect
import logging
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import TypeAdapter

from finefield.base.errors import CellError, UserError
from finefield.base.memory import keep_freed, use_large_pages
from finefield.files import store
from finefield.folder import DONE, hold

#: Keys of the config that say by what a job computes. They are no params, as their change reruns
#: nothing, and no resources, as in a group of jobs only numbers may differ between resources.
MACHINE = ("device", "stnmf_python")


def run(function: Callable, snakemake, save_text: Callable | None = None) -> None:
    """Call a script's function as a job of the workflow.

    Parameters
    ----------
    function : callable
        A function with keyword-only parameters; each is given by its name, as in `arguments`.
    snakemake
        The object that Snakemake gives to scripts.
    save_text : callable, optional
        Saves a picture that says why its cell was dropped: called with a text, a path and the
        config's part `figures`. Without it outputs are NetCDF files.

    Notes
    -----
    Messages go to the rule's log and to the screen; so does a traceback, or for what a user can
    mend the bare message.

    A job of one cell, one with a wildcard `cell`, does not call its function if an input says that
    the cell was dropped: every output then says so in turn. So it does after a `CellError`, so that
    no single cell stops a run. A job without this wildcard collects
    cells, and asks by `store.dropped_reason` itself.
    """
    start = time.monotonic()
    keep_freed()
    use_large_pages()
    hold()
    where = " ".join(snakemake.wildcards)
    logging.basicConfig(
        level=logging.INFO,
        format=f"{snakemake.rule} {where}: %(message)s",
        handlers=[logging.StreamHandler(), logging.FileHandler(snakemake.log[0], "w")],
    )
    try:
        given, cell = arguments(function, snakemake), snakemake.wildcards.get("cell")
        reason = store.dropped_reason(snakemake.input) if cell else None
        if reason:
            logging.info("cell dropped: %s", reason)
        else:
            reason = _reason_of(function, given, cell)
        if reason:
            _hand_on(reason, cell, snakemake, save_text)
    except UserError as error:
        logging.error(error)
        sys.exit(1)
    except Exception:
        logging.exception("failed")
        sys.exit(1)
    logging.info("%s %.1f s", DONE, time.monotonic() - start)


def _reason_of(function: Callable, given: Mapping[str, object], cell: str | None) -> str:
    """Call a script's function; why its cell is dropped, or nothing."""
    try:
        function(**given)
    except CellError as error:
        if cell is None:
            raise
        logging.warning("cell dropped: %s", error)
        return f"{error.thing}: {error.got}"
    return ""


def _hand_on(reason: str, cell: str, snakemake, save_text: Callable | None) -> None:
    """Let every output say why its cell was dropped."""
    for path in snakemake.output:
        if save_text is None:
            store.write_dropped(path, reason)
        else:
            kind = inspect.signature(save_text).parameters["style"].annotation
            style = _typed(snakemake.params.style, kind)
            save_text(f"cell {cell} dropped: {reason}", path, style)


def arguments(function: Callable, snakemake) -> dict[str, object]:
    """Keyword arguments of a script's function, from what Snakemake gives to the script.

    Parameters
    ----------
    function : callable
        A function with keyword-only parameters.
    snakemake
        The object that Snakemake gives to scripts. It offers the named inputs, params, named
        outputs, or `output` for a single one without a name, the config's keys of `MACHINE`,
        `threads`, and `wildcards` as a dict, in the order of the output's pattern.

    Returns
    -------
    dict
        An argument for each parameter, of the type that the parameter has, such as settings; what
        no parameter names is left out.

    Raises
    ------
    TypeError
        If nothing has the name of a parameter without default, or if two things have one name.
    """
    offered: dict[str, object] = {}
    for things in _things(snakemake):
        if twice := sorted(offered.keys() & things.keys()):
            raise TypeError(f"rule {snakemake.rule} has two things called {', '.join(twice)}")
        offered |= things
    parameters = inspect.signature(function).parameters
    absent = [
        name
        for name, parameter in parameters.items()
        if name not in offered and parameter.default is parameter.empty
    ]
    if absent:
        called = f"{Path(inspect.getfile(function)).name}: {function.__name__}"
        raise TypeError(f"{called} wants {', '.join(absent)}, which rule {snakemake.rule} lacks")
    return {
        name: _typed(offered[name], parameter.annotation)
        for name, parameter in parameters.items()
        if name in offered
    }


def _typed(value: object, kind: object) -> object:
    """A value as the type of its parameter, such as settings from a dict."""
    return value if kind is inspect.Parameter.empty else TypeAdapter(kind).validate_python(value)


def _things(snakemake) -> list[Mapping[str, object]]:
    """What a job has, by name."""
    unnamed = len(snakemake.output) == 1 and not snakemake.output.keys()
    return [
        dict(snakemake.input.items()),
        dict(snakemake.params.items()),
        {"output": snakemake.output[0]} if unnamed else dict(snakemake.output.items()),
        {key: snakemake.config[key] for key in MACHINE if key in snakemake.config},
        {"wildcards": dict(snakemake.wildcards.items()), "threads": snakemake.threads},
    ]
