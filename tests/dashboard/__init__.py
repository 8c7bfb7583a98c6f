"""The site of a release, as readers meet it."""
