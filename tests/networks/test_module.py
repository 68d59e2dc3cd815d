"""Each kind of network: PyTorch and numpy predict alike, starts are independent."""

import numpy as np
import pytest
import torch
from helpers.cells import noise, settings

from finefield.networks.training.module import Module
from finefield.networks.training.steps import Fit
from finefield.networks.training.train import train
from finefield.responses.responses import Responses
from finefield.stimuli.window import Window

FRAME_RATE = 25.0
#: Sizes that leave several positions, so that nothing hides in a single one.
NETWORKS = {
    "finefield": {"filters": 5},
    "yan2020": {"filters": 4, "batch_size": 300, "learning_rate": 0.01},
    "deep": {"filters": 4, "filter_size": 5, "hidden_filters": 3, "hidden_size": 3},
    "lnln": {"filters": 3},
    "ln": {},
}


@pytest.fixture(scope="module", params=NETWORKS)
def trained(request):
    """A network of each kind, trained a little: the module, its inputs, and the training."""
    movie = noise(6_000, side=13).crop(Window(0, 1, 13, 12))
    bright = movie.frames()[:, 4:8, 5:9].sum((1, 2))
    rate = np.exp(0.3 * np.roll(bright, 3) - 1)
    counts = np.random.default_rng(1).poisson(rate).reshape(10, 600)
    responses = Responses(counts, 600 * np.arange(10), FRAME_RATE)
    kept = []
    with pytest.MonkeyPatch.context() as patch:
        run = Fit.run
        patch.setattr(Fit, "run", lambda fit, *rest: (kept.append(fit), run(fit, *rest)))
        changes = NETWORKS[request.param] | {"steps": 20, "check_every": 10, "l1_ramp": 0}
        chosen = settings(network=request.param, seeds=2, drift_trials=2, **changes)
        training = train(movie, responses, chosen, seed=3)
    (fit,) = kept
    return movie, fit.module.eval(), fit.inputs, training


def newest(n=300):
    return np.random.default_rng(2).choice(np.arange(19, 6_000), n, replace=False)


def outputs(module, inputs):
    """Rates (sample, seed) [Hz] of a module."""
    with torch.no_grad():
        return FRAME_RATE * module(inputs.batch(torch.from_numpy(newest()))).numpy()


def test_numpy_predicts_what_pytorch_does(trained):
    movie, module, inputs, training = trained
    expected = outputs(module, inputs)
    found = np.stack([net.predict(movie, newest()) for net in training.networks], 1)
    error = np.sqrt(((found - expected) ** 2).mean(0)) / expected.std(0)
    # Projections are kept in half precision, which rounds by up to 1 / 2048.
    assert (error < (1e-4 if training.network.lags == inputs.channels else 1e-3)).all()
    # Each start has a network of its own.
    assert np.std(found[:, 0] - found[:, 1]) > 0.1 * found.std()
    for net in training.networks:
        arrays = [net.bias] + ([] if net.hidden_bias is None else [net.hidden_bias])
        assert all((array != 0).all() for array in arrays)


def test_the_architecture_is_the_one_that_was_asked_for(trained, request):
    _, _, _, training = trained
    net, name = training.network, request.node.callspec.params["trained"]
    shapes = {
        "finefield": ((5, 20, 9, 9), (5, 3, 2), None),
        "yan2020": ((4, 20, 7, 7), (4, 7, 6), None),
        "deep": ((4, 20, 5, 5), (3, 3, 2), (3, 4, 3, 3)),
        "lnln": ((3, 20, 13, 12), (3, 1, 1), None),
        "ln": ((1, 20, 13, 12), (1, 1, 1), None),
    }
    hidden = None if net.hidden_weight is None else net.hidden_weight.shape
    assert (net.weight.shape, net.readout.shape, hidden) == shapes[name]
    assert (net.nonlinearity == "linear") == (name == "ln")
    assert (net.readout.min() >= 0) == (name in ("finefield", "lnln"))


def test_an_ln_network_is_linear_before_its_output():
    """The drive of an LN network to a sum of two movies is the sum of the drives."""
    rng = np.random.default_rng(0)
    module = randomised("ln", rng)
    inputs = torch.from_numpy(rng.normal(size=(4, 10, 9, 3)).astype(np.float32))
    inputs[2], inputs[3] = inputs[0] + inputs[1], 0
    with torch.no_grad():
        rate, slope = module(inputs), module.log_slope.exp()
        drive = torch.log(torch.expm1(rate * slope / module.log_scale.exp())).numpy()
    assert drive[2] + drive[3] == pytest.approx(drive[0] + drive[1], rel=1e-4)
    assert (np.abs(drive[0] - drive[3]) > 0.1).all()


def randomised(name, rng, **changes):
    """A module of a kind with two starts on a crop of 10 x 9 pixels, every weight random."""
    chosen = settings(network=name, **NETWORKS[name] | {"seeds": 2} | changes)
    side = {"finefield": 5, "yan2020": 5, "deep": 4}.get(name)
    size = (side, side) if side else (10, 9)
    start = rng.normal(0, 0.2, (2, chosen.filters, *size, 3))
    module = Module(start, (10, 9), chosen, 0.3, rng)
    with torch.no_grad():
        for name, value in module.named_parameters():
            if name != "weight":
                value += torch.from_numpy(rng.uniform(0, 0.3, value.shape).astype(np.float32))
    return module


