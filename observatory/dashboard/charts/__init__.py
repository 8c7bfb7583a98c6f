"""Charts: Altair specifications, one module a kind, and how they become SVG (``draw.py``).

A chart function takes rows and a width in pixels and returns an Altair chart. It computes nothing
but places for labels.
"""
