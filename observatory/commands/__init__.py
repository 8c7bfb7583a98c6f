"""Verbs of the command with a room of their own: one module a verb, each defining ``COMMAND``.

A module may import at its top only what is cheap; the work is imported inside the verb, so that
``observatory --help`` stays fast.
"""
