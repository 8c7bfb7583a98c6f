"""A project of few models for the fault suite: the product's own staging, and three small tables.

The engine, the release and every check are the product's; only the number of models differs, so
that dozens of nights fit into a minute. ``make soak`` runs the same faults on the whole project.
What does not belong here: models of the product (``dbt_like_models/``).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from observatory.build import load_project
from observatory.settings import Settings

_OWN: Final = Path(__file__).with_name("project")
# What the three tables read, and what every release needs.
_NEEDED: Final = (
    "sources",
    "snapshots",
    "stg_fca_societies",
    "stg_mutual_companies",
    "stg_record_versions",
)


def make(folder: Path) -> Path:
    """Write the project below ``folder`` and return where its models lie."""
    whole = load_project(Settings(home=folder))
    models = folder / "models"
    for name in whole.upstream(_NEEDED):
        model = whole.models[name]
        target = models / model.path.relative_to(whole.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(model.path, target)
        shutil.copy(model.contract.path, target.with_suffix(".yml"))
    shutil.copytree(_OWN, models, dirs_exist_ok=True)
    return models
