"""Filters of any shape, and how they are pooled."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from finefield.networks.positions.gaussians import Gaussians
from finefield.networks.positions.pooling import Pooling, fit_pooling, nats
from finefield.networks.positions.sample import Sample, on_functions


@dataclass(frozen=True)
class Filters:
    """Filters on the crop and on the temporal functions, and how they are pooled.

    Attributes
    ----------
    image : Tensor of float32, shape (filter, function, pixel)
        Of unit norm [1].
    pooling : Pooling
        Weights, output and nonlinearity.
    shape : (int, int)
        Rows and columns of the crop [pixels].
    number : ndarray of int or None, shape (filter,)
        Numbers that tell which filters are left of some.
    """

    image: torch.Tensor
    pooling: Pooling
    shape: tuple[int, int]
    number: np.ndarray | None = None

    @classmethod
    def of(cls, gaussians: Gaussians) -> "Filters":
        """Gaussians as filters of any shape."""
        return cls(gaussians.images(), gaussians.pooling, gaussians.shape)

    def __len__(self) -> int:
        return len(self.image)

    def keeping(self, kept: np.ndarray) -> "Filters":
        """Some of the filters, by indices or bool (filter,)."""
        pooling, kept = self.pooling.keeping(kept), np.asarray(kept)
        number = None if self.number is None else self.number[kept]
        image = self.image[torch.from_numpy(kept)]
        return replace(self, image=image, pooling=pooling, number=number)

    def silent(self, sample: Sample) -> "Filters":
        """No filters: a constant rate, the sample's mean."""
        scale = sample.log_rate - float(np.log(np.log(2)))
        pooling = Pooling(np.zeros(0), offset=0.0, log_scale=scale)
        return replace(self, image=self.image[:0], pooling=pooling)

    def turned(self, turn: torch.Tensor) -> "Filters":
        """The same on functions that `turn` (own function, function) gives the own ones from."""
        return replace(self, image=on_functions(self.image, turn))

    def refitted(self, drives: torch.Tensor, sample: Sample) -> "Filters":
        """With their pooling, the nonlinearity included, fitted to their drives."""
        return replace(self, pooling=fit_pooling(drives, sample, self.pooling, shared=True)[0])

    def scaled(self) -> torch.Tensor:
        """Filters whose rectified drives have the weight 1 (filter, function, pixel)."""
        size = torch.from_numpy(self.pooling.weight ** (1 / self.pooling.exponent)).float()
        return self.image * size[:, None, None]

    def rescaled(self, scaled: torch.Tensor) -> "Filters":
        """The same with filters as from `scaled`; those of zeros are dropped."""
        norm = scaled.flatten(1).norm(dim=1)
        alive = norm > 1e-6 * norm.max()
        scaled, norm = scaled[alive], norm[alive]
        weight = norm.double().numpy() ** self.pooling.exponent
        image, pooling = scaled / norm[:, None, None], replace(self.pooling, weight=weight)
        return replace(self, image=image, pooling=pooling, number=None)

    def spatial(self) -> torch.Tensor:
        """Leading spatial profile of each filter (filter, pixel), of the filter's sign."""
        if self.image.shape[1] == 1:
            return self.image[:, 0]
        courses, sizes, shapes = torch.linalg.svd(self.image, full_matrices=False)
        # The first function is the average's time course: its sign is the polarity's.
        return shapes[:, 0] * (sizes[:, :1] * torch.sign(courses[:, 0, :1]))

    def log_rate(self, sample: Sample) -> torch.Tensor:
        """Logarithm of the expected spikes per frame (sample,)."""
        drives = sample.drives(self.image)
        return self.pooling.log_rate(self.pooling.summed(self.pooling.rectified(drives)))

    def loss(self, sample: Sample) -> float:
        """Negative log likelihood [nats]."""
        return nats(self.log_rate(sample), sample)