@pytest.mark.parametrize("name", NETWORKS)
def test_starts_do_not_influence_each_other(name):
    rng = np.random.default_rng(0)
    module = randomised(name, rng, conv_noise=0.0)
    inputs = torch.from_numpy(rng.normal(size=(50, 10, 9, 3)).astype(np.float32))
    for seed in (0, 1):
        module.zero_grad()
        module(inputs)[:, seed].sum().backward()
        for parameter, value in module.named_parameters():
            assert not value.grad[1 - seed].any(), parameter
            assert value.grad[seed].any(), parameter
    before = module(inputs).detach()
    with torch.no_grad():
        for value in module.parameters():
            value[1] = float("nan")
    after = module(inputs).detach()
    assert torch.equal(after[:, 0], before[:, 0]) and after[:, 1].isnan().all()


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("size", [(3, 4), (8, 7), (10, 9)])
@pytest.mark.parametrize("lags_last", [True, False])
def test_filters_of_every_size_are_convolved(size, stride, lags_last):
    """Large filters are a matrix product, whose gradients are the convolution's, too."""
    rng = np.random.default_rng(4)
    settled = settings(network="yan2020", filters=3, stride=stride, filter_size="crop", seeds=2)
    module = Module(rng.normal(size=(2, 3, *size, 5)), (10, 9), settled, 0.3, rng)
    torch.nn.init.normal_(module.bias)
    order = (0, 1, 2, 3) if lags_last else (0, 2, 3, 1)
    lies = rng.normal(size=(20, 10, 9, 5) if lags_last else (20, 5, 10, 9)).astype(np.float32)
    inputs = torch.from_numpy(lies).permute(order)
    convolved = torch.nn.functional.conv2d(
        inputs.permute(0, 3, 1, 2), module.weight.flatten(0, 1).permute(0, 3, 1, 2),
        module.bias.flatten(), stride,
    )  # fmt: skip
    found = module._filtered(inputs)
    torch.testing.assert_close(found, convolved, rtol=1e-4, atol=1e-4)
    along = torch.from_numpy(rng.normal(size=found.shape).astype(np.float32))
    gradients = [
        torch.autograd.grad((one * along).sum(), [module.weight, module.bias])
        for one in (found, convolved)
    ]
    torch.testing.assert_close(*gradients, rtol=1e-3, atol=1e-3)


def test_noise_is_added_in_training_alone():
    rng = np.random.default_rng(0)
    module = randomised("yan2020", rng, conv_noise=0.5)
    inputs = torch.from_numpy(rng.normal(size=(50, 10, 9, 3)).astype(np.float32))
    assert not torch.equal(module(inputs), module(inputs))
    module.eval()
    assert torch.equal(module(inputs), module(inputs))


@pytest.mark.parametrize("name", ["finefield", "deep"])
def test_mean_readout_sums_the_ways_from_a_filter_to_the_output(name):
    module = randomised(name, np.random.default_rng(0))
    nets = module.networks(np.eye(3), 0.0, 1.0, (10, 9), FRAME_RATE)
    for seed, net in enumerate(nets):
        slope = float(module.log_slope[seed].detach().exp())
        summed = net.influence().sum((1, 2)) / slope / np.prod(net.readout.shape[1:])
        assert module.mean_readout()[seed].detach().numpy() == pytest.approx(summed, rel=1e-5)


#: bfloat16 rounds each number by up to 2 ** -9 = 0.2%; a few roundings and sums add up.
BFLOAT16_ERROR = 0.02


def test_bfloat16_predicts_as_float32_does_but_for_its_rounding(trained):
    _, module, inputs, _ = trained
    exact = outputs(module, inputs)
    module.half = True
    try:
        rounded = outputs(module, inputs)
    finally:
        module.half = False
    error = np.sqrt(((rounded - exact) ** 2).mean(0)) / exact.std(0)
    assert rounded.dtype == np.float32 and not np.array_equal(rounded, exact)
    assert (error < BFLOAT16_ERROR).all()


@pytest.mark.parametrize("name", ["finefield", "deep"])
def test_bfloat16_gradients_are_those_of_float32_but_for_its_rounding(name):
    rng = np.random.default_rng(0)
    module = randomised(name, rng)
    inputs = torch.from_numpy(rng.normal(size=(200, 10, 9, 3)).astype(np.float32))
    gradients = []
    for module.half in (False, True):
        module.zero_grad()
        module(inputs).sum().backward()
        gradients.append({key: value.grad.clone() for key, value in module.named_parameters()})
    for key, exact in gradients[0].items():
        assert gradients[1][key].dtype == torch.float32
        error = (gradients[1][key] - exact).norm() / exact.norm()
        assert 0 <= error < 3 * BFLOAT16_ERROR, key
