"""The steps of a training: batches, loss, penalties, checks on validation data, and the best."""

import logging
import math
from dataclasses import dataclass, fields

import numpy as np
import torch

from finefield.base.errors import CellError
from finefield.base.progress import Progress
from finefield.networks.loss import poisson_loss
from finefield.networks.settings import Penalties, StepSettings
from finefield.networks.training.inputs import shuffle_pixels
from finefield.networks.training.module import Module
from finefield.networks.training.sampling import Informed, Uniform
from finefield.responses.scores import correlation

log = logging.getLogger(__name__)

#: Most samples in a uniform step whose size is set by its spikes: a silent cell needs no more.
MAX_BATCH = 4096


@dataclass(frozen=True)
class Samples:
    """Samples on the device: newest stimulus frame, spikes and gain, each (sample,), and how much
    they count for each start (sample, start)."""

    newest: torch.Tensor
    count: torch.Tensor
    gain: torch.Tensor
    share: torch.Tensor

    @classmethod
    def of(cls, part: np.ndarray, device, *arrays: np.ndarray) -> "Samples":
        return cls(*(torch.from_numpy(array[part]).to(device) for array in arrays))

    def __getitem__(self, index) -> "Samples":
        return Samples(*(getattr(self, field.name)[index] for field in fields(self)))


class Best:
    """The best check of each start: its score, step, number and weights."""

    def __init__(self, n_starts: int):
        self.score = np.full(n_starts, -np.inf)
        self.step, self.check = np.zeros(n_starts, int), np.zeros(n_starts, int)
        self.state: dict[str, torch.Tensor] | None = None

    def latest(self, check: int) -> int:
        """Number of the latest check that was any start's best; `check` if none counted yet."""
        return check if self.state is None else int(self.check.max())

    def offer(self, score: np.ndarray, step: int, check: int, module: Module) -> None:
        """Keep those starts of the module that are better than before."""
        better = score > self.score
        if self.state is None:
            self.state = {key: value.clone() for key, value in module.state_dict().items()}
        for key, value in module.state_dict().items():
            self.state[key][better] = value[better]
        self.score[better], self.step[better], self.check[better] = score[better], step, check


