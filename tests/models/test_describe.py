from __future__ import annotations

from observatory.models.describe import data_dictionary
from tests.models.conftest import Files

CONTRACT = """\
description: One row a shop. Shops | stalls.
grain: [id]
published: run
columns:
  - {name: id, type: VARCHAR, description: The id., licence: rows, references: b.id}
  - name: spend
    type: DOUBLE
    description: What it spent.
    licence: derived facts
    sources: [tills]
    unit: GBP
    enum: [on, off]
    not_a_change: true
"""


def test_the_dictionary_tells_all_that_the_contract_says(files: Files) -> None:
    files.model("b", "select 'x' as id")
    files.model("shops", "select 'x' as id, 1.0::double as spend", CONTRACT)
    page = data_dictionary(files.load(), {"tills": "an open licence"})
    assert "- [`shops`](#shops): One row a shop\n" in page
    assert "## b" not in page
    assert "`b.id`" not in page
    assert "Licences of what it draws on: `tills` (an open licence).\n" in page
    assert "| `id` | VARCHAR | The id. Key | rows | the observatory |" in page
    assert (
        "| `spend` | DOUBLE | What it spent. Unit: GBP. One of: `on`, `off`."
        " A new value alone counts as no change | derived facts | `tills` |"
    ) in page
    assert "describes the run" in page
    # a release holds one table that no model makes
    assert "| `facts_hash` | VARCHAR |" in page
    assert page.endswith("|\n")


def test_a_bar_does_not_break_the_table(files: Files) -> None:
    files.model("b", "select 'x' as id")
    files.model(
        "shops",
        "select 'x' as id, 1.0::double as spend",
        CONTRACT.replace("What it", "Yes|no, it").replace("DOUBLE", "'DOUBLE'"),
    )
    assert "Yes\\|no, it spent" in data_dictionary(files.load())
