"""Contradictions between the keys of a recorded dataset."""

from finefield.base.errors import UserError
from finefield.config.checks import check_inside, named_cells, require
from finefield.config.phrases import plain
from finefield.config.types import OwnResponses, RecordedDataset
from finefield.stimuli.settings import Frames, NumpyNoise


def check_recorded(where: str, dataset: RecordedDataset) -> None:
    """Cells are named once, sizes are in order, the two sequences differ."""
    names = named_cells(dataset) or []
    good = len(set(names)) == len(names)
    require(good, f"{where}.cells", dataset.cells, "each cell once", "remove the repeats")
    field, thing = dataset.receptive_field, f"{where}.receptive_field"
    for small, large, unit in (("min_crop", "max_crop", "pixels"), ("min_size", "max_size", "um")):
        low, high = getattr(field, small), getattr(field, large)
        expected, fix = f"at least {small}, {low:g} {unit}", f"raise it or lower {small}"
        require(high >= low, f"{thing}.{large}", f"{high:g}", expected, fix)
    for name, crop in dataset.crops.items():
        thing = f"{where}.crops.{name}"
        check_inside(thing, crop, dataset.field, f"{where}.field")
    _check_parts(where, dataset)
    _check_own_responses(where, dataset)
    for name, stimulus in dataset.stimuli.items():
        _check_frozen(f"{where}.stimuli.{name}", stimulus)
        if isinstance(stimulus, Frames):
            _check_axes(f"{where}.stimuli.{name}", stimulus)
        if isinstance(stimulus, NumpyNoise):
            _check_drawn(f"{where}.stimuli.{name}", stimulus)


def _check_frozen(where: str, stimulus: OwnResponses) -> None:
    """A frozen sequence has both frames and responses, or neither."""
    source = next(key for key in ("frozen_seed", "frozen_file") if hasattr(stimulus, key))
    given, default = getattr(stimulus, source), type(stimulus).model_fields[source].default
    key = f"layout.{stimulus.layout.key_of('frozen')}"
    if "frozen" in stimulus.layout.sequences:
        expected = f"what the frozen sequence showed, as {key} names the responses to it"
        fix = f"add the key, or set {key}: null if no sequence was repeated"
        require(given is not None, f"{where}.{source}", "no such key", expected, fix)
    else:
        expected = f"no such key, as {key} is null"
        fix = f"remove it, or name the responses in {key}"
        require(given in (None, default), f"{where}.{source}", given, expected, fix)


def _check_parts(where: str, dataset: RecordedDataset) -> None:
    """The frames with which parts begin are as many as the recording's files."""
    for stimulus in dataset.stimuli.values():
        starts, files = stimulus.layout.parts, stimulus.recording
        files = [files] if isinstance(files, str) else files
        good = isinstance(starts, str) or len(starts) == len(files)
        expected = f"a frame for each of {len(files)} files"
        require(good, f"{where}.layout.parts", starts, expected, "name as many frames as files")


def _check_axes(where: str, stimulus: Frames) -> None:
    """The axes of a file are complete, and the channel is chosen where one of them is."""
    order = stimulus.order
    expected, fix = "frame, y and x, and perhaps channel", "name each axis of the file once"
    require({*order} >= {"frame", "y", "x"}, f"{where}.order", plain(order), expected, fix)
    good = "channel" not in order or stimulus.channel is not None
    fix = "add channel, counted from 0, or take it out of order"
    require(good, f"{where}.channel", "no channel", "the number of one where order has it", fix)


def _check_drawn(where: str, stimulus: NumpyNoise) -> None:
    """Noise has no key that it would not use, and tells the size of the array that was drawn."""
    if stimulus.distribution == "gaussian":
        for key, default in (("threshold", None), ("bright", "above")):
            value, expected = getattr(stimulus, key), "no such key with distribution: gaussian"
            require(value == default, f"{where}.{key}", value, expected, "remove the key")
    if stimulus.drawn_order[0] == "frame":
        return
    for key in ("running_seed", "frozen_seed"):
        value = getattr(stimulus, key)
        got = f"{value} with order {plain(stimulus.order)}"
        expected = "also the number of frames of the array, as it decides about every number in it"
        fix = f"write {key}: [{{seed: {value}, frames: N}}], with the frames that were drawn for N"
        require(not isinstance(value, int), f"{where}.{key}", got, expected, fix)


def _check_own_responses(where: str, dataset: RecordedDataset) -> None:
    """No two sequences of a recorded dataset are the same variable of the same file."""
    taken = {}
    for name, stimulus in dataset.stimuli.items():
        running = stimulus.layout.key_of("running")
        for sequence, variable in stimulus.layout.sequences.items():
            key = stimulus.layout.key_of(sequence)
            other, other_key = taken.setdefault((str(stimulus.recording), variable), (name, key))
            if other != name:
                got = f"a stimulus without responses of its own: {key} is that of {other}, too"
                expected = f"another {key}, or another recording"
                fix = "give the stimulus its layout or its recording, or remove it"
                raise UserError(f"{where}.stimuli.{name}", got, expected, fix)
            thing = f"{where}.layout.{key}"
            if stimulus.layout != dataset.layout:
                thing = f"{where}.stimuli.{name}.layout.{key}"
            expected, fix = f"another one than {running}", "name both as in the recording"
            require(other_key == key, thing, variable, expected, fix)
