"""Keys of the config about stimuli: the field, and how each kind of stimulus is made."""

from itertools import permutations
from typing import Annotated, Literal

from annotated_types import Ge, Interval, Len, MinLen
from pydantic import Tag

from finefield.base.settings import (
    Fraction,
    PathText,
    Positive,
    Settings,
    Unique,
    kind_of,
    one_of,
    refused,
)

TwoNumbers = Annotated[list[float], Len(2, 2)]
#: Axes of an array, in any order.
Order = one_of(*map(list, permutations(["frame", "y", "x"])))
FileOrder = Annotated[list[Literal["frame", "y", "x", "channel"]], Len(3, 4), *Unique]
#: MATLAB's generators whose numbers are not regenerated, and what to do about such numbers.
OTHER_GENERATORS = ["state", "seed", "v4", "v5uniform", "v5normal", "combRecursive", "philox"]
OTHER_GENERATORS += ["threefry", "multFibonacci", "simdTwister", "dsfmt19937"]
SAVE = " are not regenerated; save the frames that were shown, and give them with kind: frames"


class StimulusField(Settings):
    """The stimulus field that all cells of the dataset look at."""

    height: Annotated[int, Ge(1)] = 24
    """Rows [pixels]."""
    width: Annotated[int, Ge(1)] = 36
    """Columns [pixels]."""
    pixel_size: Positive = 30
    """Side of a pixel on the retina [um]."""
    frame_rate: Annotated[float, Interval(ge=0.1, le=10000)] = 30
    """Stimulus frames per second [Hz]."""


class Crop(Settings):
    """A cell's window on the stimulus field."""

    y: Annotated[int, Ge(0)]
    """First row [pixels], from 0 at the top."""
    x: Annotated[int, Ge(0)]
    """First column [pixels], from 0 at the left."""
    height: Annotated[int, Ge(1)] = 8
    """Rows [pixels]."""
    width: Annotated[int, Ge(1)] = 8
    """Columns [pixels]."""


class BinaryNoise(Settings):
    """Independent fair choice between two contrasts in every pixel and frame."""

    kind: Literal["binary_noise"] = "binary_noise"
    """Independent fair choice between two contrasts in every pixel and frame."""
    contrasts: TwoNumbers = [-0.5, 0.5]
    """The two contrasts [1]."""
    frames: Annotated[int, Ge(1000)] = 1_000_000
    """Frames of the training sequence."""
    frozen_frames: Annotated[int, Ge(50)] = 300
    """Frames of the frozen test sequence."""
    frozen_repeats: Annotated[int, Ge(2)] = 200
    """Repeats of the frozen test sequence."""

    @property
    def contrast_sd(self) -> float:
        """SD of the contrast in a pixel [1]."""
        low, high = self.contrasts
        return abs(high - low) / 2


class Images(Settings):
    """What images are shown, at what contrast, and how they are divided."""

    images: PathText = "photographs"
    """What is shown; photographs (those that scikit-image and scikit-learn bring), dead_leaves
    (drawn discs with natural statistics), or a folder of images."""
    n_images: Annotated[int, Ge(3)] = 60
    """Number of images of dead_leaves."""
    scale: Annotated[int, Ge(1)] = 8
    """Photograph pixels along a side that are averaged into one stimulus pixel."""
    contrast: Positive = 0.3
    """SD of the contrast over all training images, around a mean of 0 [1]."""
    limit: Positive = 0.5
    """Contrasts beyond plus or minus this are clipped [1]."""
    validation_images: Annotated[float, Interval(gt=0, le=0.4)] = 0.15
    """Part of the images that is kept for validation; it stands in for the networks'
    validation_fraction."""
    test_images: Annotated[float, Interval(gt=0, le=0.4)] = 0.25
    """Part of the images that the frozen test sequence is made of."""
    frames: Annotated[int, Ge(1000)] = 1_000_000
    """Frames of the training sequence; a byte per pixel of the field in memory, less in the
    file."""
    frozen_frames: Annotated[int, Ge(50)] = 1500
    """Frames of the frozen test sequence."""
    frozen_repeats: Annotated[int, Ge(2)] = 100
    """Repeats of the frozen test sequence."""

    @property
    def contrast_sd(self) -> float:
        """SD of the contrast in a pixel [1]."""
        return self.contrast


class FlashedImages(Images):
    """Images that are flashed, with grey between them."""

    kind: Literal["flashed_images"]
    """Images that are flashed, with grey between them."""
    image_duration: Positive = 0.2
    """How long an image is shown [s]."""
    grey_duration: Annotated[float, Ge(0)] = 0.8
    """Grey of the mean luminance after each image [s]."""


class MovingImages(Images):
    """Images under fixational eye movements."""

    kind: Literal["moving_images"]
    """Images under fixational eye movements."""
    image_duration: Positive = 1
    """How long an image is shown before the next [s]."""
    drift: Annotated[float, Ge(0)] = 60
    """SD of the gaze's displacement along each axis after a second of drift [um]."""
    saccade_rate: Annotated[float, Ge(0)] = 1
    """Microsaccades per second [Hz]."""
    saccade_size: Annotated[float, Ge(0)] = 60
    """SD of a microsaccade along each axis [um]."""


Ran1Seed = Annotated[int, Interval(ge=-2147483646, le=0)]
NumpySeed = Annotated[int, Ge(0)]


