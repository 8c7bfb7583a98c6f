"""Without a network, the hosts after the third are named and not asked."""

from __future__ import annotations

import pytest

from observatory.errors import Unreachable
from observatory.landing.reach import asking, one_refresh


def _lose(host: str) -> str:
    with pytest.raises(Unreachable) as caught, asking(host):
        raise Unreachable("its name cannot be resolved", where=host)
    return caught.value.what


def test_after_three_lost_hosts_the_fourth_is_named_but_not_asked() -> None:
    with one_refresh():
        for host in ("one.example", "two.example", "three.example"):
            assert _lose(host) == "its name cannot be resolved"
        with pytest.raises(Unreachable, match="was not asked") as caught, asking("four.example"):
            pytest.fail("it was asked")
    assert caught.value.where == "four.example"


def test_one_host_that_answers_shows_that_there_is_a_network() -> None:
    with one_refresh():
        _lose("one.example")
        _lose("two.example")
        with asking("three.example"):
            pass
        _lose("four.example")
        with asking("five.example"):
            pass


def test_the_same_lost_host_is_counted_once() -> None:
    with one_refresh():
        for _ in range(5):
            _lose("one.example")
        with asking("two.example"):
            pass


def test_outside_a_refresh_every_host_is_asked() -> None:
    for host in ("one.example", "two.example", "three.example", "four.example"):
        assert _lose(host) == "its name cannot be resolved"
