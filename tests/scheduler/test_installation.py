"""Two schedulers and four workers survive being killed at random, and the database's restart."""

from __future__ import annotations

import random

from tests.scheduler.installation import installed, story


def test_whoever_is_killed_every_due_job_is_done_and_every_digest_sent_once() -> None:
    with installed() as (installation, mailbox):
        times = story(installation, mailbox, kills=4, chance=random.Random(8), pause=1.5)  # noqa: S311 - no secret
    assert times["takeover"] < 30