class Ran1Part(Settings):
    """A part of a stimulus of several, shown one after the other."""

    seed: Ran1Seed
    """Seed of the part."""
    frames: Annotated[int, Ge(1)]
    """Frames of the part."""


class NumpyPart(Settings):
    """A part of a stimulus of several, shown one after the other."""

    seed: NumpySeed
    """Seed of the part."""
    frames: Annotated[int, Ge(1)]
    """Frames of the part."""


class Ran1Noise(Settings):
    """Noise of the Numerical Recipes generator ran1, regenerated from seeds."""

    kind: Literal["gollisch_ran1"] = "gollisch_ran1"
    """Noise of the Numerical Recipes generator ran1, regenerated from seeds."""
    distribution: Literal["binary", "gaussian"] = "binary"
    """Two values or a normal distribution."""
    running_seed: Ran1Seed | Annotated[list[Ran1Part], MinLen(1)] = -10000
    """Seed of the running noise, one stream through all trials; or a list of parts, shown one after
    the other, each with its seed and frames."""
    frozen_seed: Ran1Seed = -20000
    """Seed of the frozen noise, negative as ran1 wants it."""


class NumpyNoise(Settings):
    """Noise of NumPy, regenerated from seeds."""

    kind: Literal["numpy"]
    """Noise of NumPy, regenerated from seeds."""
    generator: Literal["default_rng", "RandomState"] = "default_rng"
    """NumPy's generator, made from the seed."""
    distribution: Literal["binary", "gaussian"] = "binary"
    """Two values or a normal distribution."""
    threshold: Fraction | None = None
    """Threshold of binary noise, such as 0.5 for `random(size) > 0.5`; null for
    `integers(0, 2, size)` or `randint(0, 2, size)`."""
    bright: Literal["above", "below"] = "above"
    """Which numbers of binary noise are bright; those above the threshold, or ones; or those below
    it, or zeros."""
    order: Order = ["frame", "y", "x"]
    """Order of the axes of the array that was drawn, as the program named its sizes. Unless frames
    were drawn one after the other, seeds are lists, which also tell the frames of the array."""
    running_seed: NumpySeed | Annotated[list[NumpyPart], MinLen(1)]
    """Seed of the running noise, one stream through all trials; or a list of parts, shown one after
    the other, each with its seed and frames."""
    frozen_seed: NumpySeed | Annotated[list[NumpyPart], MinLen(1)] | None = None
    """Seed of the frozen noise, if there was any; or a list as for the running noise."""

    @property
    def drawn_order(self) -> list[str]:
        """Axes of the drawn array, the one that changes slowest first."""
        return self.order


class MatlabNoise(NumpyNoise):
    """Noise of MATLAB's rand, as Psychtoolbox scripts show it, regenerated from seeds."""

    kind: Literal["matlab"]
    """Noise of MATLAB's rand, as Psychtoolbox scripts show it, regenerated from seeds."""
    generator: Annotated[Literal["twister"], refused(OTHER_GENERATORS, f"its numbers{SAVE}")] = (
        "twister"
    )
    """MATLAB's default generator, as from `rng(seed)` or `rand('twister', seed)`; no other is
    regenerated."""
    distribution: Annotated[Literal["binary"], refused(["gaussian"], f"numbers of randn{SAVE}")] = (
        "binary"
    )
    """Numbers of rand, compared with the threshold; those of randn are not regenerated."""
    threshold: Fraction = 0.5
    """Threshold, such as 0.5 for `rand(h, w) > 0.5`."""
    order: Order = ["y", "x", "frame"]
    """Order of the axes of the array that was drawn, as the program named its sizes;
    `rand(h, w, n)`, and `rand(h, w)` for each frame, have y, x, frame."""

    @property
    def drawn_order(self) -> list[str]:
        """Axes of the drawn array, the one that changes slowest first: MATLAB's last."""
        return self.order[::-1]


#: Noise that is drawn again from its seed.
Regenerated = Ran1Noise | NumpyNoise | MatlabNoise


class Frames(Settings):
    """Frames in files."""

    kind: Literal["frames"]
    """Frames in files."""
    order: FileOrder = ["frame", "y", "x"]
    """Order of the axes of both arrays: frame, y and x, and channel where it is not the last of
    four."""
    channel: Annotated[int, Ge(0)] | None = None
    """The colour channel that is taken, counted from 0; null for files without channels."""
    running_file: PathText
    """NumPy, HDF5, MATLAB 7.3, NWB or TIFF file, or film (AVI, MP4), with the running stimulus."""
    running_key: str | None = None
    """Variable in that file; null for a file of one array (.npy, TIFF, films)."""
    frozen_file: PathText | None = None
    """File with the frozen sequence, if there was one."""
    frozen_key: str | None = None
    """Variable in that file."""
    contrast_range: Annotated[list[float], Len(2, 2), *Unique] | None = None
    """Values in the files that stand for contrasts of -1 and 1, such as [0, 255]; null if the
    values are contrasts."""


AnyStimulus = Annotated[
    Annotated[BinaryNoise, Tag("binary_noise")]
    | Annotated[FlashedImages, Tag("flashed_images")]
    | Annotated[MovingImages, Tag("moving_images")]
    | Annotated[Ran1Noise, Tag("gollisch_ran1")]
    | Annotated[NumpyNoise, Tag("numpy")]
    | Annotated[MatlabNoise, Tag("matlab")]
    | Annotated[Frames, Tag("frames")],
    kind_of("kind", ""),
]
