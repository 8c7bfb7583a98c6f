"""The evidence and classification models alone, over tables that a test gives.

The tables they read from other rooms are stood in for by empty ones with the same columns, so
that a rule can be tried without any published file.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from observatory.models.project import Project, load
from observatory.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_like_models"

# table → its columns that the rules read; a column without a type is text
READS = {
    "stg_fca_societies": "source record_key snapshot_id locator society_name legal_form"
    " legal_form_basis sic_code published_on:DATE fetched_at:TIMESTAMP registered_on:DATE"
    " deregistered_on:DATE",
    "stg_companies_house_basic": "source record_key snapshot_id locator company_name"
    " company_category legal_form published_on:DATE fetched_at:TIMESTAMP",
    "stg_coops_uk_organisations": "source record_key snapshot_id locator"
    " ownership_classification sic_code sector_simplified published_on:DATE fetched_at:TIMESTAMP"
    " dissolved_on:DATE",
    "stg_award_suppliers": "source record_key snapshot_id locator"
    " cpv_codes:VARCHAR[] buyer_name title notice_url reserved_participation:VARCHAR[]"
    " public_service_mutual:BOOLEAN awarded_on:DATE end_on:DATE fetched_at:TIMESTAMP",
    "stg_known_mutuals": "source record_key entry_id name snapshot_id locator field value"
    " source_url fetched_at:TIMESTAMP",
    "ent_record_organisations": "source record_key org_id basis confidence",
    "ent_organisations": "org_id name legal_form status status_source registered_on:DATE"
    " ended_on:DATE sic_codes:VARCHAR[]",
}


def project(folder: Path) -> Project:
    """Return a project of the real rules over stand-ins, put together in ``folder``."""
    for layer in ("seeds", "evidence", "classification"):
        shutil.copytree(MODELS / layer, folder / layer)
    (folder / "given").mkdir()
    for table, columns in READS.items():
        pairs = [column.partition(":")[::2] for column in columns.split()]
        types = {name: kind or "VARCHAR" for name, kind in pairs}
        select = ", ".join(f"null::{kind} as {name}" for name, kind in types.items())
        (folder / "given" / f"{table}.sql").write_text(f"select {select} where false\n")
        contract = "".join(
            f"  - {{name: {name}, type: '{kind}', description: given}}\n"
            for name, kind in types.items()
        )
        (folder / "given" / f"{table}.yml").write_text(
            f"description: given\ngrain: [{next(iter(types))}]\ncolumns:\n{contract}"
        )
    return load(folder, {}, PROJECT_ROOT / "sql" / "macros")
