"""The public pages: a static site made from one release, and part of it.

Every page is made from the DuckDB file of the release by SQL that the page shows. What belongs
here: gathering rows, drawing and laying out. What does not: deciding a fact or computing a
statistic (the models do that).
"""
