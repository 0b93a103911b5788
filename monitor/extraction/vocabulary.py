"""Decides which entries the tables of ``config/lexicon`` make: each list's senses, inflections, plurals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from monitor.domain.figure import Form, Group, Measure, Qualifier, Stage
from monitor.extraction.lexicon import INFLECTIONS, Entry, Inflection, Lexicon, Noun, Tag, Verb

_PLAIN_MARKS: dict[str, int] = {
    "any": Tag.ANY,
    "no": Tag.NO,
    "article": Tag.ARTICLE,
    "definite": Tag.DEFINITE,
    "preposition": Tag.PREPOSITION,
    "conjunction": Tag.CONJUNCTION,
    "contrast": Tag.CONTRAST,
    "pronoun": Tag.PRONOUN,
    "respectively": Tag.RESPECTIVELY,
    "adverb": Tag.ADVERB,
    "dash": Tag.DASH,
    "span": Tag.SPAN,
    "complicity": Tag.COMPLICITY,
    "months": Tag.MONTH,
    "unspecified": Tag.UNSPECIFIED,
    "other": Tag.OTHER,
    "labels": Tag.LABEL,
    "hedges": Tag.HEDGE,
}
_SPECIAL_PLURALS = frozenset(
    {"people", "men", "women", "children", "policemen", "businessmen", "fishermen", "police"}
)
_FORMS = {"sex": Form.SEX, "labor": Form.LABOR, "all": Form.ALL}
_GROUPS = {group.value: group for group in Group}
_STAGES = {"new": Stage.NEW, "continued": Stage.CONTINUED}


def lexicon_from_tables(tables: Mapping[str, Any]) -> Lexicon:
    """Compile the tables of all lexicon files, merged by their top-level keys.

    Raises:
        KeyError: a table is missing.
        ValueError: a table names a measure, form or group that does not exist.
    """
    return Lexicon(
        _spelt_both_ways(_entries(tables)), tables["numbers"]["cardinals"], tables["numbers"]["scales"]
    )


def _spelt_both_ways(entries: Iterator[tuple[str, Entry]]) -> Iterator[tuple[str, Entry]]:
    """Add what is written "labor" as the British press has it."""
    for phrase, entry in entries:
        yield phrase, entry
        if "labor" in phrase and "collabor" not in phrase:
            yield phrase.replace("labor", "labour"), entry


def _entries(tables: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    yield from _numbers(tables["numbers"])
    yield from _nouns(tables["nouns"])
    yield from _forms(tables["forms"])
    for phrase in tables["crimes"]["words"]:
        yield phrase, Entry(Tag.CRIME)
    yield from _verbs(tables["verbs"])
    yield from _adjectives(tables["adjectives"])
    yield from _links(tables["links"])


def _numbers(table: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    words = table["words"]
    for key, tag in (
        ("none", Tag.NONE),
        ("ordinals", Tag.ORDINAL),
        ("vague", Tag.VAGUE),
        ("unknown", Tag.UNKNOWN),
    ):
        for phrase in words[key]:
            yield phrase, Entry(tag)
    for key, phrases in table["qualifiers"].items():
        for phrase in phrases:
            yield phrase, Entry(Tag.QUALIFIER, qualifier=Qualifier(key))


def _nouns(table: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    for key, phrases in table["measures"].items():
        for phrase in phrases:
            yield (
                phrase,
                Entry(
                    Tag.NOUN, sense=phrase, noun=Noun.MEASURE, measure=Measure(key), plural=_plural(phrase)
                ),
            )
    for key in ("accused", "case", "crime", "victim", "person", "official", "other"):
        for kind, phrases in table[key].items():
            for phrase in phrases:
                yield (
                    phrase,
                    Entry(
                        Tag.NOUN,
                        sense=phrase,
                        noun=Noun.named(key.upper()),
                        form=_FORMS.get(kind),
                        group=_GROUPS.get(kind),
                        plural=_plural(phrase),
                    ),
                )
    for phrase in table["data"]["words"]:
        yield phrase, Entry(Tag.DATA)
    for phrase in table["data"]["heads"]:
        yield phrase, Entry(Tag.DATA_HEAD)


def _plural(phrase: str) -> bool:
    word = phrase.rsplit(" ", 1)[-1]
    return word in _SPECIAL_PLURALS or (word.endswith("s") and not word.endswith("ss"))


def _forms(table: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    for key, phrases in table.items():
        for phrase in phrases:
            yield (
                phrase,
                Entry(
                    Tag.FORM,
                    form=_FORMS.get(key, Form.ALL),
                    group=_GROUPS.get(key) if key not in _FORMS else None,
                ),
            )


def _verbs(table: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    irregular: Mapping[str, list[str]] = table["irregular"]
    for name, lemmas in table["count"].items():
        for lemma in lemmas:
            stage = Stage.NEW if lemma.startswith("initiate ") else None
            yield from _inflected(lemma, irregular, Verb.COUNT, measure=Measure(name), stage=stage)
    give = table["give"]
    for deed, kind, thing in product(give["verbs"], give["kinds"], give["things"]):
        lemma = f"{deed} {kind} {thing} to"
        yield from _inflected(lemma, irregular, Verb.COUNT, measure=Measure.VICTIMS_ASSISTED)
    for key, verb in (
        ("open", Verb.OPEN),
        ("continue", Verb.CONTINUE),
        ("support", Verb.SUPPORT),
        ("tell", Verb.TELL),
        ("change", Verb.CHANGE),
        ("undo", Verb.UNDO),
        ("other", Verb.OTHER),
    ):
        for lemma in table[key]["words"]:
            yield from _inflected(lemma, irregular, verb)
    for name, kinds in table["predicates"].items():
        for kind, phrases in kinds.items():
            for phrase in phrases:
                yield (
                    phrase,
                    Entry(
                        Tag.VERB,
                        sense="predicate",
                        verb=Verb.COUNT,
                        measure=Measure(name),
                        stage=_STAGES.get(kind),
                        inflections=frozenset({Inflection.PARTICIPLE}),
                    ),
                )
    for phrase in table["tie"]["words"]:
        yield phrase, Entry(Tag.TIE)
    for key, tag in (("be", Tag.BE), ("have", Tag.HAVE), ("do", Tag.DO)):
        for phrase in table["auxiliaries"][key]:
            yield phrase, Entry(tag)


def _inflected(
    lemma: str,
    irregular: Mapping[str, list[str]],
    verb: Verb,
    *,
    measure: Measure | None = None,
    stage: Stage | None = None,
) -> Iterator[tuple[str, Entry]]:
    forms: dict[str, set[Inflection]] = {}
    for spelling, inflection in zip(_spellings(lemma, irregular), INFLECTIONS, strict=True):
        forms.setdefault(spelling, set()).add(inflection)
    for spelling, inflections in forms.items():
        yield (
            spelling,
            Entry(
                Tag.VERB,
                sense=lemma,
                verb=verb,
                measure=measure,
                stage=stage,
                inflections=frozenset(inflections),
            ),
        )


def _spellings(lemma: str, irregular: Mapping[str, list[str]]) -> list[str]:
    """All inflections of a verb or of a phrase that begins with one, in the order of ``INFLECTIONS``."""
    if lemma in irregular:
        return irregular[lemma]
    word, _, rest = lemma.partition(" ")
    if rest and word in irregular:
        return [f"{spelling} {rest}" for spelling in irregular[word]]
    return _regular(lemma)


def _regular(lemma: str) -> list[str]:
    """Inflect the first word of a regular verb; the rest of the phrase stays."""
    word, _, rest = lemma.partition(" ")
    tail = f" {rest}" if rest else ""
    if word.endswith("ee"):
        present, past, ing = word + "s", word + "d", word + "ing"
    elif word.endswith("e"):
        present, past, ing = word + "s", word + "d", word[:-1] + "ing"
    elif word.endswith("y") and word[-2] not in "aeiou":
        present, past, ing = word[:-1] + "ies", word[:-1] + "ied", word + "ing"
    elif word in (
        "refer",
        "commit",
        "transfer",
        "admit",
        "drop",
        "submit",
        "expel",
        "acquit",
        "jail-cell",
        "step",
    ):
        present, past, ing = word + "s", word + word[-1] + "ed", word + word[-1] + "ing"
    elif word.endswith(("s", "sh", "ch", "x", "z")):
        present, past, ing = word + "es", word + "ed", word + "ing"
    else:
        present, past, ing = word + "s", word + "ed", word + "ing"
    return [word + tail, present + tail, past + tail, past + tail, ing + tail]


def _adjectives(table: Mapping[str, list[str]]) -> Iterator[tuple[str, Entry]]:
    for key, phrases in table.items():
        for phrase in phrases:
            yield (
                phrase,
                Entry(Tag.ADJECTIVE, sense=key, stage=_STAGES.get(key), group=_GROUPS.get(key)),
            )


def _links(table: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    for section, key, tag in _LINK_LISTS:
        for phrase in table[section][key]:
            yield phrase, Entry(tag)
    for section, tag in (("period", Tag.PERIOD), ("agents", Tag.AGENT)):
        for sense, phrases in table[section].items():
            for phrase in phrases:
                yield phrase, Entry(tag, sense=sense)
    for key, tag in (("not", Tag.NOT), ("without", Tag.WITHOUT), ("unclear", Tag.UNCLEAR)):
        for phrase in table["polarity"][key]:
            yield phrase, Entry(tag, sense="never" if phrase in table["polarity"]["never"] else "")
    for key, tag in _PLAIN_MARKS.items():
        for phrase in table["words"].get(key, ()):
            yield phrase, Entry(tag, sense=key)


_LINK_LISTS = (
    ("compare", "words", Tag.COMPARE),
    ("compare", "same", Tag.SAME),
    ("compare", "similar", Tag.SIMILAR),
    ("subset", "words", Tag.SUBSET),
    ("blockers", "efforts", Tag.BLOCKER),
    ("blockers", "modals", Tag.MODAL),
    ("blockers", "facts", Tag.FACT),
    ("story", "words", Tag.STORY),
)
