"""Releases: immutable versions of the published tables, made, checked, published and read."""
