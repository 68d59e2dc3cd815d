"""Make the pictures of docs/gallery.md, and the README's, from the default run: `make gallery`."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

IMAGES = Path(__file__).parent / "images"
RUN = Path("results/simulated/figures")
#: Figure of the default run -> its picture in docs/images/.
PICTURES = {
    "finefield/white_noise/yan2020": "yan2020",
    "paper/1": "gallery/circuit",
    "paper/2": "gallery/filters",
    "paper/5": "gallery/transfer",
    "paper/6": "gallery/stimuli",
    "field": "gallery/field",
    "summary": "gallery/summary",
    "physiology/overlapping_gaussians": "gallery/physiology",
    "finefield/subunits_white_noise": "gallery/subunits",
    "finefield/mosaic_white_noise": "gallery/mosaic",
    "finefield/transfer": "gallery/grids",
    "finefield/similarity": "gallery/similarity",
    "stimuli": "gallery/scores",
}

if __name__ == "__main__":
    targets = [str(RUN / f"{name}.png") for name in PICTURES]
    command = [sys.executable, "-m", "snakemake", "--cores", "all", "--rerun-incomplete"]
    command += ["--configfile", "config/config.yaml"]
    command += ["--config", "figures={format: png}", "--", *targets]
    subprocess.run(command, check=True)
    for name, picture in PICTURES.items():
        path = IMAGES / f"{picture}.png"
        path.parent.mkdir(exist_ok=True)
        with Image.open(RUN / f"{name}.png") as image:
            # Of 256 colours, none of which is far from its own: a third of the size.
            few = image.convert("RGB").quantize(
                256, method=Image.Quantize.MAXCOVERAGE, kmeans=5, dither=Image.Dither.NONE
            )
            few.save(path, optimize=True)
