"""Decides what is coordinated with a head: further measures, officials, a second form."""

from __future__ import annotations

from monitor.domain.figure import Form, Group, Measure
from monitor.extraction.lexicon import Entry, Noun, Tag
from monitor.extraction.noun_phrases import HeadReader, joined
from monitor.extraction.phrases import Det, NounPhrase

# What opens an object.
_OBJECT = Tag.NOUN | Tag.FORM | Tag.DEFINITE | Tag.ARTICLE | Tag.NO | Tag.ANY | Tag.QUALIFIER


class CoordinationReader(HeadReader):
    """Reads what "and" and "or" add to a head or to its form."""

    def _coordinated_measures(self, j: int, np: NounPhrase) -> int:
        """ "no investigations, prosecutions, or convictions"; "17 prosecutions and convictions"."""
        while True:
            k = j
            comma = self._word(k)
            if comma is not None and comma.low == ",":
                k += 1
            conjunction = self._word(k)
            joined = conjunction is not None and conjunction.has(Tag.CONJUNCTION)
            if joined:
                k += 1
            # "one investigation, prosecution, and conviction" is one of each
            one = np.det is Det.NUMBER and np.value == 1
            if k == j or (np.det is Det.NUMBER and not one and (not joined or k != j + 1)):
                return j
            skipped = self._word(k)
            if (
                joined
                and np.det in (Det.BARE, Det.DEFINITE)
                and skipped is not None
                and skipped.get(Tag.NOUN) is None
                and (of := self._word(k + 1)) is not None
                and of.low == "of"
                and (number := self._word(k + 2)) is not None
                and (number.value is not None or number.has(Tag.QUALIFIER))
            ):
                return k + 1
            while (modifier := self._word(k)) is not None and (
                modifier.has(Tag.FORM | Tag.ADJECTIVE | Tag.ANY) and not modifier.has(Tag.NOUN)
            ):
                k += 1
            word = self._word(k)
            noun = word.get(Tag.NOUN) if word is not None else None
            if noun is None or noun.measure is None or word is None:
                return j
            then, after = self._word(k + 1), self._word(k + 2)
            if np.det is Det.NUMBER and (
                noun.plural is one
                or (
                    then is not None
                    and then.low in ("of", "against")
                    and after is not None
                    and after.value is not None
                )
            ):
                return j
            np.also.append(noun.measure)
            j = k + 1

    def _coordinated_officials(self, j: int, np: NounPhrase) -> int:
        """ "any traffickers or complicit officials": the same count for each."""
        word = self._word(j)
        if word is None or not word.has(Tag.CONJUNCTION):
            return j
        if (end := self._joint_group(j + 1, np)) is not None:
            return end
        k = j + 1
        while (
            (modifier := self._word(k)) is not None
            and modifier.has(Tag.ANY | Tag.ADJECTIVE | Tag.COMPLICITY | Tag.AGENT)
            and not modifier.has(Tag.NOUN)
        ):
            k += 1
        word = self._word(k)
        noun = word.get(Tag.NOUN) if word is not None else None
        if noun is not None and noun.noun is Noun.OFFICIAL and not self._has_object(k + 1):
            np.officials_too = True
            return k + 1
        return j

    def _joint_group(self, k: int, np: NounPhrase) -> int | None:
        """ "61 women and children": together they are no group, as women and girls still are women."""
        word = self._word(k)
        other = word.get(Tag.NOUN) if word is not None and not word.has(Tag.VERB) else None
        if np.det is not Det.NUMBER or np.group is None or other is None:
            return None
        if other.noun is not Noun.PERSON or other.group in (None, np.group) or not other.plural:
            return None
        if {np.group, other.group} not in ({Group.WOMEN, Group.GIRLS}, {Group.MEN, Group.BOYS}):
            np.group = None
        return k + 1

    def _has_object(self, k: int) -> bool:
        """ "... and police identified 40 victims": the noun before a verb with an object is its subject."""
        verb, following = self._word(k), self._word(k + 1)
        return (
            verb is not None
            and verb.has(Tag.VERB)
            and following is not None
            and (following.value is not None or following.has(_OBJECT))
        )

    def _form_phrase(self, k: int, form: Entry, np: NounPhrase) -> int:
        found = form.form
        group = form.group
        end = k + 1
        while True:
            joint, then = self._word(end), self._word(end + 1)
            if (
                joint is not None
                and then is not None
                and joint.has(Tag.CONJUNCTION)
                and (other := then.get(Tag.FORM)) is not None
            ):
                following = self._word(end + 2)
                if (
                    following is not None
                    and following.has(Tag.NOUN)
                    and (head := following.get(Tag.NOUN)) is not None
                    and head.noun is Noun.MEASURE
                ):
                    break
                found = joined(found, other.form)
                end += 2
                continue
            if joint is not None and then is not None and joint.has(Tag.CONJUNCTION) and then.has(Tag.CRIME):
                np.crime = True
                end += 2
            break
        np.form = joined(np.form, found)
        if np.form is Form.ALL:
            named = " ".join(word.low for word in self._words[k:end])
            np.either = "sex" in named and "labor" in named
        np.unspecified = (
            np.unspecified or self._words[k].low.startswith("both ") or self._words[k - 1].low == "both"
        )
        np.named = True
        np.group = np.group or group
        np.group = _exploited_group(np, self._words[k].low) or np.group
        np.trafficking = True
        word = self._word(end)
        noun = word.get(Tag.NOUN) if word is not None else None
        if noun is not None and noun.noun in (
            Noun.ACCUSED,
            Noun.CRIME,
            Noun.VICTIM,
            Noun.CASE,
            Noun.OFFICIAL,
            Noun.PERSON,
        ):
            if noun.noun in (Noun.ACCUSED, Noun.OFFICIAL, Noun.PERSON):
                np.persons = True
            if noun.noun is Noun.OFFICIAL:
                np.officials = True
            if noun.form is not None:
                np.form = joined(np.form, noun.form)
            end += 1
            if noun.noun in (Noun.ACCUSED, Noun.PERSON):
                end = self._coordinated_officials(end, np)
        return end

    def _of_persons(self, k: int, noun: Entry, inner: NounPhrase, np: NounPhrase) -> int | None:
        if not self._is_head(k, noun, inner):
            k += 1
            word = self._word(k)
            following = word.get(Tag.NOUN) if word is not None else None
            if following is None:
                return None
            noun = following
        if noun.noun in (Noun.ACCUSED, Noun.PERSON, Noun.OFFICIAL):
            np.persons = True
            if noun.noun is Noun.OFFICIAL:
                np.officials = True
            if noun.form is not None:
                np.form = joined(np.form, noun.form)
            np.trafficking = np.trafficking or noun.noun is Noun.ACCUSED
            return self._coordinated_officials(k + 1, np)
        if noun.noun in (Noun.CRIME, Noun.CASE):
            return k + 1
        if noun.noun in (Noun.PERSON, Noun.VICTIM) and self._form_at(k + 1):
            return self._form_phrase(k + 1, self._words[k + 1].by_tag[Tag.FORM], np)
        if noun.noun is Noun.VICTIM and np.measure in (Measure.VICTIMS_IDENTIFIED, Measure.VICTIMS_ASSISTED):
            np.persons = True
            np.group = Group.CHILDREN if inner.childlike else inner.group or noun.group or np.group
            return k + 1
        return None

    def _skip_form(self, j: int) -> int:
        for k in range(j, min(j + 4, len(self._words))):
            if self._words[k].has(Tag.FORM):
                end = k + 1
                joint = self._word(end)
                if joint is not None and joint.has(Tag.CONJUNCTION) and self._form_at(end + 1):
                    end += 2
                word = self._word(end)
                noun = word.get(Tag.NOUN) if word is not None else None
                return end + 1 if noun is not None and noun.noun is Noun.CRIME else end
        return j


def _exploited_group(np: NounPhrase, low: str) -> Group | None:
    childlike = np.childlike or low.startswith("child ")
    return Group.CHILDREN if np.noun is Noun.VICTIM and childlike else None
