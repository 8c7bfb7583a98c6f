"""The sources: one module a published dataset, and nothing else enumerates them.

A module here defines ``SOURCE``, an instance of ``base.Source``; ``base.registry()`` finds it.
"""
