"""Measurements: programs to run by hand, each against a baseline in the same run. No tests."""
