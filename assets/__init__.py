"""Dagster's rooms: assets made from the registry and the models, and what starts them.

No parsing and no SQL here. ``definitions.py`` is what ``workspace.yaml`` loads; ``run.py`` runs
the same assets inside the ``observatory`` command.
"""
