"""Killed at random moments, the real process loses nothing and repeats only what it had not recorded."""

from __future__ import annotations

from tests.killing import prove


def test_a_process_that_is_killed_again_and_again_delivers_everything() -> None:
    count = prove("good", kills=6, subscribers=60)
    assert (count.lost, count.recorded_repeats, count.wrong_recipients) == (0, 0, 0)
    assert count.most_in_doubt <= 1
    assert count.kills >= 4


def test_the_same_with_a_server_that_greylists_and_drops() -> None:
    for mode in ("greylisting", "dropping"):
        count = prove(mode, kills=1, subscribers=8)
        assert (count.lost, count.recorded_repeats, count.wrong_recipients) == (0, 0, 0)
        assert count.most_in_doubt <= 1
