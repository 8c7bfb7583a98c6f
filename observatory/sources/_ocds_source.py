"""What every source of OCDS notices does alike: the check at the door, and the reader.

What belongs here: the way from bodies to the lake's one shape. What does not: a publisher's codes
(``_ocds_words.py``), its way of being asked (the walks), releases as such (``ocds.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from observatory import ocds, ocds_text
from observatory.errors import BadInput
from observatory.lake import Dataset, SnapshotWriter
from observatory.sources.base import Body, Promise, Read


def check(path: Path, file_name: str) -> Promise:
    """Promise the newest date that a package or its releases give. Raises BadInput when it is
    neither a package nor JSON Lines of releases, or was cut short."""
    text, _ = ocds_text.decode(path.read_bytes())
    try:
        newest = ocds_text.published(text)
        return Promise(date.fromisoformat(newest[:10])) if newest else Promise()
    except BadInput as error:
        error.where = file_name
        error.remedy = (
            "give an OCDS package of releases or records, a release, or JSON Lines with one a line"
        )
        raise
    except ValueError:
        return Promise()


def read_by(
    dataset: Dataset,
    vocabulary: Mapping[str, Collection[str]],
    fields: Collection[str],
    *,
    name_them: bool = False,
) -> Read:
    """Return the reader of a source: one row a release, in published order, and what was wrong
    with the others. ``name_them``: releases without an id are given one."""

    def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
        paths = [body.path for body in bodies]
        write(paths, writer, dataset, vocabulary, fields, name_them=name_them)

    return read


def write(
    paths: Sequence[Path],
    writer: SnapshotWriter,
    dataset: Dataset,
    vocabulary: Mapping[str, Collection[str]],
    fields: Collection[str],
    *,
    name_them: bool = False,
) -> None:
    """Write the releases of these files as the snapshot's ``dataset``, and report what they
    hold that the publisher was not known to use."""
    problems = ocds.read(writer.con, paths, writer.temp_dir, name_them=name_them)
    writer.write(dataset, "select * from ocds_release")
    for problem in [*problems, *ocds.findings(writer.con, vocabulary, fields)]:
        writer.issue(**problem._asdict())
