"""Ratios, targets, the table and the plot."""
