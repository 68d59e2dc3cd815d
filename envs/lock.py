"""Write envs/lock.txt: the release of every package that envs/requirements*.txt bring with them.

Usage: python envs/lock.py, with Python 3.11 on Linux: `make lock`.

The file is for pip's --constraint. The environments of STNMF and Brian2 are apart, as their
packages are older.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ENVS = Path(__file__).parent
HEADER = (
    "# Every package beneath envs/requirements*.txt, for pip's --constraint: Python 3.11, Linux.\n"
    "# Written by `make lock`. PyTorch's CUDA packages come with its GPU build alone, not here.\n"
)
#: Packages of PyTorch's GPU build.
CUDA = re.compile(r"nvidia-|cuda-|triton")


def resolved(requirements: list[Path]) -> dict[str, str]:
    """Name -> release of all that pip would install, from its dry run."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
    command += ["--quiet", "--report", "-"]
    for path in requirements:
        command += ["--requirement", str(path)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = [one["metadata"] for one in json.loads(said)["install"]]
    # "2.13.0+cpu" is a build of 2.13.0.
    return {
        re.sub(r"[-_.]+", "-", one["name"]).lower(): one["version"].split("+")[0] for one in found
    }


def main() -> None:
    apart = {ENVS / f"requirements-{name}.txt" for name in ("stnmf", "brian2")}
    paths = sorted(set(ENVS.glob("requirements*.txt")) - apart)
    releases = resolved(paths)
    lines = [f"{name}=={releases[name]}\n" for name in sorted(releases) if not CUDA.match(name)]
    (ENVS / "lock.txt").write_text(HEADER + "".join(lines))


if __name__ == "__main__":
    main()
