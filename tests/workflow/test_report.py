"""The report of a finished run, opened from the disk by a browser without a network."""

import json
import re
import shutil
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
from helpers import browser
from helpers.project import ROOT, Project
from PIL import Image
from selenium.webdriver.support.wait import WebDriverWait

pytestmark = pytest.mark.skipif(bool(browser.WHY_NOT), reason=browser.WHY_NOT)
CATEGORIES = [
    "Overview and tables", "Cells and networks", "Subunits", "Transfer", "Training", "Composites",
]  # fmt: skip


def unpacked(project: Project, folder: Path, *arguments: str) -> Path:
    """Page of a project's report, made and unpacked in a folder."""
    project.run("--report", str(folder / "report.zip"), *arguments)
    with ZipFile(folder / "report.zip") as packed:
        packed.extractall(folder)
    return folder / "report/report.html"


@pytest.fixture(scope="module")
def toy(finished, tmp_path_factory):
    """The toy project after its first run, and the page of its report."""
    folder = tmp_path_factory.mktemp("report")
    project = finished.copy(folder / "project")
    return project, unpacked(project, folder)


@pytest.fixture(
    params=[
        pytest.param("toy", marks=pytest.mark.slow),
        pytest.param("simulated", marks=pytest.mark.results),
        pytest.param("recorded", marks=pytest.mark.results),
    ]
)
def page(request, tmp_path):
    """Dataset of a run, and the page of the run's report."""
    if request.param == "toy":
        return request.param, request.getfixturevalue("toy")[1]
    config = {"simulated": "config/config.yaml", "recorded": "tests/recorded.yaml"}[request.param]
    if request.param == "recorded" and not (ROOT.parent / "shared/recordings").exists():
        pytest.skip("the recordings are no part of the project")
    return request.param, unpacked(Project(ROOT), tmp_path, "--configfile", config)


def colors(path: Path) -> int:
    """Number of colours of a picture."""
    with Image.open(path) as image:
        return len(image.convert("RGB").getcolors(1 << 24))


def look_at_the_start_page(reader, dataset):
    text = reader.all("#app")[0].text
    for part in (
        f"Dataset {dataset}",
        "Outcome",
        "Dropped cells and warnings",
        "Software and time",
    ):
        assert part in text, part
    assert colors(reader.screenshot("start")) > 100


def look_at_a_figure(reader, category):
    """The picture that a click on the first eye of a category shows."""
    reader.click(category)
    reader.all("nav tbody [iconname=eye]")[0].click()
    (picture,) = reader.all("#app img[src^=data\\/]")
    seen = "return arguments[0].decode().then(() => arguments[0].naturalWidth)"
    assert reader.driver.execute_script(seen, picture) > 100, category
    assert colors(reader.screenshot(category)) > 50, category


def sort_a_table(reader, overview):
    """A second click on the head of a column sorts by falling value."""
    reader.click(overview)
    (row,) = [row for row in reader.all("nav tbody tr") if "table of networks" in row.text]
    row.find_element("css selector", "[iconname=eye]").click()
    reader.driver.switch_to.frame(reader.all("iframe")[0])
    names = [head.text for head in reader.all("thead th")]
    head = reader.all("thead th")[names.index("correlation")]
    shown = []
    for _ in range(2):
        head.click()
        cells = [row.find_elements("css selector", "td") for row in reader.all("tbody tr")]
        shown.append([row[names.index("correlation")].text for row in cells])
    reader.driver.switch_to.default_content()
    reader.screenshot("table")
    values = pd.to_numeric(pd.Series(shown[1], dtype=object), errors="coerce").dropna()
    assert len(values) > 1 and values.is_monotonic_decreasing, shown[1]
    assert pd.to_numeric(pd.Series(shown[0]), errors="coerce").dropna().is_monotonic_increasing


