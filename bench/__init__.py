"""Measurements against named peers, each in the same run: whole-process time and peak memory.

``python -m bench`` runs them all. Nothing here is asserted in a timed test.
"""
