"""The model project: contracts, SQL files in dependency order, the build, and what describes it.

What does not belong here: the SQL itself (``dbt_like_models/``), sources, and Dagster.
"""
