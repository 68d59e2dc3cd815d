"""A Slurm of one node with two cores on this machine, without systemd, cgroups or a database."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

CONF = Path("/etc/slurm/slurm.conf")
MUNGE = Path("/run/munge")
#: Programs, and Debian's packages of them.
PACKAGES = {
    "slurmctld": "slurmctld",
    "slurmd": "slurmd",
    "sbatch": "slurm-client",
    "munged": "munge",
}
#: Jobs end at their time limit, and when they outgrow their memory.
OURS = "ClusterName=tests\n"
SETTINGS = """\
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/jobs.log
ReturnToService=2
MinJobAge=3600
KillWait=2
StateSaveLocation={folder}
SlurmdSpoolDir={folder}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
NodeName=node NodeHostname={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory={memory} State=UNKNOWN
PartitionName=all Nodes=node Default=YES MaxTime=INFINITE State=UP
"""


def why_not() -> str:
    """Why no Slurm can be started here; nothing if it can."""
    if missing := [package for name, package in PACKAGES.items() if not shutil.which(name)]:
        return f"Slurm is not installed: apt-get install {' '.join(missing)}"
    if find_spec("snakemake_executor_plugin_slurm") is None:
        return "no plugin for Slurm: pip install -r envs/requirements-slurm.txt"
    if os.geteuid() != 0:
        return "only root may start Slurm"
    if CONF.exists() and not CONF.read_text().startswith(OURS):
        return f"this machine has a Slurm of its own, {CONF}"
    return ""


class Slurm:
    """What a running Slurm knows of its jobs."""

    def __init__(self, folder: Path):
        self.folder = folder

    def active(self, folder: Path, states: str = "pending,running,completing") -> set[str]:
        """Numbers of a folder's jobs that have not ended, by squeue."""
        said = _said("squeue", "--noheader", "--format=%A %Z", f"--states={states}")
        jobs = (line.split(" ", 1) for line in said.splitlines())
        return {number for number, place in jobs if place == str(folder)}

    def wait(self, condition: Callable[[], bool], seconds: float) -> None:
        """Wait until something is so."""
        give_up = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < give_up, (self.folder / "slurmctld.log").read_text()
            time.sleep(0.2)

    def ended(self, folder: Path) -> list[dict[str, str]]:
        """Jobs of a folder in Slurm's own log of jobs that have ended, as they were submitted."""
        lines = (self.folder / "jobs.log").read_text().splitlines()
        jobs = [dict(re.findall(r"(\w+)=(\S*)", line)) for line in lines]
        jobs = [job for job in jobs if job["WorkDir"] == str(folder)]
        return sorted(jobs, key=lambda job: int(job["JobId"]))


@contextmanager
def running(folder: Path):
    """Slurm, from its start until all its processes have ended.

    Yields
    ------
    Slurm
        What Slurm knows of its jobs.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20 - 500
    CONF.write_text(OURS + SETTINGS.format(host=socket.gethostname(), folder=folder, memory=memory))
    MUNGE.mkdir(exist_ok=True)
    shutil.chown(MUNGE, "munge", "munge")
    with ExitStack() as stack:
        stack.callback(CONF.unlink)
        stack.enter_context(_daemon("munged", "--foreground", user="munge", group="munge"))
        stack.enter_context(_daemon("slurmctld", "-D"))
        stack.enter_context(_daemon("slurmd", "-D", "-N", "node"))
        slurm = Slurm(folder)
        try:
            slurm.wait(lambda: "idle" in _said("sinfo", "--noheader", "--format=%t"), 60)
        except AssertionError as log:
            pytest.skip(f"Slurm does not start on this machine: {log}")
        yield slurm
        subprocess.run(["scancel", "--user=root"], check=True)
        slurm.wait(lambda: not _said("squeue", "--noheader"), 60)


@contextmanager
def _daemon(*command: str, **options):
    """A program that runs until the block ends."""
    said = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=said, stderr=said, **options) as process:
        try:
            yield
        finally:
            process.terminate()


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True).stdout
