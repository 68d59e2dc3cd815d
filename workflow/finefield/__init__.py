"""Finefield: networks that predict a retinal ganglion cell, and the subunits that their filters reveal.

The library is used module by module (``from finefield.training import train``); importing the
package itself loads nothing, so that a workflow rule depends on the modules it uses and on no other.
"""

__version__ = "0.1.0"
