"""Clocks that jump, and the days on which walls are put forward or back."""
