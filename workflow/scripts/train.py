"""Train one network on one cell, and test it on the frozen sequence."""

from finefield import files, store
from finefield.rng import generator
from finefield.scores import correlation
from finefield.training import train
from scripts.job import run


def main(snakemake):
    params, inputs = snakemake.params, snakemake.input
    window = files.read_window(inputs.cell)
    stimulus = files.read_stimulus(inputs.stimulus, window)
    responses = files.read_responses(inputs.responses)
    seed = generator(params.seed, *snakemake.wildcards, "training")
    training = train(stimulus, responses, params.model, seed)
    test = files.read_test(inputs.stimulus, inputs.responses, window, params.model["lags"])
    predicted = training.network.predict(test.stimulus, test.newest)
    name = snakemake.wildcards.cell
    data, readout = training.network.to_datasets()
    data = data.merge(training.curves(), combine_attrs="no_conflicts").assign(
        correlation=correlation(predicted, test.measured)
    )
    data = data.assign_coords(cell=name)
    data.attrs["frame_rate"] = responses.frame_rate
    data.attrs |= store.provenance(f"{snakemake.wildcards.model} of cell {name}", params, "trained")
    groups = {"readout": readout, "frozen": test.dataset(predicted)}
    store.write(snakemake.output[0], data, groups)


run(main, snakemake)
