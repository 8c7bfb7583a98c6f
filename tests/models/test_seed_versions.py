"""A release says by which version of each rule file it was made."""

from __future__ import annotations

import hashlib

from observatory import seed_versions
from observatory.build import load_project
from observatory.models import engine
from observatory.settings import from_environment
from tests.models import rules


def test_every_seed_is_recorded_and_makes_the_record_stale() -> None:
    project = load_project(from_environment({}))
    seeds = {model.name for model in project.models.values() if model.kind == "seed"}
    assert set(project.model("seed_versions").depends_on) == seeds
    with engine.in_memory() as con:
        seed_versions.record(con)
        found = {seed: (lines, digest) for seed, lines, digest in con.execute(
            "select seed, lines, sha256 from seed_versions").fetchall()}  # fmt: skip
    assert set(found) == seeds
    text = (rules.MODELS / "seeds" / "definitions.csv").read_bytes()
    assert found["definitions"] == (
        len(rules.seed("definitions")), hashlib.sha256(text).hexdigest()
    )  # fmt: skip