class Fit:
    """One training under way; `run` ends it, with its `history` and `best` checks."""

    def __init__(self, module: Module, inputs, known: Samples, frame_rate, settings, seed: int):
        self.module, self.inputs, self.known, self.settings = module, inputs, known, settings
        self.seed, self.mean_count = seed, float(known.count.mean())
        self.loss_unit = {"second": 1 / frame_rate, "frame": 1.0, "spike": self.mean_count}[
            settings.loss_unit
        ]
        # The noise of the loss per spike falls as the root of their number; so may the penalties.
        used = torch.einsum("n,ns->s", known.count, (known.share > 0).float())
        per_spike = settings.loss_unit == "spike"
        self.penalty_unit = used**-0.5 if per_spike else torch.ones_like(used)
        self.ramp = settings.l1_ramp * settings.steps
        self.draw = _sampler(known.count.cpu().numpy(), settings, seed)
        self.optimizer = torch.optim.Adam(
            module.parameters(), lr=settings.learning_rate, fused=True
        )
        n_starts = len(module.weight)
        self.best, self.history, self.done = Best(n_starts), [], 0
        self.losses = torch.zeros(n_starts, device=module.weight.device)

    def run(self, unknown: Samples, checkpoint, digest: str) -> None:
        """Train until the last step or until no start has got better for long."""
        steps, every = self.settings.steps, self.settings.check_every
        self._resume(checkpoint, digest)
        progress = Progress("step", steps)
        while self.done < steps:
            self._step()
            if self.done % every and self.done < steps:
                continue
            self._check(unknown)
            progress.tell(self.done, self._line())
            if len(self.history) - self.best.latest(len(self.history)) >= self.settings.patience:
                break
            if checkpoint is not None:
                checkpoint.offer(lambda: self._state(digest))
        progress.end(self.done, self._line())

    def _step(self) -> None:
        """One step of the optimiser."""
        settings, module, ramp = self.settings, self.module, self.ramp
        # A sharp output too early keeps filters from telling apart: its slope is learned last.
        module.log_slope.requires_grad_(self.done >= ramp)
        if settings.learning_rate_decay:
            rate = settings.learning_rate * _half_cosine(self.done / settings.steps)
            for group in self.optimizer.param_groups:
                group["lr"] = rate
        if settings.conv_noise or settings.stimulus_noise:
            torch.manual_seed(self.seed + self.done)  # the same noise after a restart
        index, weight = (torch.from_numpy(part) for part in self.draw(self.done))
        batch = self.known[index.to(self.known.newest.device)]
        weight = weight.to(batch.count.device)[:, None] * batch.share
        inputs = self.inputs.batch(batch.newest)
        if settings.stimulus_noise:
            inputs = shuffle_pixels(inputs, settings.stimulus_noise)
        rate = module(inputs) * batch.gain[:, None]
        loss = (weight * poisson_loss(rate, batch.count[:, None])).mean(0)
        self.done += 1
        height = min(1.0, self.done / ramp) if ramp else 1.0
        penalty = _penalty(module, (weight * rate).mean(0), settings, height)
        self.optimizer.zero_grad()
        (loss / self.loss_unit + self.penalty_unit * penalty).sum().backward()
        self.optimizer.step()
        module.constrain()
        self.losses += loss.detach()

    @torch.no_grad()
    def _check(self, unknown: Samples) -> None:
        """Note losses and correlation on the validation data, and keep what is best."""
        module, parts = self.module, torch.arange(len(unknown.count)).split(4096)
        module.eval()
        rates = [module(self.inputs.batch(unknown.newest[part])) for part in parts]
        module.train()
        rate = torch.cat(rates) * unknown.gain[:, None]
        losses = unknown.share * poisson_loss(rate, unknown.count[:, None])
        loss = losses.double().mean(0).cpu().numpy()
        count, used = unknown.count.cpu().numpy(), unknown.share.T.cpu().numpy() > 0
        columns = zip(rate.T.cpu().numpy(), used, strict=True)
        fit = np.array([correlation(one[part], count[part]) for one, part in columns])
        if not np.isfinite(loss).any():
            expected, fix = "a finite validation loss", "lower the model's learning_rate"
            raise CellError(f"training at step {self.done}", loss[0], expected, fix)
        steps = self.done - (self.history[-1][0] if self.history else 0)
        train_loss = self.losses.double().cpu().numpy() / (steps * self.mean_count)
        self.losses.zero_()
        filters = module.filters().cpu().numpy().copy()
        by_spike = loss / (unknown.share * unknown.count[:, None]).double().mean(0).cpu().numpy()
        self.history.append((self.done, train_loss, by_spike, fit, filters))
        if self.done >= self.ramp:
            score = -loss if self.settings.select_by == "loss" else fit
            score = np.nan_to_num(score, nan=-np.inf)
            self.best.offer(score, self.done, len(self.history), module)

    def _state(self, digest: str) -> dict:
        best = {
            key: torch.from_numpy(getattr(self.best, key)) for key in ("score", "step", "check")
        }
        rows = [(row[0], *map(torch.from_numpy, row[1:])) for row in self.history]
        return {
            "digest": digest, "done": self.done, "history": rows, "best": best,
            "kept": self.best.state, "module": self.module.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }  # fmt: skip

    def _resume(self, checkpoint, digest: str) -> None:
        """Go on from a checkpoint of the same data, if there is one."""
        state = checkpoint.load() if checkpoint is not None else None
        if state is None or state["digest"] != digest:
            return
        self.done = state["done"]
        self.history = [(row[0], *(part.numpy() for part in row[1:])) for row in state["history"]]
        for key, value in state["best"].items():
            setattr(self.best, key, value.numpy())
        device = self.module.weight.device
        if state["kept"] is not None:
            self.best.state = {key: value.to(device) for key, value in state["kept"].items()}
        self.module.load_state_dict(state["module"])
        self.optimizer.load_state_dict(state["optimizer"])
        log.info("going on at step %d, from %s", self.done, checkpoint.path)

    def _line(self) -> str:
        """The latest check of the best start, for a line of progress."""
        step, _, loss, fit, _ = self.history[-1]
        best = np.nanargmin(loss)
        loss, fit = loss[best], fit[best]
        return f"; at step {step} validation loss {loss:.4f} a spike, correlation {fit:.3f}"


def _sampler(count: np.ndarray, settings: StepSettings, seed: int) -> Uniform | Informed:
    """What chooses the samples of each step."""
    size, spikes = settings.batch_size, settings.batch_spikes
    if settings.sampling == "informed":
        background = settings.background
        return Informed(count > 0, background, size or round(spikes * (1 + background)), seed)
    return Uniform(len(count), size or max(1, min(MAX_BATCH, round(spikes / count.mean()))), seed)


def _half_cosine(part: float) -> float:
    """From 1 at the start (0) to 0 at the end (1) of training."""
    return 0.5 * (1 + math.cos(math.pi * part))


def _penalty(module: Module, rate: torch.Tensor, penalties: Penalties, height: float):
    """Penalties (seed,) on filters, readout and rate; `height` from 0 to 1 scales the L1 ones."""
    weight = module.filters()
    terms = (
        (penalties.filter_l1, lambda: height * weight.abs().sum((1, 2, 3, 4))),
        (
            penalties.drive_l1,
            lambda: height * (weight.abs().sum((2, 3, 4)) * module.mean_readout()).sum(1),
        ),
        (penalties.filter_l2, lambda: weight.square().sum((1, 2, 3, 4))),
        (penalties.readout_l2, lambda: module.readout.square().sum((1, 2, 3))),
        (penalties.rate_l1, lambda: rate),
    )
    return sum(strength * term() for strength, term in terms if strength)
