"""The names of every dimension and variable in Finefield's files, with units and meaning."""

#: Every dimension a file may have. `byte` holds eight frames of a binary stimulus.
DIMENSIONS = {
    "cell": "retinal ganglion cell",
    "subunit": "known subunit of a simulated cell",
    "filter": "convolution filter of a network",
    "lag": "frames into the past; 0 is the newest frame used",
    "frame": "stimulus frame",
    "trial": "trial, or repeat of a frozen sequence",
    "y": "row, downwards",
    "x": "column, to the right",
    "epoch": "pass through the training data",
    "byte": "eight consecutive frames, the first in the lowest bit",
    "node": "node of a piecewise linear function",
    "train_stimulus": "stimulus the network was trained on",
    "test_stimulus": "stimulus the network was tested on",
    "source_cell": "cell the network was trained on",
    "target_cell": "cell whose responses were predicted",
}

#: variable -> (units, long name). "1" is dimensionless.
VARIABLES = {
    # stimulus
    "bits": ("1", "binary stimulus, eight frames to a byte"),
    # cells
    "crop_y": ("pixel", "first row of the crop on the stimulus field"),
    "crop_x": ("pixel", "first column of the crop on the stimulus field"),
    "crop_height": ("pixel", "height of the crop"),
    "crop_width": ("pixel", "width of the crop"),
    "subunit_weight": ("1", "weight of a subunit's output in the cell's sum"),
    "subunit_filter": ("1", "spatial filter of a subunit on the crop"),
    "temporal_filter": ("1", "temporal filter of a simulated cell"),
    "rf_y": ("pixel", "row of the receptive field's centre on the stimulus field"),
    "rf_x": ("pixel", "column of the receptive field's centre on the stimulus field"),
    "rf_major": ("um", "semi-major axis of the receptive field's ellipse, one SD"),
    "rf_minor": ("um", "semi-minor axis of the receptive field's ellipse, one SD"),
    "rf_angle": ("degree", "angle of the receptive field's major axis, from x towards y"),
    "polarity": ("1", "ON: responds to light increments; OFF: to decrements"),
    "sta_snr": ("1", "peak of the spike-triggered average over its noise"),
    "n_spikes": ("1", "spikes in the training responses"),
    # responses
    "spike_count": ("1", "spikes in each stimulus frame"),
    "firing_rate": ("Hz", "firing rate"),
    "first_frame": ("1", "stimulus frame shown at the trial's first frame"),
    # spike-triggered average and LN model
    "sta": ("1", "spike-triggered average of contrast"),
    "sta_temporal": ("1", "temporal part of the spike-triggered average"),
    "sta_spatial": ("1", "spatial part of the spike-triggered average"),
    "nonlinearity_drive": ("1", "drive at the nodes of the LN model's nonlinearity"),
    "nonlinearity_rate": ("Hz", "firing rate at the nodes of the LN model's nonlinearity"),
    "measured_rate": ("Hz", "mean firing rate over repeats of the frozen sequence"),
    "predicted_rate": ("Hz", "predicted firing rate"),
    "correlation": ("1", "Pearson correlation of predicted and measured mean rate"),
    "noise_ceiling": ("1", "expected correlation of the measured mean with the true mean rate"),
    # networks
    "weight": ("1", "weights of the convolution filters, in space and time"),
    "readout": ("1", "weight of each filter at each position"),
    "bias": ("1", "added to a filter's output before rectification"),
    "readout_offset": ("1", "added to the readout before the softplus"),
    "rate_scale": ("Hz", "scale of the softplus"),
    "stimulus_mean": ("1", "contrast subtracted from the stimulus"),
    "stimulus_sd": ("1", "contrast that the stimulus is divided by"),
    "step": ("1", "training steps done"),
    "train_loss": ("1", "Poisson loss per spike on training data, without penalties"),
    "validation_loss": ("1", "Poisson loss per spike on validation data"),
    "validation_correlation": ("1", "correlation of prediction and spike count on validation data"),
    # filters
    "spatial": ("1", "spatial profile of a filter"),
    "temporal": ("1", "temporal profile of a filter"),
    "placed": ("1", "spatial profile of a filter on the crop, where its readout looks"),
    "explained": ("1", "part of a filter's energy in its product of space and time"),
    "morans_i": ("1", "Moran's I of a filter's spatial profile"),
    "effective": ("1", "effective filter (1) or null filter (0)"),
    "contribution": ("1", "part of the summed readout drive that passes through a filter"),
    "pruned_correlation": ("1", "correlation with the null filters removed"),
    # matching
    "matched_filter": ("1", "filter assigned to a subunit; -1 for none"),
    "matched": ("1", "spatial profile of the matched filter on the crop"),
    "cosine": ("1", "cosine of a subunit's filter and its matched filter, in space"),
    "chance_cosine": ("1", "mean cosine of matched filters after shuffling the crop's positions"),
}
