"""Which parts of a text are about trafficking at all."""

from __future__ import annotations

import pytest

from monitor.extraction.topic import Topic, TopicVocabulary
from monitor.settings.tables import load_tables

OTHER = "The commission counted 140 complaints about prisons, and courts tried 30 officers for beatings. " * 8


@pytest.fixture(scope="module")
def vocabulary() -> TopicVocabulary:
    return TopicVocabulary.from_table(load_tables()["topic"])


def test_a_text_that_keeps_mentioning_trafficking_is_about_it_throughout(vocabulary) -> None:
    text = f"Police investigated sex trafficking.\nJudges convicted six men.\n{OTHER}"
    assert Topic(text, vocabulary).covers(text.index("Judges"))


def test_in_a_text_about_other_things_only_the_lines_that_mention_it_count(vocabulary) -> None:
    text = f"{OTHER * 2}\nCourts convicted six traffickers.\nCourts tried nine generals.\n{OTHER * 2}"
    topic = Topic(text, vocabulary)
    assert topic.covers(text.index("Courts convicted"))
    assert not topic.covers(text.index("Courts tried nine"))
    assert not topic.covers(0)
    assert not topic.covers(len(text) - 1)


@pytest.mark.parametrize("crime", ["drug trafficking", "arms-trafficking", "wildlife trafficking"])
def test_trafficking_in_goods_is_another_thing(vocabulary, crime) -> None:
    text = f"{OTHER}Nine men were tried for {crime}."
    assert not Topic(text, vocabulary).covers(len(text) - 5)


def test_a_single_sentence_is_taken_to_be_about_trafficking(vocabulary) -> None:
    assert Topic("Judges convicted six men.", vocabulary).covers(0)
