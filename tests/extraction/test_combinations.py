"""A head, a split and a comparison each read alone; here every one of them stands with every other."""

from __future__ import annotations

from itertools import product

import pytest

from monitor.domain.reading import DocumentKind
from monitor.extraction import Language, read

# What each head counts, and the noun that a comparison may repeat.
HEADS = (
    ("courts convicted {n} traffickers", "convictions", "traffickers"),
    ("the government reported {n} convictions", "convictions", "convictions"),
    ("there were {n} trafficking convictions", "convictions", "convictions"),
    ("the government secured the convictions of {n} traffickers", "convictions", "traffickers"),
    ("the government prosecuted {n} suspects", "prosecutions", "suspects"),
    ("the government reported prosecuting {n} defendants", "prosecutions", "defendants"),
    ("{n} suspects were prosecuted", "prosecutions", "suspects"),
    ("police investigated {n} cases", "investigations", "cases"),
    ("the government initiated {n} investigations", "investigations", "investigations"),
    ("authorities identified {n} victims", "victims_identified", "victims"),
    ("{n} victims were identified", "victims_identified", "victims"),
)
SPLITS = (
    "",
    " ({sex} for sex trafficking and {labor} for labor trafficking)",
    ", {sex} for sex trafficking and {labor} for labor trafficking",
    ", including {sex} for sex trafficking and {labor} for forced labor",
    ", of which {sex} were for sex trafficking and {labor} for forced labor",
    " - {sex} for sex trafficking and {labor} for forced labor",
    ": {sex} for sex trafficking and {labor} for forced labor",
)
SPLITS_OF_VICTIMS = (
    "",
    " ({sex} sex trafficking victims and {labor} labor trafficking victims)",
    ", {sex} victims of sex trafficking and {labor} victims of forced labor",
    ", including {sex} sex trafficking victims and {labor} forced labor victims",
    ", of whom {sex} were subjected to sex trafficking and {labor} to forced labor",
    ", {sex} exploited in sex trafficking and {labor} in forced labor",
)
COMPARISONS = (
    "",
    ", compared with {before} in 2016",
    ", compared with {before} the previous year",
    ", compared to {before} {noun} in the previous reporting period",
    ", down from {before} in 2016",
    ", an increase from {before} in the previous reporting period",
    ", a decrease from {before} {noun} in 2016",
    ", fewer than the {before} {noun} in 2016",
    ", as compared with {before} {noun} the year before",
    ", compared with {before} in 2016 and {earlier} in 2015",
    ", compared with {before} ({sex_before} for sex trafficking and {labor_before} for forced labor) in 2016",
    "; this compares with {before} in 2016",
    ". This is an increase from {before} in 2016",
    ". This compares with {before} {noun} in 2016",
)
LEADS = ("", "In 2017, ", "During the reporting period, ")
NUMBERS = {
    "n": 21,
    "sex": 13,
    "labor": 8,
    "before": 34,
    "sex_before": 25,
    "labor_before": 9,
    "earlier": 47,
}


def _read(sentence: str, language: Language) -> set[tuple[str, str, str, int | None]]:
    reading = read(sentence, kind=DocumentKind.NARRATIVE, country="ARG", edition=2018, language=language)
    return {
        (figure.measure.value, figure.form.value, figure.relation.value, figure.value)
        for figure in reading.figures
    }


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_a_comparison_finds_its_total_after_every_head_and_split(comparison: str, language: Language) -> None:
    for (head, measure, noun), lead in product(HEADS, LEADS):
        for split in SPLITS_OF_VICTIMS if measure == "victims_identified" else SPLITS:
            text = (lead + head + split + comparison + ".").format(**NUMBERS, noun=noun)
            sentence = text[0].upper() + text[1:]
            expected: set[tuple[str, str, str, int | None]] = {(measure, "all", "current", 21)}
            if split:
                expected |= {(measure, "sex", "current", 13), (measure, "labor", "current", 8)}
            if comparison:
                expected.add((measure, "all", "previous", 34))
            if "sex_before" in comparison:
                expected |= {(measure, "sex", "previous", 25), (measure, "labor", "previous", 9)}
            if "earlier" in comparison:
                expected.add((measure, "all", "earlier", 47))
            assert _read(sentence, language) == expected, sentence


