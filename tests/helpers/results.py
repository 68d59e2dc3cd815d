"""What a run has made."""


def results(project):
    """Path -> content of every result of a `Project`, but of the two that hold times of jobs."""
    timed = "/benchmarks/", "report/overview.html"
    return {
        name: path.read_bytes()
        for name, path in project.files("results/**/*").items()
        if not any(part in name for part in timed)
    }
