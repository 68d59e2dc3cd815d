"""Find the modules of one cell by STNMF, fit an output, and test it on the frozen sequence."""

from finefield.base.rng import generator
from finefield.files.cell import read_window
from finefield.files.model import write_training
from finefield.files.responses import read_responses, read_test
from finefield.files.stimulus import read_stimulus
from finefield.files.store import provenance
from finefield.job import run
from finefield.networks.settings import NetworkSettings
from finefield.networks.stnmf.fitting import train_stnmf


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
