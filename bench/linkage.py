"""Names matched without their numbers: ours beside splink, rapidfuzz and DuckDB.

Each matcher runs in a process of its own on the same labelled names, the same register and the
same split. A rival says how alike the best answer is; its threshold is the lowest at which its
precision on the development half is at least 0.99 (so it is given the best recall that it can
have there), and it answers the test half with that. Precision, recall, wall time and peak memory
are of the test half, the preparing of the register included.

    python -m bench.linkage [--half test|development] [--matcher NAME ...]

Splink is an extra of the tests only: the pipeline does not need it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench.files import corpus
from observatory.answers.match_benchmark import (
    Benchmark,
    Half,
    Labelled,
    measure,
    notice_suppliers,
    payment_strings,
)
from observatory.answers.proportions import Share
from observatory.identifiers import normalise_name
from observatory.linkage import Asker, Held

PRECISION = 0.99
# For each asker's key, the best organisation and how alike it is.
Ranked = dict[str, tuple[str, float]]


def token_sort(askers: Sequence[Asker], register: Sequence[Held]) -> Ranked:
    """rapidfuzz's token_sort_ratio of normalised names, each asker with the whole register."""
    import numpy as np
    from rapidfuzz import fuzz, process

    names = [normalise_name(one.name) or "" for one in register]
    asked = [normalise_name(one.names[0]) or "" for one in askers]
    ranked: Ranked = {}
    for start in range(0, len(asked), 64):
        block = process.cdist(
            asked[start : start + 64], names, scorer=fuzz.token_sort_ratio, workers=1
        )
        for asker, scores in zip(askers[start : start + 64], block, strict=True):
            at = int(np.argmax(scores))
            ranked[asker.key] = (register[at].org_id, float(scores[at]) / 100)
    return ranked


def jaro_winkler(askers: Sequence[Asker], register: Sequence[Held]) -> Ranked:
    """DuckDB's jaro_winkler_similarity of normalised names, each asker with the whole register."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("set enable_progress_bar = false")
        _load(con, askers, register)
        rows = con.execute(
            "select key, arg_max(org_id, (alike, org_id)), max(alike) from ("
            " select key, org_id, jaro_winkler_similarity(asked.name, register.name) as alike"
            " from asked, register) group by key"
        ).fetchall()
    return {key: (org_id, alike) for key, org_id, alike in rows}


def splink(askers: Sequence[Asker], register: Sequence[Held]) -> Ranked:
    """Splink on DuckDB: names compared in levels, with term frequencies of their first words,
    blocked by rare words in common; the model is estimated from the data without labels."""
    linker = _linker(askers, register)
    _train(linker)
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    rows = pairs.as_pandas_dataframe()
    ranked: Ranked = {}
    known = {one.key for one in askers}
    for one, other, weight in zip(
        rows["unique_id_l"], rows["unique_id_r"], rows["match_weight"], strict=True
    ):
        key, held = (one, other) if one in known else (other, one)
        org_id = held.partition("|")[2]
        ranked[key] = max(ranked.get(key, ("", -1e9)), (org_id, float(weight)), key=lambda x: x[1])
    return ranked


def _linker(askers: Sequence[Asker], register: Sequence[Held]) -> Any:  # noqa: ANN401 - untyped
    import pandas as pd
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import comparison_library as cl

    left = pd.DataFrame(
        [(one.key, *_parts(one.names[0])) for one in askers], columns=["unique_id", *_PARTS]
    )
    right = pd.DataFrame(
        [(f"{n}|{one.org_id}", *_parts(one.name)) for n, one in enumerate(register)],
        columns=["unique_id", *_PARTS],
    )
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.85]).configure(
                term_frequency_adjustments=True
            ),
            cl.ArrayIntersectAtSizes("words", [4, 3, 2, 1]),
            cl.ExactMatch("first").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first"),
            block_on("last"),
            block_on("start"),
        ],
        retain_intermediate_calculation_columns=False,
    )
    db_api = DuckDBAPI()
    tables = [
        db_api.register(left, dataset_display_name="asked"),
        db_api.register(right, dataset_display_name="register"),
    ]
    return Linker(tables, settings)


def _train(linker: Any) -> None:  # noqa: ANN401 - untyped
    from splink import block_on

    linker.training.estimate_probability_two_random_records_match([block_on("name")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("last"))


_PARTS = ("name", "words", "first", "last", "start")


def _parts(name: str) -> tuple[str, list[str], str, str, str]:
    from observatory.linkage_names import read_name

    form = read_name(name)
    words = list(form.words) if form else [""]
    whole = " ".join(words)
    return whole, sorted(set(words)), words[0], words[-1], whole[:6]


def _load(con: object, askers: Sequence[Asker], register: Sequence[Held]) -> None:
    execute = con.execute  # type: ignore[attr-defined]
    execute(
        "create table asked as select unnest($k::varchar[]) as key, unnest($n::varchar[]) as name",
        {"k": [one.key for one in askers], "n": [normalise_name(one.names[0]) for one in askers]},
    )
    execute(
        "create table register as"
        " select unnest($k::varchar[]) as org_id, unnest($n::varchar[]) as name",
        {
            "k": [one.org_id for one in register],
            "n": [normalise_name(one.name) for one in register],
        },
    )


RIVALS: dict[str, Callable[[Sequence[Asker], Sequence[Held]], Ranked]] = {
    "rapidfuzz token_sort_ratio": token_sort,
    "DuckDB jaro_winkler": jaro_winkler,
    "splink": splink,
}


def threshold(labelled: Sequence[Labelled], ranked: Ranked) -> float:
    """Return the lowest score from which on precision is at least ``PRECISION``."""
    rows = sorted(
        (
            (ranked[one.asker.key][1], ranked[one.asker.key][0] == one.org_id)
            for one in labelled
            if one.group != "lead" and one.asker.key in ranked
        ),
        reverse=True,
    )
    best, right = float("inf"), 0
    for place, (score, is_right) in enumerate(rows, 1):
        right += is_right
        is_last_of_score = place == len(rows) or rows[place][0] < score
        if is_last_of_score and right / place >= PRECISION:
            best = score
    return best


def rival(name: str, benchmark: Benchmark, half: Half) -> dict[str, object]:
    """Run a rival: its threshold from the development half, its figures from ``half``."""
    sides = {
        side: [one for one in benchmark.labelled if one.half == side]
        for side in ("development", "test")
    }
    find = RIVALS[name]
    development = sides["development"]
    last = max(one.asker.seen_to for one in benchmark.labelled if one.asker.seen_to)
    # the rivals get the rule of dates too: nobody who was registered after all were seen
    register = [one for one in benchmark.register if (one.registered_on or last) <= last]
    least = threshold(development, find([one.asker for one in development], register))
    asked = sides[half]
    began = time.perf_counter()
    ranked = find([one.asker for one in asked], register)
    seconds = time.perf_counter() - began
    scored = [one for one in asked if one.group != "lead"]
    hits = [
        ranked[one.asker.key][0] == one.org_id
        for one in scored
        if one.asker.key in ranked and ranked[one.asker.key][1] >= least
    ]
    found = sum(one.group == "found" for one in scored)
    return _told(Share(sum(hits), len(hits)), Share(sum(hits), found), seconds)


def ours(benchmark: Benchmark, half: Half) -> dict[str, object]:
    """Run the pipeline's own matcher."""
    figures = measure(benchmark, half)
    told = _told(figures.precision, figures.recall, figures.seconds)
    told["tiers"] = {tier: [one.hits, one.of] for tier, one in figures.tiers.items()}
    told["leads"] = [figures.leads.hits, figures.leads.of]
    told["decoys"] = figures.decoys
    return told


