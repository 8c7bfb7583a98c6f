"""Tests of the landing: receipts, store, the door for files, the polite client."""
