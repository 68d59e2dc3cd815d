"""Circuits: mosaics, what ganglion cells pool, what neighbours share, and what is refused."""

import numpy as np
import pytest
from scipy.spatial import KDTree

from finefield.base.errors import UserError
from finefield.config.reading import complete
from finefield.simulation.cell import build_cell
from finefield.simulation.drawn.lattice import mosaic
from finefield.simulation.physiology import physiology

TYPES = {"small": {"dendrites": 80}, "large": {"dendrites": 120, "spacing": 160}}


def config(types=TYPES, bipolar=None, **dataset):
    circuit = {"types": types, "bipolar_cells": bipolar or {}}
    field = {"height": 44, "width": 44, "pixel_size": 30}
    about = {"kind": "simulated", "field": field, "circuit": circuit}
    return {"datasets": {"d": about | dataset}}


def cells(*args, **keys):
    return complete(config(*args, **keys)).datasets["d"].cells


def places(cell):
    """Places of a cell's bipolar cells on the field [um]."""
    crop = cell.crop
    return [(round(crop.y + one.y, 2), round(crop.x + one.x, 2)) for one in cell.subunits]


def test_a_mosaic_has_its_density_and_keeps_its_distances():
    found = mosaic(500, 0.1, 2000, 3000, np.random.default_rng(3))
    assert len(found) == pytest.approx(500 * 6, rel=0.03)
    spacing = 1000 * np.sqrt(2 / np.sqrt(3) / 500)
    nearest = KDTree(found).query(found, k=2)[0][:, 1]
    assert np.median(nearest) == pytest.approx(0.85 * spacing, rel=0.1)
    assert nearest.min() > 0.3 * spacing
    assert ((found >= 0) & (found <= [2000, 3000])).all()


def test_cells_pool_all_bipolar_cells_within_their_dendrites():
    drawn = cells()
    everywhere = {place for cell in drawn.values() for place in places(cell)}
    for cell in drawn.values():
        own = np.array(places(cell))
        reach = TYPES[cell.type]["dendrites"] / 30
        # The circle through the own bipolar cells holds no other one well inside it.
        middle = own.mean(0)
        others = np.array(sorted(everywhere - set(places(cell))))
        assert np.linalg.norm(own - middle, axis=1).max() < 1.6 * reach
        assert np.linalg.norm(others - middle, axis=1).min() > 0.4 * reach


def test_neighbours_share_bipolar_cells_that_see_the_same():
    drawn = cells(bipolar={"surround": {}})
    built = {name: build_cell(cell, 30.0) for name, cell in drawn.items()}
    shared = 0
    for one, first in drawn.items():
        for other, second in drawn.items():
            common = set(places(first)) & set(places(second)) if one < other else ()
            shared += len(common)
            for place in common:
                images = [
                    on_field(built[name], places(drawn[name]).index(place)) for name in (one, other)
                ]
                assert np.allclose(*images, atol=2e-3)
    assert shared > 30


def on_field(cell, number):
    image = np.zeros((44, 44))
    image[cell.window.slices] = cell.subunits[number]
    return image


def test_a_circuit_does_not_depend_on_its_other_types():
    alone = cells({"small": TYPES["small"]})
    both = cells()
    assert all(both[name] == cell for name, cell in alone.items())
    assert [cell.type for cell in both.values()] == ["small"] * 6 + ["large"] * 6


def test_completing_a_circuit_again_changes_nothing():
    once = complete(config())
    assert complete(once) == once


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"types": {"a": {"dendrites": 1}}}, r"types\.a\.dendrites: got 1 um, in which no bipolar"),
        (
            {"types": {"a": {"cells": 400}}},
            r"types\.a\.cells: got 400, of which number \d+ lies off",
        ),
        ({"bipolar": {"density": 2.3e-4}}, r"density: got 0\.00023; expected a number from 10"),
        ({"bipolar": {"sd": 0.03}}, r"sd: got 0\.03; expected a number from 1 to 500 \[um\]"),
        ({"types": {"a": {"membrane": {"leak_reversal": -0.065}}}}, r"leak_reversal: got -0\.065"),
        ({"types": {"a": {"membrane": {"leak": 500}}}}, r"membrane\.leak: got 500"),
        (
            {"types": {"a": {"membrane": {"fohlmeister_miller": {"step": 0.5}}}}},
            r"step: got 0\.5; expected a number from 0\.001 to 0\.1 \[ms\]",
        ),
        ({"bipolar": {"gain_control": {"time_constant": 0.1}}}, r"time_constant: got 0\.1"),
    ],
)
def test_what_cannot_be_is_refused_before_any_job(changes, words):
    with pytest.raises(UserError, match=words):
        complete(config(**changes))


def test_a_membrane_of_a_cell_whose_spikes_are_drawn_is_refused():
    cell = {"crop": {"y": 0, "x": 0}, "subunits": [{"shape": "block", "y": 0, "x": 0}]}
    with pytest.raises(UserError, match=r"a\.membrane: got a membrane with spikes: bernoulli"):
        complete(config(cells={"a": cell | {"membrane": {}}}))


def test_a_surround_of_blocks_is_refused():
    cell = {"crop": {"y": 0, "x": 0}, "subunits": [{"shape": "block", "y": 0, "x": 0}]}
    with pytest.raises(UserError, match=r"a\.surround: got a surround of subunits of shape block"):
        complete(config(cells={"a": cell | {"surround": {}}}))


def test_a_cell_of_several_subunits_sums_nonlinearly_and_one_of_one_linearly():
    several = cells({"a": {"cells": 1, "spikes": "poisson", "threshold_sd": 0}})["a_0"]
    one = several.changed(subunits=several.subunits[:1])
    rng = np.random.default_rng(0)
    index = [
        physiology(build_cell(cell, 30.0), 30.0, rng).nonlinearity_index for cell in (several, one)
    ]
    assert index[0] > 1 > index[1]


def test_rates_grow_with_contrast():
    cell = cells({"a": {"cells": 1}})["a_0"]
    found = physiology(build_cell(cell, 30.0), 30.0, np.random.default_rng(0))
    assert (np.diff(found.contrast_response) > 0).all()
    assert found.frequency == pytest.approx(2)


def test_a_cell_that_flicker_drives_too_hard_is_tried_and_named(caplog):
    """Its rate in its own stimulus may be that of a ganglion cell."""
    cell = cells({"a": {"cells": 1, "spikes": "lif"}})["a_0"]
    hard = cell.changed(membrane=cell.membrane.changed(excitation=10 * cell.membrane.excitation))
    found = physiology(build_cell(hard, 30.0), 30.0, np.random.default_rng(0))
    assert found.contrast_response.max() > 150
    assert "no ganglion cell fires above 150 Hz" in caplog.text