def watch_a_film(reader, training):
    """The film opens in a window of its own, and its pictures differ."""
    reader.click(training)
    rows = [row for row in reader.all("nav tbody tr") if "film" in row.text]
    rows[0].find_element("css selector", "[iconname=eye]").click()
    start, film = reader.driver.window_handles
    reader.driver.switch_to.window(film)
    (picture,) = reader.all("img")
    assert picture.get_attribute("src").endswith("_film.gif")
    first = reader.screenshot("film").read_bytes()
    WebDriverWait(reader.driver, 60).until(
        lambda _: reader.screenshot("film_later").read_bytes() != first, "the film stands still"
    )
    reader.driver.close()
    reader.driver.switch_to.window(start)


def test_a_reader_clicks_from_the_start_page_to_figures_a_table_and_a_film(page, tmp_path):
    """In the report of the toy project, of the default run, and of a recorded run."""
    dataset, path = page
    with browser.opened(path, tmp_path) as reader:
        look_at_the_start_page(reader, dataset)
        reader.click("Results")
        offered = [link.text for link in reader.all("nav li > a.block")]
        if dataset in offered:
            reader.click(dataset)
            offered = [link.text for link in reader.all("nav li > a.block")]
        assert [link.split(" ", 1)[1] for link in offered] == CATEGORIES
        for category in offered:
            if "Overview" in category:
                sort_a_table(reader, category)
            elif "Training" in category:
                watch_a_film(reader, category)
            else:
                look_at_a_figure(reader, category)
            reader.click(dataset)
        assert not reader.errors()
        asked = reader.addresses()
    folder = path.parent.as_uri()
    assert len(asked) > 5 and all(address.startswith(folder) for address in asked), asked


@pytest.mark.slow
def test_the_start_page_says_what_was_run_and_what_came_out(toy, tmp_path):
    with browser.opened(toy[1], tmp_path) as reader:
        text = reader.all("#app")[0].text
        (picture,) = reader.all("#app .prose svg")
        assert picture.size["width"] > 600 and "Known subunits" in picture.text
    for part in (
        "Dataset toy", "3 simulated cells, of which 2 kept", "Outcome", "± ", "of 4",
        "cell silent dropped", "Settings that differ from their default", "models.small.steps",
        "Software and time", "minutes in all", "numpy", "A first look",
    ):  # fmt: skip
        assert part in text, part
    assert "has not ended" not in text


@pytest.mark.slow
def test_a_run_that_has_not_ended_has_a_report_that_says_so(toy, tmp_path):
    """Of a project without the pages, and without the figures of some rules."""
    project = toy[0].copy(tmp_path / "project")
    for name in ("report", "figures/paper"):
        shutil.rmtree(project.folder / "results/toy" / name)
    (project.folder / "results/toy/figures/summary.svg").unlink()
    path = unpacked(project, tmp_path)
    with browser.opened(path, tmp_path) as reader:
        text = reader.all("#app")[0].text
        assert "The run has not ended yet" in text and "models.small.steps" in text
        reader.click("Results")
        assert any("Transfer" in link.text for link in reader.all("nav li > a.block"))
        assert not reader.errors()


@pytest.mark.slow
def test_every_figure_and_table_is_there_with_a_caption(toy):
    project, path = toy
    page = path.read_text()
    results, categories = (
        json.loads(re.search(rf'<script id="{name}">\s*var {name} = (.*?);\n', page)[1])
        for name in ("results", "categories")
    )
    shown = {*project.files("results/toy/figures/**/*"), *project.files("results/toy/report/*")}
    assert set(results) == shown and len(shown) == 19
    for name, entry in results.items():
        assert len(entry["caption"]) > 100 and "{{" not in entry["caption"], name
        raw = (path.parent / entry["data_uri"]).read_bytes()
        assert raw == (project.folder / name).read_bytes()
        assert set(entry["labels"]) == {"figure", "network", "stimulus", "cell"}
    assert [one[2:] for one in sorted(categories["toy"])] == CATEGORIES
