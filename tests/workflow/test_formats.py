"""One recording in every format gives the same files, to the byte."""

import pytest
from helpers.formats import COUNT_FORMATS, TIME_FORMATS
from helpers.project import Project
from helpers.recordings import CELLS, RATE, simulate

pytestmark = pytest.mark.slow

FORMATS = COUNT_FORMATS | TIME_FORMATS


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with a dataset for each format, all of them imported."""
    folder = tmp_path_factory.mktemp("formats") / "project"
    simulated, datasets = simulate(), {}
    for name, write in FORMATS.items():
        path = folder.parent / name
        dataset = {"kind": "recorded", "recording": str(path), "layout": write(simulated, path)}
        dataset["field"] = {"height": 6, "width": 7, "frame_rate": RATE}
        datasets[name.replace(".", "_")] = dataset
    models = {"small": {"lags": 4}}
    config = {"datasets": datasets, "models": models, "sta": {"lags": 4}}
    made = Project.from_sources(folder, config)
    files = [f"results/{name}/{file}" for name in datasets for file in FILES if file != named(name)]
    made.run("--cores", "2", *files)
    return made


FILES = ["stimulus/white_noise.nc", *(f"responses/white_noise/{cell}.nc" for cell in CELLS)]


def named(dataset):
    """The file that a format lacks which numbers its cells."""
    return f"responses/white_noise/{CELLS[-1]}.nc" if dataset == "phy" else ""


@pytest.mark.parametrize("file", FILES)
def test_every_format_gives_the_same_file(project, file):
    contents = {path.read_bytes() for path in project.files(f"results/*/{file}").values()}
    having = [name for name in FORMATS if file != named(name)]
    assert len(project.files(f"results/*/{file}")) == len(having)
    assert len(contents) == 1
