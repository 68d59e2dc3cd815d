"""The report of a finished run, opened from the disk by a browser without a network."""

import json
import re
import shutil
import subprocess
from zipfile import ZipFile

import pytest
from PIL import Image

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="Debian's package chromium is not installed"
)
#: Clicks twice on the head of a column, and writes the first column into the page's title.
CLICK = """<script>
addEventListener('load', () => {
  const head = [...document.querySelectorAll('th')].find(one => one.textContent === 'NAME');
  head.click(); head.click();
  const rows = [...head.closest('table').tBodies[0].rows];
  document.title = 'order: ' + rows.map(row => row.cells[0].textContent).join(' ');
});
</script>"""


def opened(path, profile):
    """What a page has become after its scripts ran; every address on the network fails."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=8000"]
    options += ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}"]
    done = subprocess.run(
        [BROWSER, *options, "--dump-dom", path.as_uri()],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return done.stdout.decode()


@pytest.fixture(scope="module")
def report(finished, tmp_path_factory):
    """Folder of the unpacked report of the toy project."""
    project = finished.copy(tmp_path_factory.mktemp("report") / "project")
    project.run("--report", "report.zip")
    with ZipFile(project.folder / "report.zip") as packed:
        packed.extractall(project.folder / "unpacked")
    return project.folder / "unpacked/report"


@pytest.mark.slow
def test_the_start_page_says_what_was_run_and_what_came_out(report, tmp_path):
    page = opened(report / "report.html", tmp_path)
    text = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
    text = re.sub(r"<[^>]+>", " ", text)
    for part in (
        "Dataset toy", "3 simulated cells, of which 2 kept", "Outcome", "± ", "of 4",
        "cell silent dropped", "Settings that differ from their default", "models.small.steps",
        "Software and time", "minutes in all", "numpy",
    ):  # fmt: skip
        assert part in text, part
    assert "Loading Snakemake Report" not in text.split("Dataset toy")[1]


@pytest.mark.slow
def test_every_figure_and_table_is_there_with_a_caption(report, finished):
    page = (report / "report.html").read_text()
    results, categories = (
        json.loads(
            re.search(rf"<script id={name!r}>\s*var {name} = (.*?);\n".replace("'", '"'), page)[1]
        )
        for name in ("results", "categories")
    )
    shown = {*finished.files("results/toy/figures/**/*"), *finished.files("results/toy/report/*")}
    assert set(results) == shown and len(shown) == 19
    for name, entry in results.items():
        assert len(entry["caption"]) > 100 and "{{" not in entry["caption"], name
        raw = (report / entry["data_uri"]).read_bytes()
        assert raw == (finished.folder / name).read_bytes()
        assert set(entry["labels"]) == {"figure", "network", "stimulus", "cell"}
    assert [one[2:] for one in categories["toy"]] == [
        "Overview and tables", "Cells and networks", "Subunits", "Transfer", "Training",
        "Composites",
    ]  # fmt: skip


@pytest.mark.slow
def test_a_click_sorts_a_table(report, tmp_path):
    (table,) = report.rglob("networks.html")
    clicked = tmp_path / "clicked.html"
    clicked.write_text(table.read_text() + CLICK.replace("NAME", "correlation"))
    page = opened(clicked, tmp_path / "profile")
    order = re.search(r"<title>order: (.*?)</title>", page)[1].split()
    scores = dict(
        re.findall(r"<td>(\w+)</td><td>small</td><td>noise</td><td>\w*</td><td>([\d.]*)</td>", page)
    )
    assert set(order) == {"left", "right", "silent"}
    falling = sorted(scores, key=lambda cell: -float(scores[cell] or "-inf"))
    assert order == falling, "the second click sorts by falling value"


@pytest.mark.slow
def test_figures_are_seen_in_the_browser(report, tmp_path):
    """The summary, drawn by the browser with its own fonts, has colour."""
    (figure,) = report.rglob("summary.svg")
    picture = tmp_path / "picture.png"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=900,600"]
    subprocess.run(
        [BROWSER, *options, f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={picture}",
         figure.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with Image.open(picture) as image:
        colors = {color for _, color in image.convert("RGB").getcolors(1 << 20)}
    assert (213, 94, 0) in colors, "the colour of the first network"
