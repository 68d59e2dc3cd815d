"""A disk that is full, cannot be written or damages a file: named, mended, and nothing is lost."""

import os
import re
import subprocess

import pytest

pytestmark = pytest.mark.slow


class Disk:
    """A file system in memory, mounted on a folder.

    Parameters
    ----------
    folder : Path
        Where it is mounted.
    size : int
        Its size [bytes].
    """

    def __init__(self, folder, size):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)

    def remount(self, options):
        """Mount it once more with other options."""
        subprocess.run(["mount", "-o", f"remount,{options}", self.folder], check=True)

    def unmount(self):
        """Take it away with all that it holds."""
        subprocess.run(["umount", "--lazy", self.folder], check=True)


@pytest.fixture
def disk(project):
    """A disk with room for nearly all of a project's results."""
    if os.getuid():
        pytest.skip("only root can mount a file system")
    disk = Disk(project.folder / "results", 1 << 20)
    yield disk
    disk.unmount()


def test_a_full_disk_is_named_and_the_run_goes_on_when_there_is_room(project, disk, finished):
    whole = sum(path.stat().st_size for path in finished.files("results/**/*").values())
    disk.remount(f"size={0.8 * whole:.0f}")
    said = project.run("--cores", "2", "--keep-going", fails=True)
    assert "(0 MB are free)" in said and "make room on the disk" in said
    assert "Traceback" not in said
    whole, expected = project.contents(), finished.contents()
    assert whole and all(expected[name] == content for name, content in whole.items())
    assert not project.files("results/**/.*.part")
    disk.remount("size=1G")
    project.run("--cores", "2")
    assert project.contents() == expected


def test_results_that_cannot_be_written_are_named_before_any_job(project, disk):
    disk.remount("ro")
    said = project.run("--cores", "2", fails=True)
    assert "Traceback" not in said
    expected = r"the folder /.*/results: got a folder that cannot be written; .* Fix: "
    assert re.search(expected, said)
    assert not project.files("logs/**/*")


#: A job reads the last of these files only where the cell looks, in the file's first chunk.
MADE = "results/toy/filters/small/noise/left.nc"
READ = (
    "results/toy/models/small/noise/left.nc",
    "results/toy/responses/noise/left.nc",
    "results/toy/stimulus/noise.nc",
)


@pytest.mark.parametrize(("damaged", "place"), [*zip(READ, (0.01, 0.5, 0.3), strict=True)])
def test_a_flipped_bit_is_named_with_its_fix(copied, finished, damaged, place):
    """Snakemake sees no difference: neither size nor time has changed."""
    path, times = copied.folder / damaged, (copied.folder / damaged).stat()
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 4
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    (copied.folder / MADE).unlink()
    said = copied.run("--cores", "2", MADE, fails=True)
    said_so = rf"{damaged}: got .+; expected a whole NetCDF file"
    assert re.search(said_so, said)
    assert "Fix: delete it and run the workflow again" in said and "Traceback" not in said
    assert not (copied.folder / MADE).exists()
    path.unlink()
    copied.run("--cores", "2", MADE)
    assert copied.contents() == finished.contents()
