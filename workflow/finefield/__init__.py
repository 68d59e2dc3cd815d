"""Finefield: networks that predict a retinal ganglion cell, and the subunits they reveal.

The library is used module by module (``from finefield.training import train``). Importing the
package itself loads nothing, so that a rule of the workflow depends on the modules it uses alone.
"""

__version__ = "0.1.0"
