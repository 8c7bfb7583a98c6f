"""Answers to people: why an organisation is in or out, how the observatory stands, what changed.

Only reading happens here.
"""