def _told(precision: Share, recall: Share, seconds: float) -> dict[str, object]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "precision": [precision.hits, precision.of],
        "recall": [recall.hits, recall.of],
        "seconds": seconds,
        "peak_mb": peak,
    }


BENCHMARKS: dict[str, Callable[[Path], Benchmark]] = {
    "payment strings": payment_strings,
    "payment strings and names without numbers": partial(payment_strings, unnumbered=True),
    "notice suppliers": notice_suppliers,
}


def side(matcher: str, benchmark: str, half: Half) -> dict[str, object]:
    """Run one matcher on one benchmark in this process."""
    made = BENCHMARKS[benchmark](corpus())
    return ours(made, half) if matcher == "ours" else rival(matcher, made, half)


def _show(share: Share) -> str:
    if share.value is None or share.interval is None:
        return "none"
    low, high = share.interval
    return f"{share.value:.3f} [{low:.3f}, {high:.3f}] ({share.hits}/{share.of})"


def main(arguments: list[str] | None = None) -> int:
    """Print every matcher's figures on both benchmarks; 1 when ours misses the precision."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--half", choices=("test", "development"), default="test")
    parser.add_argument("--matcher", choices=("ours", *RIVALS), action="append")
    parser.add_argument("--side", choices=list(BENCHMARKS), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.side:
        print(json.dumps(side(given.matcher[0], given.side, given.half)))
        return 0
    missed = False
    for benchmark in BENCHMARKS:
        print(f"{benchmark}, {given.half} half")
        for matcher in given.matcher or ("ours", *RIVALS):
            command = ["bench.linkage", "--half", given.half, "--side", benchmark]
            done = subprocess.run(
                [sys.executable, "-m", *command, "--matcher", matcher],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
            told = json.loads(done.stdout.splitlines()[-1])
            precision, recall = Share(*told["precision"]), Share(*told["recall"])
            print(
                f"  {matcher:28} precision {_show(precision):36} recall {_show(recall):36}"
                f" {told['seconds']:6.1f} s {told['peak_mb']:6.0f} MB",
                flush=True,
            )
            if matcher == "ours":
                print(f"    among {told['decoys']:,} organisations")
                tiers = ", ".join(f"{t} {h}/{n}" for t, (h, n) in sorted(told["tiers"].items()))
                print(f"    by tier: {tiers}; leads {told['leads'][0]} of {told['leads'][1]} agree")
                is_bound = "without numbers" in benchmark
                missed = missed or ((precision.value or 0) < PRECISION and not is_bound)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
