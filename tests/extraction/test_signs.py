"""Signs stand for themselves, in every process."""

from __future__ import annotations

import copy
import pickle

import pytest

from monitor.extraction.lexicon import Noun, Verb
from monitor.extraction.phrases import Det, Kind


@pytest.mark.parametrize("sign", [Kind.VERB, Det.NUMBER, Noun.VICTIM, Verb.COUNT])
def test_a_sign_stays_itself_when_it_is_copied_or_pickled(sign: object) -> None:
    assert pickle.loads(pickle.dumps(sign)) is sign  # noqa: S301 - ours
    assert copy.deepcopy(sign) is sign


def test_signs_of_one_name_in_two_kinds_differ() -> None:
    kinds: list[object] = [Kind.OTHER, Noun.OTHER, Verb.OTHER]
    assert len({id(kind) for kind in kinds}) == 3
    assert (repr(Kind.OTHER), repr(Noun.OTHER)) == ("Kind.OTHER", "Noun.OTHER")


@pytest.mark.parametrize("name", ["NOTHING", "named", "__doc__", "__slots__"])
def test_a_sign_is_found_by_its_name_alone(name: str) -> None:
    assert Noun.named("VICTIM") is Noun.VICTIM
    with pytest.raises(KeyError):
        Noun.named(name)
