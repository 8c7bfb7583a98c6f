"""The Mutuals Observatory: from published bytes to an explained release.

What belongs here: the library and the ``observatory`` command. What does not:
Dagster, which lives in ``assets/`` and is reached only from ``cli.py``.
"""

__version__ = "0.1.0"
