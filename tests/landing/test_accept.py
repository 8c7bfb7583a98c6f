"""Every file takes the same door: bad ones are named, good ones dated, known ones do nothing."""

from __future__ import annotations

import gzip
import struct
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.errors import BadInput
from observatory.landing.accept import Landed, land_file
from observatory.landing.archives import ArchiveLimits, check_archive, check_bytes
from observatory.landing.receipts import Scope
from observatory.landing.store import Landing
from observatory.sources.base import Promise
from tests.landing.helpers import HEADER, SOURCE, csv_file, tree, zip_bytes

SMALL = ArchiveLimits(
    members=3, member_bytes=20_000, total_bytes=30_000, ratio=50, ratio_from_bytes=5_000
)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path / "landing")


def land(landing: Landing, path: Path, **more: object) -> Landed:
    return land_file(SOURCE, path, landing, **{"origin": "command"} | more)  # type: ignore[arg-type]


def write(tmp_path: Path, name: str, body: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(body)
    return path


@pytest.mark.parametrize(
    ("name", "body", "what"),
    [
        ("list.csv", b"", "is empty"),
        ("list.csv", b"<!DOCTYPE html><title>Sorry</title>", "HTML page titled 'Sorry'"),
        ("list.csv", b"\xef\xbb\xbf \r\n<HTML lang=en>", "is an HTML page"),
        ("list.csv", b'<?xml version="1.0"?>\n<!-- \n --><html>', "is an HTML page"),
        ("package.json", b"<html><body>Request forbidden", "is an HTML page"),
        ("data.zip", b"<!doctype html>", "is an HTML page"),
        ("data.zip", b"id,name\n", "not a zip archive that can be opened"),
        ("list.csv", b"PK\x03\x04rest", "its bytes are a zip archive, its name says csv"),
        ("list.csv", b"\x1f\x8b\x08", "gzip"),
        ("list.csv", b"number,title\n", "lacks the header"),
        ("list.csv", b"crash\n", "cannot be read as Fictional register"),
    ],
)
def test_a_bad_file_is_refused_by_name_with_what_to_do(
    landing: Landing, tmp_path: Path, name: str, body: bytes, what: str
) -> None:
    path = write(tmp_path, name, body)
    with pytest.raises(BadInput, match=what) as caught:
        land(landing, path)
    assert name in caught.value.where
    assert caught.value.remedy
    assert tree(landing.root) == {}
    assert path.exists()


def test_a_missing_file_and_a_folder_are_refused(landing: Landing, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        land(landing, tmp_path / "nothing.csv")
    with pytest.raises(BadInput, match="not a regular file"):
        land(landing, tmp_path)


@pytest.mark.parametrize("name", ["page.html", "filing.xhtml", "filing.xml"])
def test_a_page_is_a_file_where_a_page_is_promised(tmp_path: Path, name: str) -> None:
    check_bytes(write(tmp_path, name, b"<!DOCTYPE html><html>"), name)


def test_a_csv_that_only_mentions_a_page_is_not_one(landing: Landing, tmp_path: Path) -> None:
    assert land(landing, write(tmp_path, "list.csv", HEADER + b"1,<html>\n")).new


class TestDateAndScope:
    def test_given_beats_all(self, landing: Landing, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", HEADER + b"#published 2026-10-01\n")
        receipt = land(
            landing, path, published_on=date(2026, 9, 1), scope=Scope("increment")
        ).receipt
        assert (receipt.published_on, receipt.published_basis) == (date(2026, 9, 1), "given")
        assert receipt.scope == Scope("increment")

    def test_then_what_the_file_says(self, landing: Landing, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", HEADER + b"#published 2026-10-01\n")
        headers = {"Last-Modified": "Thu, 05 Nov 2026 10:00:00 GMT"}
        receipt = land(landing, path, headers=headers).receipt
        assert (receipt.published_on, receipt.published_basis) == (date(2026, 10, 1), "content")
        assert receipt.scope == Scope("extract")

    def test_then_the_header(self, landing: Landing, tmp_path: Path) -> None:
        headers = {"last-modified": "Thu, 05 Nov 2026 10:00:00 GMT"}
        receipt = land(landing, csv_file(tmp_path), headers=headers).receipt
        assert (receipt.published_on, receipt.published_basis) == (
            date(2026, 11, 5),
            "last-modified",
        )
        assert receipt.scope == Scope("whole")

    @pytest.mark.parametrize("value", ["yesterday", "", "Thu, 99 Nov 2026 10:00:00 GMT"])
    def test_else_today(self, landing: Landing, tmp_path: Path, value: str) -> None:
        receipt = land(landing, csv_file(tmp_path), headers={"Last-Modified": value}).receipt
        assert (receipt.published_on, receipt.published_basis) == (date(2026, 11, 23), "fetched")

    def test_today_is_said_to_be_a_guess_to_whoever_gives_a_file(
        self, landing: Landing, tmp_path: Path
    ) -> None:
        assert "--published" in land(landing, csv_file(tmp_path)).message
        fetched = csv_file(tmp_path, "fetched.csv", salt=" B")
        assert "--published" not in land(landing, fetched, origin="download").message

    def test_a_date_in_the_future_is_a_slip(self, landing: Landing, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="in the future"):
            land(landing, csv_file(tmp_path), published_on=date(2062, 11, 1))

    def test_next_month_is_not(self, landing: Landing, tmp_path: Path) -> None:
        assert land(landing, csv_file(tmp_path), published_on=date(2026, 12, 1)).new


class TestAgain:
    def test_the_same_bytes_do_nothing_and_say_when(self, landing: Landing, tmp_path: Path) -> None:
        first = land(landing, csv_file(tmp_path))
        before = tree(landing.root)
        again = land(landing, csv_file(tmp_path, "renamed.csv"))
        assert (again.new, again.receipt) == (False, first.receipt)
        assert "landed for fictional_register on 2026-11-23 02:30 UTC as list.csv" in again.message
        assert "not applied" not in again.message
        assert tree(landing.root) == before

    def test_another_date_or_scope_is_said_not_to_apply(
        self, landing: Landing, tmp_path: Path
    ) -> None:
        land(landing, csv_file(tmp_path), scope=Scope("extract"))
        again = land(
            landing, csv_file(tmp_path), published_on=date(2026, 1, 1), scope=Scope("whole")
        )
        assert "publication date 2026-01-01 was given now and is not applied" in again.message
        assert "scope whole was given now and is not applied" in again.message

    def test_known_bytes_are_not_checked_twice(self, landing: Landing, tmp_path: Path) -> None:
        land(landing, csv_file(tmp_path))
        fussy = replace(SOURCE, check=lambda path, name: pytest.fail("checked again"))
        assert not land_file(fussy, csv_file(tmp_path), landing, origin="inbox").new

    def test_a_download_is_moved_and_a_given_file_stays(
        self, landing: Landing, tmp_path: Path
    ) -> None:
        given = csv_file(tmp_path)
        land(landing, given)
        fetched = csv_file(tmp_path, "fetched.csv", salt=" B")
        land(landing, fetched, origin="download")
        assert (given.exists(), fetched.exists()) == (True, False)


class TestShrunk:
    def test_a_whole_file_that_lost_a_quarter_is_refused(
        self, landing: Landing, tmp_path: Path
    ) -> None:
        land(landing, csv_file(tmp_path, rows=100), published_on=date(2026, 10, 1))
        with pytest.raises(BadInput, match="fewer than the whole edition of 2026-10-01"):
            land(landing, csv_file(tmp_path, rows=70), published_on=date(2026, 11, 1))

    @pytest.mark.parametrize(
        ("rows", "scope", "day"),
        [(90, "whole", 5), (10, "extract", 5), (10, "increment", 5), (10, "whole", 1)],
    )
    def test_a_little_less_a_part_or_an_older_edition_is_not(
        self, landing: Landing, tmp_path: Path, rows: int, scope: str, day: int
    ) -> None:
        land(landing, csv_file(tmp_path, rows=100), published_on=date(2026, 11, 3))
        path = csv_file(tmp_path, rows=rows)
        assert land(landing, path, scope=Scope.parse(scope), published_on=date(2026, 11, day)).new

    def test_an_extract_sets_no_measure(self, landing: Landing, tmp_path: Path) -> None:
        land(
            landing,
            csv_file(tmp_path, rows=100),
            scope=Scope("extract"),
            published_on=date(2026, 10, 1),
        )
        assert land(landing, csv_file(tmp_path, rows=10)).new


class TestArchives:
    def test_a_good_one_lands_with_its_nested_archive_closed(
        self, landing: Landing, tmp_path: Path
    ) -> None:
        body = zip_bytes(list__csv=b"id\n" * 50, inner__zip=b"PK\x03\x04 not opened here")
        assert land(landing, write(tmp_path, "data.zip", body)).new

    @pytest.mark.parametrize("name", ["data.zip", "data"])
    def test_one_byte_changed_is_found(self, tmp_path: Path, name: str) -> None:
        body = bytearray(zip_bytes(list__csv=bytes(range(256)) * 20))
        body[60] ^= 0xFF
        with pytest.raises(BadInput, match=r"damaged|holds"):
            check_bytes(write(tmp_path, name, bytes(body)), name)

    @given(keep=st.integers(1, 1000))
    @settings(max_examples=40)
    def test_one_cut_anywhere_is_found(self, tmp_path: Path, keep: int) -> None:
        body = zip_bytes(list__csv=bytes(range(256)) * 4)
        path = write(tmp_path, "data.zip", body[: min(keep, len(body) - 1)])
        with pytest.raises(BadInput):
            check_archive(path, "data.zip")

    @pytest.mark.parametrize(
        "name", ["../up.csv", "/etc/x", r"..\up.csv", r"C:\x.csv", "a/../../b", "\\x"]
    )
    def test_a_member_that_leads_out_is_refused(self, tmp_path: Path, name: str) -> None:
        path = write(tmp_path, "data.zip", b"")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(zipfile.ZipInfo(name), b"x")
        with pytest.raises(BadInput, match="leads out") as caught:
            check_archive(path, "data.zip")
        assert repr(name) in caught.value.where

    def test_a_symbolic_link_is_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path, "data.zip", b"")
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = 0o120777 << 16
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(link, b"/etc/passwd")
        with pytest.raises(BadInput, match="symbolic link"):
            check_archive(path, "data.zip")

    def test_an_encrypted_member_is_refused(self, tmp_path: Path) -> None:
        body = bytearray(zip_bytes(list__csv=b"secret"))
        directory = body.index(b"PK\x01\x02")
        body[directory + 8] |= 1
        with pytest.raises(BadInput, match="encrypted"):
            check_archive(write(tmp_path, "data.zip", bytes(body)), "data.zip")

    @pytest.mark.parametrize(
        ("members", "what"),
        [
            ({}, "without any file"),
            ({f"m{n}__csv": b"x" for n in range(4)}, "4 members"),
            ({"big__csv": bytes(range(256)) * 100}, "would unpack to 25,600 bytes"),
            ({f"m{n}__csv": bytes(range(256)) * 50 for n in range(3)}, "unpack to 38,400 bytes"),
            ({"bomb__csv": b"0" * 19_000}, "would unpack to 19,000 bytes from"),
        ],
    )
    def test_what_passes_the_limits_is_refused(
        self, tmp_path: Path, members: dict[str, bytes], what: str
    ) -> None:
        path = write(tmp_path, "data.zip", zip_bytes(**members))
        with pytest.raises(BadInput, match=what):
            check_archive(path, "data.zip", SMALL)

    def test_a_member_longer_than_it_declares_is_refused(self, tmp_path: Path) -> None:
        body = bytearray(zip_bytes(list__csv=b"0123456789" * 500))
        directory = body.index(b"PK\x01\x02")
        struct.pack_into("<I", body, directory + 24, 10)
        with pytest.raises(BadInput, match=r"damaged|holds"):
            check_archive(write(tmp_path, "data.zip", bytes(body)), "data.zip")

    def test_members_that_share_their_bytes_are_refused(self, tmp_path: Path) -> None:
        body = zip_bytes(list__csv=bytes(range(256)) * 4)
        directory, end = body.index(b"PK\x01\x02"), body.index(b"PK\x05\x06")
        entry, tail = body[directory:end], bytearray(body[end:])
        struct.pack_into("<HHI", tail, 8, 9, 9, len(entry) * 9)
        path = write(tmp_path, "data.zip", body[:directory] + entry * 9 + bytes(tail))
        with pytest.raises(BadInput, match="overlap"):
            check_archive(path, "data.zip")


@pytest.mark.corpus
def test_real_archives_pass_the_limits(corpus: Path) -> None:
    paths = sorted(corpus.rglob("*.zip"))
    assert paths
    for path in paths:
        check_bytes(path, path.name)


def test_a_zip_where_a_plain_file_is_read_says_so(landing: Landing, tmp_path: Path) -> None:
    def refuse(path: Path, name: str) -> Promise:
        raise BadInput("lacks its header", where=name, remedy="get the published file")

    given = tmp_path / "list.zip"
    given.write_bytes(zip_bytes(list__csv=HEADER))
    with pytest.raises(BadInput, match="it is a zip archive"):
        land_file(replace(SOURCE, check=refuse), given, landing, origin="command")


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(coding: str, landing: Landing, tmp_path: Path) -> None:
    given = tmp_path / "list.csv"
    mark = "" if coding == "utf-16" else "\ufeff"
    given.write_bytes((mark + HEADER.decode()).encode(coding))
    with pytest.raises(BadInput, match="UTF-16"):
        land_file(SOURCE, given, landing, origin="command")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("index.html", b"<!DOCTYPE html><title>Free data</title>", "is an HTML page titled 'Free"),
        ("list.csv.gz", gzip.compress(HEADER, mtime=0), "is compressed with gzip"),
    ],
)
def test_a_refused_page_or_gzip_is_called_what_it_is(
    landing: Landing, tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    def refuse(path: Path, name: str) -> Promise:
        raise BadInput("its header lacks 55 columns", where=name, remedy="report it")

    given = tmp_path / name
    given.write_bytes(data)
    with pytest.raises(BadInput, match=says) as told:
        land_file(replace(SOURCE, check=refuse), given, landing, origin="command")
    assert "lacks" not in str(told.value)
    assert told.value.remedy
