"""Find the modules of one cell by STNMF, fit an output, and test it on the frozen sequence."""

from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.files.models import write_training
from finefield.job import run
from finefield.networks.settings import NetworkSettings
from finefield.networks.stnmf import train_stnmf


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
    window, name = files.read_window(cell), wildcards["cell"]
    training = train_stnmf(
        files.read_stimulus(stimulus, window),
        files.read_responses(responses),
        model_settings,
        generator(seed, *wildcards.values(), "factorisation"),
        stnmf_python,
        threads,
    )
    test = files.read_test(stimulus, responses, window, model_settings.lags)
    about = {"seed": seed, "model": model_settings}
    title = f"{wildcards['model']} of cell {name}"
    attributes = store.provenance(title, about, "factorised")
    write_training(output, training, test, name, attributes)


if __name__ == "__main__":
    run(factorise, snakemake)
