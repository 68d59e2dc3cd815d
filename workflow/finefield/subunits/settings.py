"""Keys of the config about filters and the subunits that they stand for."""

from typing import Annotated, Literal

from annotated_types import Ge, Interval

from finefield.base.settings import Fraction, Settings
from finefield.networks.settings import NetworkSettings

#: Of networks whose filters have been tested by other means.
TESTED = {"autocorrelation": "threshold", "morans_i_threshold": -1, "removal_errors": None}


class FilterSettings(Settings):
    """How effective filters are told from null ones, and subunits from effective filters."""

    autocorrelation: Literal["permutation", "threshold"] = "permutation"
    """How Moran's I of a filter's spatial profile is judged; against that of its permuted pixels,
    or by a fixed threshold."""
    morans_p_threshold: Annotated[float, Interval(gt=0, le=1)] = 0.01
    """With permutation, a filter is null if permuted pixels give such a Moran's I more often than
    this."""
    morans_i_threshold: Annotated[float, Interval(ge=-1, le=1)] = 0.25
    """With threshold, a filter is null if its Moran's I is below this."""
    contribution_threshold: Fraction = 0.02
    """A filter or subunit that carries less than this part of the readout's drive is null."""
    removal_errors: Annotated[float, Ge(0)] | None = 3
    """A filter is null unless the validation loss without it is higher by at least so many standard
    errors; null for no such test."""
    merge_cosine: Annotated[float, Interval(gt=0, le=1)] = 0.75
    """Filters that are read out at the same place are one subunit if their cosine on the crop is at
    least this."""
    recovered_cosine: Fraction = 0.9
    """A known subunit counts as recovered if its matched filter has at least this cosine."""

    def of_network(self, network: NetworkSettings) -> "FilterSettings":
        """Those for a network.

        STNMF has told localised modules from others. The course from positions has removed and
        joined filters: each that carries enough of the drive is a subunit.
        """
        if network.network == "stnmf":
            return self.changed(**TESTED, contribution_threshold=0)
        if network.start == "positions":
            return self.changed(**TESTED, merge_cosine=1)
        return self