SUBJECTS = ("The government", "Authorities", "During the reporting period, police")
SERIES = (
    "investigated 21 cases, prosecuted 13 suspects, and convicted eight traffickers",
    "reported 21 investigations, 13 prosecutions, and eight convictions",
    "conducted 21 investigations, initiated prosecutions of 13 suspects, and convicted eight traffickers",
    "reported investigating 21 cases, prosecuting 13 suspects, and convicting eight traffickers",
    "initiated 21 investigations, prosecuted 13 defendants, and secured eight convictions",
)
SERIES_BEFORE = (
    ", compared with 34 investigations, 25 prosecutions, and nine convictions in 2016",
    ", compared with 34, 25, and nine, respectively, in 2016",
    ", compared with investigating 34 cases, prosecuting 25 suspects, and convicting nine traffickers the"
    " previous year",
    ", compared with 34 cases investigated, 25 suspects prosecuted, and nine traffickers convicted in the"
    " previous reporting period",
    ", a decrease from 34 investigations, 25 prosecutions, and nine convictions the previous year",
    ". In 2016, authorities investigated 34 cases, prosecuted 25 suspects, and convicted nine traffickers",
    ". This compares with 34 investigations, 25 prosecutions, and nine convictions in 2016",
    "; in 2016, it investigated 34 cases, prosecuted 25 suspects, and convicted nine traffickers",
    ". During the previous reporting period, authorities reported 34 investigations, 25 prosecutions, and"
    " nine convictions",
)


@pytest.mark.parametrize("before", SERIES_BEFORE)
def test_a_series_of_verbs_and_its_comparison_keep_their_order(before: str, language: Language) -> None:
    expected = {
        ("investigations", "all", "current", 21),
        ("prosecutions", "all", "current", 13),
        ("convictions", "all", "current", 8),
        ("investigations", "all", "previous", 34),
        ("prosecutions", "all", "previous", 25),
        ("convictions", "all", "previous", 9),
    }
    for subject, series in product(SUBJECTS, SERIES):
        sentence = f"{subject} {series}{before}."
        assert _read(sentence, language) == expected, sentence


ZERO, UNTOLD = 0, None
DENIALS = (
    ("did not convict any traffickers", ("convictions",), ZERO),
    ("reported no convictions", ("convictions",), ZERO),
    ("convicted no traffickers", ("convictions",), ZERO),
    ("failed to convict any traffickers", ("convictions",), ZERO),
    ("did not secure the conviction of any traffickers", ("convictions",), ZERO),
    ("did not report any convictions", ("convictions",), UNTOLD),
    ("did not report the conviction of any traffickers", ("convictions",), UNTOLD),
    ("did not report whether it convicted any traffickers", ("convictions",), UNTOLD),
    ("did not initiate any prosecutions", ("prosecutions",), ZERO),
    ("did not identify any victims", ("victims_identified",), ZERO),
    ("reported identifying no victims", ("victims_identified",), ZERO),
    ("did not report the number of victims identified", ("victims_identified",), UNTOLD),
    ("did not investigate, prosecute, or convict any traffickers", ("i", "p", "convictions"), ZERO),
    ("reported no investigations, prosecutions, or convictions", ("i", "p", "convictions"), ZERO),
    ("did not report any investigations, prosecutions, or convictions", ("i", "p", "convictions"), UNTOLD),
    (
        "did not report investigating, prosecuting, or convicting any traffickers",
        ("i", "p", "convictions"),
        UNTOLD,
    ),
)
AFTER_DENIALS = (
    "",
    " during the reporting period",
    " in 2017",
    ", for the second consecutive year",
    ", despite reports of widespread trafficking",
    ", compared with 34 in 2016",
    ", compared with 34 in the previous reporting period",
    ", a decrease from 34 the previous year",
)
_SHORT = {"i": "investigations", "p": "prosecutions"}


@pytest.mark.parametrize(("denial", "measures", "value"), DENIALS)
def test_a_denial_is_zero_and_silence_is_untold_whatever_follows(
    denial: str, measures: tuple[str, ...], value: int | None, language: Language
) -> None:
    for subject, after in product(SUBJECTS, AFTER_DENIALS):
        if "34" in after and len(measures) > 1:
            continue
        sentence = f"{subject} {denial}{after}."
        expected = {(_SHORT.get(measure, measure), "all", "current", value) for measure in measures}
        if "34" in after:
            expected |= {(measure, "all", "previous", 34) for measure in measures}
        assert _read(sentence, language) == expected, sentence
