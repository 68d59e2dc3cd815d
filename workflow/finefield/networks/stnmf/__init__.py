"""STNMF beside our networks: its modules as filters, with a readout fitted to the spikes."""
