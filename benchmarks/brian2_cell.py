"""The Fohlmeister-Miller cell in Brian2, at a constant current: seconds of a run, and its spikes.

Usage: .venv-brian2/bin/python benchmarks/brian2_cell.py SECONDS STEP_MS; prints a line of JSON.
"""

import json
import sys
import tempfile

import brian2 as b

EQUATIONS = """
dv/dt = (current - sodium - calcium - potassium - leak) / (1*ufarad/cm**2) : volt
sodium = 50*msiemens/cm**2 * m**3 * h * (v - 35*mV) : amp/meter**2
calcium = 2.2*msiemens/cm**2 * c**3 * (v - nernst) : amp/meter**2
potassium = opened * (v + 75*mV) : amp/meter**2
opened = (12 * n**4 + 36 * a**3 * g + 0.05 * x / (1 + x)) * msiemens/cm**2 : siemens/meter**2
leak = 0.05*msiemens/cm**2 * (v + 62*mV) : amp/meter**2
x = (inside / (0.001*mmolar))**2 : 1
nernst = 12.7168*mV * log(1.8*mmolar / inside) : volt
influx = -calcium * 3 / (12.5*umetre) / (2 * 96485.33*coulomb/mole) : mmolar/second
dinside/dt = influx - (inside - 1e-4*mmolar) / (50*ms) : mmolar
dm/dt = (0.6*10/exprel(-(v/mV + 30)/10) * (1 - m) - 20*exp(-(v/mV + 55)/18) * m) / ms : 1
dh/dt = (0.4*exp(-(v/mV + 50)/20) * (1 - h) - 6/(1 + exp(-(v/mV + 20)/10)) * h) / ms : 1
dc/dt = (0.3*10/exprel(-(v/mV + 13)/10) * (1 - c) - 10*exp(-(v/mV + 38)/18) * c) / ms : 1
dn/dt = (0.02*10/exprel(-(v/mV + 40)/10) * (1 - n) - 0.4*exp(-(v/mV + 50)/80) * n) / ms : 1
da/dt = (0.006*10/exprel(-(v/mV + 90)/10) * (1 - a) - 0.1*exp(-(v/mV + 30)/10) * a) / ms : 1
dg/dt = (0.04*exp(-(v/mV + 70)/20) * (1 - g) - 0.6/(1 + exp(-(v/mV + 40)/10)) * g) / ms : 1
current : amp/meter**2 (constant)
"""


def main(seconds: float, step: float) -> None:
    """Run one cell for so many seconds of its own time, in steps [ms]."""
    with tempfile.TemporaryDirectory() as folder:
        b.set_device("cpp_standalone", directory=folder, build_on_run=True)
        b.defaultclock.dt = step * b.ms
        crossing = {"threshold": "v > -10*mV", "refractory": "v > -10*mV"}
        cell = b.NeuronGroup(1, EQUATIONS, method="exponential_euler", **crossing)
        cell.v, cell.inside = -61.7 * b.mV, 1e-4 * b.mmolar
        cell.current = 2 * b.uamp / b.cm**2
        spikes = b.SpikeMonitor(cell)
        b.run(seconds * b.second)
        found = {"seconds": float(b.device._last_run_time), "spikes": int(spikes.num_spikes)}
    print(json.dumps(found | {"version": b.__version__}))


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]))
