"""What files hold is said once: every declared name has one meaning, every dimension is known."""

import pytest

from finefield.base.glossary import DIMENSIONS
from finefield.files.declared import dataset, variables
from finefield.tables.reference import FILES

DECLARED = [
    (file, place, name, variable)
    for file in FILES
    for place, group in file.groups.items()
    for name, variable in group.items()
]


def test_every_dimension_is_in_the_glossary_and_none_is_a_variable():
    used = {dimension for *_, variable in DECLARED for dimension in variable.dims}
    assert used == DIMENSIONS.keys()
    assert not {name for _, _, name, _ in DECLARED} & DIMENSIONS.keys()


def test_every_variable_has_units_and_a_meaning():
    for _, _, name, variable in DECLARED:
        assert variable.units and variable.long_name, name


def test_a_kind_of_file_is_declared_once():
    paths = [file.path for file in FILES]
    assert len(set(paths)) == len(paths)


def test_a_line_that_says_too_little_is_refused():
    with pytest.raises(AttributeError):
        variables("firing_rate")


def test_values_take_the_declared_dimensions_and_units():
    group = variables("""
        spike_count (cell, frame): spikes
        firing_rate (cell, frame) [Hz]: firing rate
    """)
    data = dataset(group, {"cell": ["a"], "spike_count": [[1, 2]], "firing_rate": [[30.0, 60.0]]})
    assert data["firing_rate"].dims == ("cell", "frame")
    assert data["firing_rate"].attrs == {"units": "Hz", "long_name": "firing rate"}
    assert data["cell"].attrs["long_name"] == DIMENSIONS["cell"]
    turned = data["firing_rate"].transpose("frame", "cell")
    with pytest.raises(ValueError, match="dimensions frame, cell; declared are cell, frame"):
        dataset(group, {"spike_count": [[1, 2]], "firing_rate": turned})
