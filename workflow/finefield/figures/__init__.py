"""Figures: functions from datasets to Matplotlib figures; they compute no statistics."""
