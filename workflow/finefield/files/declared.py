"""What files hold, said before any is written: groups, variables, dimensions, units, meanings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from textwrap import dedent

import numpy as np
import xarray as xr

from finefield.base.glossary import DIMENSIONS

#: Name of a file's root group.
ROOT = "/"
#: A line of `variables`: name, dimensions, units and meaning.
LINE = re.compile(r"(\w+)(?: \(([\w, ]+)\))?(?: \[(\w+)\])?: (.+)")


@dataclass(frozen=True)
class Variable:
    """A variable of a kind of file.

    Attributes
    ----------
    dims : tuple of str
        Its dimensions; empty for a single value.
    units : str
        "1" if it is dimensionless.
    long_name : str
        Its meaning.
    only : str
        Which files have it, such as "simulated cells"; empty if all do.
    """

    dims: tuple[str, ...]
    units: str
    long_name: str
    only: str = ""


#: The variables of a group by name.
Group = Mapping[str, Variable]


@dataclass(frozen=True)
class File:
    """A kind of file.

    Attributes
    ----------
    path : str
        Where it lies below the results of a dataset, such as ``"cells/{cell}.nc"``.
    meaning : str
        What it is.
    groups : dict of str to Group
        Its groups by name, `ROOT` being the root. Those of which no variable is in all files may be
        absent.
    absent : dict of str to str
        Further groups that may be absent, and which files have them.
    """

    path: str
    meaning: str
    groups: Mapping[str, Group]
    absent: Mapping[str, str] = field(default_factory=dict)

    def may_lack(self, name: str) -> bool:
        """Whether a group may be absent."""
        return name in self.absent or all(one.only for one in self.groups[name].values())


def variables(text: str, only: str = "") -> dict[str, Variable]:
    """Variables, declared one a line: ``name (dimensions) [units]: meaning``.

    Parameters
    ----------
    text : str
        The lines; without dimensions for a single value, without units for a dimensionless one.
    only : str
        Which files have them; empty if all do.

    Examples
    --------
    >>> found = variables("rate_scale [Hz]: scale of the softplus", only="networks")
    >>> found["rate_scale"]
    Variable(dims=(), units='Hz', long_name='scale of the softplus', only='networks')
    >>> variables("readout (filter, y, x): weight of each filter")["readout"].dims
    ('filter', 'y', 'x')
    """
    found = {}
    for line in dedent(text).strip().splitlines():
        name, dims, units, meaning = LINE.fullmatch(line).groups()
        found[name] = Variable(tuple(dims.split(", ")) if dims else (), units or "1", meaning, only)
    return found


def over(dimensions: str, group: Group, only: str = "") -> dict[str, Variable]:
    """The variables of a group over further dimensions, the first ones; `only` if it changes.

    Examples
    --------
    >>> over("seed", variables("step (epoch): training steps done"))["step"].dims
    ('seed', 'epoch')
    """
    return {
        name: replace(one, dims=(*dimensions.split(", "), *one.dims), only=only or one.only)
        for name, one in group.items()
    }


def dataset(group: Group, values: Mapping[str, object]) -> xr.Dataset:
    """Values with the declared dimensions, units and meanings.

    Parameters
    ----------
    group : Group
        What is declared.
    values : dict of str to array_like
        Values of each variable, and of coordinates, which have the name of a dimension. None is
        left out. Those with dimensions of their own, as xarray's, must have the declared ones.

    Returns
    -------
    xarray.Dataset

    Raises
    ------
    ValueError
        If the values are not what is declared.

    Examples
    --------
    >>> group = variables("firing_rate (frame) [Hz]: firing rate")
    >>> dataset(group, {"firing_rate": [1.0, 2.0]})["firing_rate"].attrs
    {'units': 'Hz', 'long_name': 'firing rate'}
    >>> dataset(group, {"fring_rate": [1.0, 2.0]})
    Traceback (most recent call last):
    ValueError: fring_rate is not declared; firing_rate is declared, but not given
    """
    values = {name: value for name, value in values.items() if value is not None}
    unknown = sorted(values.keys() - group.keys() - DIMENSIONS.keys())
    missing = [name for name, one in group.items() if not one.only and name not in values]
    faults = [f"{name} is not declared" for name in unknown]
    if faults := faults + [f"{name} is declared, but not given" for name in missing]:
        raise ValueError("; ".join(faults))
    return xr.Dataset({name: _variable(name, value, group) for name, value in values.items()})


def _variable(name: str, value: object, group: Group) -> xr.Variable:
    """One variable or coordinate, with its attributes."""
    data = np.asarray(getattr(value, "values", value))
    if name in group:
        about = group[name]
        dims, attributes = about.dims, {"units": about.units, "long_name": about.long_name}
    else:
        dims, attributes = (name,)[: np.ndim(data)], {"units": "1", "long_name": DIMENSIONS[name]}
        attributes |= getattr(value, "attrs", {})
    if np.ndim(data) != len(dims) or getattr(value, "dims", dims) != dims:
        given = ", ".join(getattr(value, "dims", [str(np.ndim(data))]))
        raise ValueError(f"{name} has dimensions {given}; declared are {', '.join(dims) or 'none'}")
    return xr.Variable(dims, data, attributes)
