"""Each construction that carries figures gives the records that a careful person would write down.

One line a record: measure, value, unit, form, relation, year, then what differs from the default.
The sentences are ours; their countries and numbers do not exist.
"""

# ruff: noqa: E501 - a sentence stays on its line

from __future__ import annotations

import pytest

from monitor.domain.reading import DocumentKind
from monitor.extraction import Language
from monitor.extraction.figures import read_figures
from monitor.extraction.sentences import sentences
from tests.extraction.records import record_of

CASES = {
    "a previous value in brackets": [
        (
            "Judges in Ostrava Nova convicted 14 traffickers (21 in 2018).",
            """convictions 14 persons all current -
               convictions 21 persons all previous 2018""",
        ),
        (
            "Police opened 61 cases (40 for sex trafficking, 21 for forced labor), and prosecutors charged 33 suspects.",
            """investigations 61 cases all current - stage=new
               investigations 40 cases sex current - stage=new
               investigations 21 cases labor current - stage=new
               prosecutions 33 persons all current -""",
        ),
        (
            "Courts convicted nine offenders (seven in 2011: five for sex trafficking and two for forced labor).",
            """convictions 9 persons all current -
               convictions 7 persons all previous 2011
               convictions 5 persons sex previous 2011
               convictions 2 persons labor previous 2011""",
        ),
    ],
    "a comparison in a sentence of its own": [
        (
            "Shelter staff and police identified 77 victims. This compares with 51 in 2016.",
            """victims_identified 77 persons all current -
               victims_identified 51 persons all previous 2016""",
        ),
        (
            "Police conducted 30 trafficking investigations. This was an increase from 22 in 2012.",
            """investigations 30 cases all current -
               investigations 22 cases all previous 2012""",
        ),
    ],
    "two earlier years": [
        (
            "The courts convicted 12 traffickers, compared with nine in 2015 and 17 in 2014.",
            """convictions 12 persons all current -
               convictions 9 persons all previous 2015
               convictions 17 persons all earlier 2014""",
        ),
        (
            "Police identified 40 victims (31 victims in 2015, 28 in 2014).",
            """victims_identified 40 persons all current -
               victims_identified 31 persons all previous 2015
               victims_identified 28 persons all earlier 2014""",
        ),
    ],
    "the same number": [
        (
            "Prosecutors charged eight suspects, the same number as in 2019.",
            """prosecutions 8 persons all current -
               prosecutions 8 persons all previous 2019""",
        ),
        ("Inspectors referred a similar number of cases as last year.", ""),
    ],
    "a split without a total": [
        (
            "The courts convicted six sex traffickers and two labor traffickers.",
            """convictions 6 persons sex current -
               convictions 2 persons labor current -""",
        ),
        (
            "Officials convicted five for sex trafficking and one for forced begging.",
            """convictions 5 persons sex current -
               convictions 1 persons labor current -""",
        ),
    ],
    "a head with its split, compared as a whole": [
        (
            "A total of 19 convictions were secured, 12 for sex trafficking and seven for forced labor, "
            "compared to 25 in 2010.",
            """convictions 19 cases all current -
               convictions 12 cases sex current -
               convictions 7 cases labor current -
               convictions 25 cases all previous 2010""",
        ),
        (
            "Authorities initiated 50 investigations \u2014 35 for sex trafficking and 15 for labor trafficking "
            "\u2014 compared with 44 in 2020.",
            """investigations 50 cases all current - stage=new
               investigations 35 cases sex current - stage=new
               investigations 15 cases labor current - stage=new
               investigations 44 cases all previous 2020 stage=new""",
        ),
    ],
    "new and continued": [
        (
            "Officials opened nine new investigations and continued investigating four cases.",
            """investigations 9 cases all current - stage=new
               investigations 4 cases all current - stage=continued""",
        ),
        (
            "Ten trafficking cases remained pending in the courts.",
            "prosecutions 10 cases all current - stage=continued",
        ),
    ],
    "cases and defendants": [
        (
            "The state prosecuted 31 defendants in nine cases, compared with 20 defendants in six cases in 2013.",
            """prosecutions 31 persons all current -
               prosecutions 9 cases all current -
               prosecutions 20 persons all previous 2013
               prosecutions 6 cases all previous 2013""",
        ),
        (
            "Police investigated 12 cases involving 30 suspects.",
            """investigations 12 cases all current -
               investigations 30 persons all current -""",
        ),
    ],
    "verbs in a series": [
        (
            "Officials investigated, prosecuted, and convicted four traffickers, compared with nine, six and five, "
            "respectively, in 2017.",
            """investigations 4 persons all current -
               prosecutions 4 persons all current -
               convictions 4 persons all current -
               investigations 9 persons all previous 2017
               prosecutions 6 persons all previous 2017
               convictions 5 persons all previous 2017""",
        ),
        (
            "Police investigated 15 suspects, prosecutors charged nine and judges convicted four, "
            "compared with 12, seven and two the year before.",
            """investigations 15 persons all current -
               prosecutions 9 persons all current -
               convictions 4 persons all current -
               investigations 12 persons all previous -
               prosecutions 7 persons all previous -
               convictions 2 persons all previous -""",
        ),
    ],
    "one comparison for several measures": [
        (
            "Prosecutors reported three prosecutions and one conviction, as opposed to none of either in 2008.",
            """prosecutions 3 cases all current -
               convictions 1 cases all current -
               prosecutions 0 cases all previous 2008
               convictions 0 cases all previous 2008""",
        ),
        (
            "It prosecuted 10 traffickers and convicted six, compared with eight prosecutions and five convictions.",
            """prosecutions 10 persons all current -
               convictions 6 persons all current -
               prosecutions 8 persons all previous -
               convictions 5 persons all previous -""",
        ),
    ],
    "zero and silence": [
        (
            "The island did not investigate any cases, prosecute suspects, or convict anyone.",
            """investigations 0 cases all current -
               prosecutions 0 persons all current -
               convictions 0 persons all current -""",
        ),
        (
            "The island did not report investigating, prosecuting, or convicting any traffickers.",
            """investigations unreported persons all current -
               prosecutions unreported persons all current -
               convictions unreported persons all current -""",
        ),
        (
            "The ministry provided no data on prosecutions.",
            "prosecutions unreported cases all current -",
        ),
        (
            "It was unclear how many victims were identified.",
            "victims_identified unreported persons all current -",
        ),
    ],
    "zeros in the passive": [
        (
            "No labor trafficking prosecutions were reported in 2015 or 2014.",
            """prosecutions 0 cases labor current 2015
               prosecutions 0 cases labor previous 2014""",
        ),
        ("There were no known convictions of traffickers.", "convictions 0 persons all current -"),
    ],
    "several years at once": [
        (
            "Between 2009 and 2013, courts convicted 44 traffickers.",
            "convictions 44 persons all cumulative -",
        ),
        ("The government has never prosecuted a trafficker.", "prosecutions 0 persons all cumulative -"),
        ("The government has not convicted any traffickers.", "convictions 0 persons all current -"),
        (
            "Since 2010, police have identified more than 300 victims.",
            "victims_identified 300 persons all cumulative - qualifier=at_least",
        ),
    ],
    "the previous value first": [
        (
            "The number of convictions fell from 18 in 2015 to 11 in 2016.",
            """convictions 18 cases all previous 2015
               convictions 11 cases all current 2016""",
        ),
        (
            "After nine convictions in 2018 and seven in 2019, Lethia recorded four in 2020.",
            """convictions 9 cases all earlier 2018
               convictions 7 cases all previous 2019
               convictions 4 cases all current 2020""",
        ),
    ],
    "comparison without a number": [
        (
            "Police identified 20 victims, an increase over the previous year.",
            "victims_identified 20 persons all current -",
        ),
        ("Investigations more than doubled, but convictions declined compared with 2013.", ""),
    ],
    "consecutive years": [
        (
            "For the fourth consecutive year, the government did not convict any traffickers.",
            "convictions 0 persons all current -",
        ),
        (
            "No prosecutions were initiated for the second year in a row.",
            "prosecutions 0 cases all current - stage=new",
        ),
    ],
    "a number in an article or an ordinal": [
        ("Courts convicted a trafficker for the first time.", "convictions 1 persons all current -"),
        ("The state achieved its first conviction.", "convictions 1 cases all current -"),
        (
            "The first three convictions under the new code were secured in 2012.",
            "convictions 3 cases all current 2012",
        ),
    ],
    "efforts and abilities": [
        (
            "The government made no effort to prosecute traffickers and lacked procedures to identify victims.",
            "",
        ),
        ("Police did not adequately identify victims among migrants.", ""),
        (
            "The state failed to investigate or prosecute any traffickers.",
            """investigations 0 persons all current -
               prosecutions 0 persons all current -""",
        ),
    ],
    "both forms under one number": [
        ("The state tried no sex or labor trafficking cases.", "prosecutions 0 cases all current -"),
        (
            "It prosecuted three suspects for labor trafficking and convicted no sex traffickers.",
            """prosecutions 3 persons labor current -
               convictions 0 persons sex current -""",
        ),
    ],
    "a form carried on": [
        (
            "Prosecutors tried 11 labor trafficking cases and convicted eight offenders.",
            """prosecutions 11 cases labor current -
               convictions 8 persons labor current -""",
        ),
    ],
    "the reach of a year": [
        (
            "In 2014, police investigated six cases and convicted one offender.",
            """investigations 6 cases all current 2014
               convictions 1 persons all current 2014""",
        ),
        (
            "Police investigated six cases in 2014 and convicted one offender.",
            """investigations 6 cases all current 2014
               convictions 1 persons all current -""",
        ),
    ],
    "the reach of a qualifier": [
        (
            "Police identified at least 60 victims and prosecuted three suspects.",
            """victims_identified 60 persons all current - qualifier=at_least
               prosecutions 3 persons all current -""",
        ),
        (
            "Police identified nearly 200 victims.",
            "victims_identified 200 persons all current - qualifier=about",
        ),
    ],
    "other crimes": [
        ("Police investigated 80 rape cases and 12 smuggling cases.", ""),
        ("Courts convicted 14 people for drug trafficking and nine for murder.", ""),
        (
            "Courts tried 90 trafficking and smuggling cases and convicted four traffickers.",
            "convictions 4 persons all current -",
        ),
    ],
    "a story beside a total": [
        (
            "Courts convicted eight traffickers. In one case, a judge convicted two men and sentenced them "
            "to nine years.",
            "convictions 8 persons all current -",
        ),
    ],
    "officials": [
        (
            "Prosecutors charged 12 suspects, including two police officers.",
            """prosecutions 12 persons all current -
               prosecutions 2 persons all current - accused=officials""",
        ),
        (
            "No officials were prosecuted for complicity.",
            "prosecutions 0 persons all current - accused=officials",
        ),
        (
            "The state did not report any prosecutions or convictions of officials complicit in trafficking.",
            """prosecutions unreported persons all current - accused=officials
               convictions unreported persons all current - accused=officials""",
        ),
    ],
    "victims": [
        (
            "Officials identified and assisted 17 victims.",
            """victims_identified 17 persons all current -
               victims_assisted 17 persons all current -""",
        ),
        (
            "Police identified 90 victims, of whom 30 were girls.",
            """victims_identified 90 persons all current -
               victims_identified 30 persons all current - group=girls""",
        ),
        (
            "The government identified 50 victims. Of these, 40 were adults and 10 were children.",
            """victims_identified 50 persons all current -
               victims_identified 40 persons all current - group=adults
               victims_identified 10 persons all current - group=children""",
        ),
    ],
    "figures of others": [
        (
            "An NGO identified 31 victims and the government identified eight, compared with six in 2015.",
            """victims_identified 31 persons all current - reporter=other
               victims_identified 8 persons all current -
               victims_identified 6 persons all previous 2015""",
        ),
        ("Charities estimate that 25,000 children work in servitude.", ""),
    ],
    "sentences and referrals": [
        ("Judges convicted and sentenced nine traffickers.", "convictions 9 persons all current -"),
        ("Police referred four suspects for prosecution.", "prosecutions 4 persons all current -"),
    ],
    "a bracket dealt out in order": [
        (
            "Prosecutors charged 40 defendants (30 for sex trafficking and 10 for labor trafficking), compared with "
            "35 in 2016 (28 and seven, respectively).",
            """prosecutions 40 persons all current -
               prosecutions 30 persons sex current -
               prosecutions 10 persons labor current -
               prosecutions 35 persons all previous 2016
               prosecutions 28 persons sex previous 2016
               prosecutions 7 persons labor previous 2016""",
        ),
    ],
    "numbers of laws, terms, ages and sums": [
        ("Article 41 prescribed penalties of five to 15 years' imprisonment for trafficking.", ""),
        ("The state spent $3.2 million on two shelters and trained 310 judges to identify victims.", ""),
    ],
}


@pytest.mark.parametrize(
    ("sentence", "records"),
    [case for cases in CASES.values() for case in cases],
    ids=[f"{kind} {number}" for kind, cases in CASES.items() for number, _ in enumerate(cases, 1)],
)
def test_a_construction_gives_its_records(sentence: str, records: str, language: Language) -> None:
    read = read_figures(
        sentence, sentences(sentence), country=None, kind=DocumentKind.NARRATIVE, lexicon=language.lexicon
    )
    expected = [line.strip() for line in records.splitlines() if line.strip()]
    assert sorted(map(record_of, read.figures)) == sorted(expected)
