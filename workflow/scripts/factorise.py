"""Find the modules of one cell by STNMF, fit an output, and test it on the frozen sequence."""

from finefield.base import generator
from finefield.files import (
    provenance,
    read_responses,
    read_stimulus,
    read_test,
    read_window,
    write_training,
)
from finefield.job import run
from finefield.networks import NetworkSettings, train_stnmf


def factorise(
    *,
    stimulus,
    cell,
    responses,
    model_settings: NetworkSettings,
    seed,
    stnmf_python,
    threads,
    wildcards,
    output,
):
    window, about = read_window(cell), {"seed": seed, "model": model_settings}
    training = train_stnmf(
        read_stimulus(stimulus, window),
        read_responses(responses),
        model_settings,
        generator(seed, *wildcards.values(), "factorisation"),
        stnmf_python,
        threads,
    )
    test = read_test(stimulus, responses, window, model_settings.lags)
    title = f"{wildcards['model']} of cell {wildcards['cell']}"
    about = provenance(title, about, "factorised")
    write_training(output, wildcards["cell"], training, test, about)


if __name__ == "__main__":
    run(factorise, snakemake)
