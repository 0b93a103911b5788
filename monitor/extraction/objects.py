"""Decides what each noun phrase of a clause does: who counts, what is counted, what belongs to a number."""

from __future__ import annotations

from collections.abc import Callable

from monitor.domain.figure import LIMITING_FORMS, Form, Measure, Relation
from monitor.extraction.frames import CLAIMS, EVERY, PERCENT, SENDING, Frame, Polarity, compatible, unit_of
from monitor.extraction.lexicon import Noun, Verb
from monitor.extraction.phrases import Det, Kind, NounPhrase
from monitor.extraction.untold import Untold


class Objects(Untold):
    """Noun phrases, one at a time."""

    def _noun(self, at: int) -> None:
        phrase = self._ps[at]
        np = phrase.noun
        if np is None or at in self.taken:
            return
        self._note_body(at, np)
        self._note_places(at, np)
        if self._is_whole_of_share(at, np) or self._is_of_another(at, np):
            return
        if self._names_form(at, np) or self._counts_nothing(at, np):
            return
        if np.det is Det.VAGUE:
            if np.noun is not Noun.OTHER:
                self.vague.append(phrase)
        elif self._untold_split(at, np) or self._belongs_to_number(at, np):
            return
        elif np.noun is Noun.OTHER and not (np.data and np.untold) and np.sense not in CLAIMS:
            self._note_years(at, np)
            if np.det is Det.NUMBER and not self._subjects:
                self._subjects = [at]
        elif np.noun is Noun.MEASURE and np.measure is not None:
            self._measure_noun(at, np)
        elif not self._ruled(at, np) and not self._acts_in_passive(at, np):
            self._subjects = [*self._subjects, at] if self._coordinated(at) else [at]

    def _ruled(self, at: int, np: NounPhrase) -> bool:
        for rule in _RULES if np.det is Det.NUMBER else _RULES_OF_ANY:  # noqa: SIM110 - half the time of any()
            if rule(self, at, np):
                return True
        return False

    def _acts_in_passive(self, at: int, np: NounPhrase) -> bool:
        """ "victims identified by Tarsian police fell from ...": the police are not what fell."""
        return np.noun is Noun.OFFICIAL and self._comes_after_by(at)

    def _comes_after_by(self, at: int) -> bool:
        before = self._governing(at) or self._previous(at)
        return before is not None and before.low == "by"

    def _names_form(self, at: int, np: NounPhrase) -> bool:
        """Hang a form that the phrase names on the number before it; whether that was all it does."""
        if np.named:
            self._crime_topic = self._crime_opening = False
        if self._ps[at].low in EVERY and self._apposes_form(at, np):
            return True
        if np.form is not None and np.det in (Det.BARE, Det.DEFINITE, Det.ANY, Det.ONE):
            self._late_form(at, np.form, np.group)
        return False

    def _note_body(self, at: int, np: NounPhrase) -> None:
        """Take note of who counts from here on: the state, the police, one agency, or others."""
        if np.noun is Noun.OFFICIAL and (np.agent == "other" or self._told_by_others(at)):
            # "Media outlets reported police arrested nine and a court convicted four"
            self._agent, self._quoting = "other", True
        elif np.noun is Noun.OFFICIAL and np.det in (Det.BARE, Det.DEFINITE):
            body = "police" if "police" in np.sense else "government"
            self._agent = "agency" if np.agent == "agency" else body
        if (
            np.noun is Noun.OFFICIAL
            and np.officials
            and self._frame is not None
            and not self._comes_after_by(at)
        ):
            self._officials_topic = self._officials_topic or self._frame.verb is Verb.COUNT
        if np.noun is not Noun.OTHER or not np.agent:
            return
        if np.agent == "other":
            self._note_others(at)
        elif np.det in (Det.BARE, Det.DEFINITE):
            previous = self._previous(at)
            if previous is None or previous.kind is not Kind.PREPOSITION:
                self._agent = np.agent

    def _told_by_others(self, at: int) -> bool:
        """ "The media reported that the government investigated 34 cases": what others say."""
        frame = self._frame
        return (
            self._agent == "other"
            and frame is not None
            and frame.verb is Verb.TELL
            and frame.polarity is Polarity.ASSERTED
            and all(p.kind in (Kind.PRONOUN, Kind.OTHER) for p in self._ps[frame.at + 1 : at])
        )

    def _note_others(self, at: int) -> None:
        previous = self._governing(at) or self._previous(at)
        k = at - 1
        while k > 0 and self._ps[k].kind is Kind.OTHER and "-" in self._ps[k].low:
            # "authorities and government-funded NGOs"
            k -= 1
        joined = k >= 0 and self._ps[k].kind is Kind.CONJUNCTION
        if joined and self._agent in ("government", "agency", "police") and self._names_body(k - 1):
            # "police and NGOs": a count of both
            return
        if previous is None or previous.kind not in (Kind.PREPOSITION, Kind.VERB):
            self._agent = "other"
        elif previous.low == "by" and self._frame is not None and self._frame.passive:
            counted = self._ps[at - 2].noun if at > 1 else None
            if counted is None or not counted.bare or not self._listed(at - 2):
                # ... but ", 33 of them by police and 28 by NGOs" tells who counted the parts
                self._count_by_others()

    def _is_of_another(self, at: int, np: NounPhrase) -> bool:
        """Whether the phrase is of another crime, or of deeds of other states."""
        if np.crime:
            self.taken.add(at)
            self._late_crime(at)
            if np.det is Det.NUMBER:
                self._crime_topic = True
                self._other_crimes.update(self._frame.measures if self._frame is not None else ())
            return True
        if np.abroad and np.measure is not None:
            self.taken.add(at)
            self._abroad = True
            return True
        return False

    def _counts_nothing(self, at: int, np: NounPhrase) -> bool:
        """ "all but one of the prosecutions"; "under 173", an article; "15 victims per million"."""
        before = self._previous(at)
        low = before.low if before is not None else ""
        all_but = low == "but" and at > 1 and self._ps[at - 2].low == "all" and self._ps[at - 2].noun is None
        article = np.bare and low == "under"
        unspecified = np.unspecified and np.det is Det.NUMBER and bool(self.drafts) and self._listed(at)
        after = self._next(at)
        # "53 cases involving 91 male and 24 female suspects": parts of an untold number
        by_sex = np.sense in ("male", "female") and any(
            p.low == "involving" for p in self._ps[max(0, at - 3) : at]
        )
        # "convicted eight, with seven traffickers whose sentences were pending"
        whose = np.det is Det.NUMBER and after is not None and after.low == "whose" and bool(self.drafts)
        # "with 22 individuals acquitted": not of those convicted
        then = after.verb if after is not None else None
        # ... and "40 investigations did not result in prosecutions": what came of a part
        barren = then is not None and then.negated and then.sense in ("result in", "lead to")
        acquitted = (then is not None and then.sense == "acquit") or barren
        share = np.det is Det.NUMBER and np.sense in PERCENT
        if (
            all_but
            or acquitted
            or article
            or unspecified
            or share
            or self._is_rate(at, np)
            or by_sex
            or whose
        ):
            self.taken.add(at)
            return True
        if np.det is Det.NUMBER and (before is None or before.kind is not Kind.PREPOSITION):
            self._last_number = at
        return False

    def _belongs_to_number(self, at: int, np: NounPhrase) -> bool:
        """Whether the number splits, dates or sums up the one before it."""
        whole = self._part_of
        dated = whole is not None and whole.relation is Relation.CUMULATIVE and np.bare
        if whole is not None and dated and np.value is not None and self._dated_alike(at, np, [whole]):
            return True
        of_some_form = np.form in LIMITING_FORMS or (self._context.news and np.named)
        formed = np.bare and of_some_form and bool(self.drafts) and self._listed(at)
        if whole is None and np.partitive and (formed or self._splits(at)):
            # "120 of whom were victims of forced prostitution"
            before = self._previous(at - 1 if at and self._ps[at - 1].low == "that" else at)
            told = before is not None and before.verb is not None and before.verb.verb is Verb.TELL
            near = self._context.roots[-1:] if self._context.age <= 2 and (told or not np.bare) else []
            self._part_of = self._last_head() or next(iter(near), None)
        if whole is None and self._counts_part_of_victims(at, np):
            self._part_of = self._whole_of_victims(np.value or 0)
        if self._sums_up(at, np) or (self._part_of is not None and self._take_part(at, np)):
            return True
        return np.officials and np.det is Det.ONE and self._apposed(at)

    def _note_years(self, at: int, np: NounPhrase) -> None:
        """ "Over the past five years, courts convicted 63"; "none in the four years since the law"."""
        after = self._next(at)
        since = np.sense == "years" and after is not None and after.low == "since"
        if self._spans_years(at, np) or (since and self.drafts):
            self._counts_over_years(self._ps[at])

    def _forwarded(self, at: int, np: NounPhrase) -> bool:
        """ "completed 20 cases and forwarded 15 to the public prosecutor"."""
        frame = self._frame
        if frame is None or frame.sense not in SENDING or frame.verb is not Verb.OTHER:
            return False
        if frame.polarity is not Polarity.ASSERTED or not np.bare or np.det is not Det.NUMBER:
            return False
        if not self._sent_to_court(at):
            return False
        self._take(at, np, [Measure.PROSECUTIONS], value=np.value, frame=frame)
        return True

    def _none_of_which(self, at: int, np: NounPhrase) -> bool:
        """ "none of which led to a prosecution": the subject of what follows."""
        following = self._next(at)
        if np.det is not Det.NO or not np.partitive or not np.bare or following is None:
            return False
        if following.kind not in (Kind.VERB, Kind.BE):
            return False
        self._subjects = [at]
        return True

    def _carries_measure(self, at: int, np: NounPhrase) -> bool:
        """ "31 cases to the prosecutor": the phrase itself says what it counts."""
        if np.measure is None:
            return False
        frame = self._frame
        asserted = frame is None or frame.polarity in (Polarity.ASSERTED, Polarity.PURPOSE)
        if np.det is Det.NUMBER and asserted:
            roots = self._current_roots() if np.bare else []
            self._take(
                at, np, [np.measure], value=np.value, frame=None, template=roots[-1] if roots else None
            )
        return True

    def _is_object(self, at: int, np: NounPhrase) -> bool:
        frame = self._frame
        if frame is None or frame.passive:
            return False
        if frame.verb is Verb.COUNT and frame.measures:
            return self._take_object(at, np, frame)
        before = self._previous(at)
        beside = frame.taken and before is not None and before.kind is Kind.PREPOSITION
        if frame.verb is not Verb.OPEN or beside:
            return False
        if np.sense == "charges":
            return self._charges_denied(at, np, frame) or self._filed_against(at, np, frame)
        return np.noun is Noun.CASE and self._opened_cases(at, np, frame)

    def _charges_denied(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        """ "did not file any trafficking charges": nobody was prosecuted."""
        if frame.polarity not in (Polarity.ZERO, Polarity.UNTOLD) or np.det not in (Det.ANY, Det.BARE):
            return False
        if not self._adjacent(at, frame):
            return False
        value = 0 if frame.polarity is Polarity.ZERO else None
        self._take(at, np, [Measure.PROSECUTIONS], value=value, frame=frame)
        return True

    def _is_companion(self, at: int, np: NounPhrase) -> bool:
        previous = self._previous(at)
        if previous is None or previous.kind is not Kind.PREPOSITION:
            return False
        return self._companion(at, np, previous.low)

    def _begun_number(self, at: int, np: NounPhrase) -> bool:
        """ "initiating 10 and continuing 13 investigations": the noun comes with the second number."""
        frame, rest = self._frame, self._ps[at + 1 : at + 4]
        if (
            frame is None
            or frame.verb not in (Verb.OPEN, Verb.CONTINUE)
            or frame.passive
            or frame.at != at - 1
        ):
            return False
        if (
            not np.bare
            or np.det is not Det.NUMBER
            or frame.polarity is not Polarity.ASSERTED
            or len(rest) < 3
        ):
            return False
        joint, verb, noun = rest[0], rest[1].verb, rest[2].noun
        if joint.kind is not Kind.CONJUNCTION or verb is None or noun is None or noun.measure is None:
            return False
        if verb.verb not in (Verb.OPEN, Verb.CONTINUE) or noun.det is not Det.NUMBER:
            return False
        for draft in self._take(at, np, [noun.measure], value=np.value, frame=frame):
            draft.unit = unit_of(noun, noun.measure, None)
        return True

    def _splits_subject(self, at: int, np: NounPhrase) -> bool:
        """ "21 victims were identified, 13 victims of sex trafficking and eight of forced labor"."""
        frame, last = self._frame, self._last_current()
        if frame is None or not frame.passive or last is None or np.value is None or not self._listed(at):
            return False
        head = last.parent or last
        whole = head.form is Form.ALL and (head.value or 0) > np.value
        if not whole or np.det is not Det.NUMBER or np.form not in LIMITING_FORMS:
            return False
        if not compatible(np, head.measure, "", bare=False) or self._counts_itself(at, at):
            return False
        self._split(at, np, head, np.form, np.group or np.exploited)
        return True

    def _names_body(self, at: int) -> bool:
        phrase = self._ps[at] if at >= 0 else None
        return phrase is not None and (
            phrase.kind in (Kind.AGENT, Kind.OTHER)
            or (phrase.noun is not None and (bool(phrase.noun.agent) or phrase.noun.noun is Noun.OFFICIAL))
        )

    def _coordinated(self, at: int) -> bool:
        previous = self._previous(at)
        return (
            bool(self._subjects)
            and previous is not None
            and previous.kind
            in (
                Kind.CONJUNCTION,
                Kind.COMMA,
                Kind.PREPOSITION,
            )
        )


# In order: the first that knows what to do with a noun phrase does it; else it waits for a verb. Beside
# each whether it takes numbers only: most noun phrases are none and need not try those.
_NUMBERS, _ANY = True, False
_TABLE: tuple[tuple[Callable[[Objects, int, NounPhrase], bool], bool], ...] = (
    (Objects._forwarded, _NUMBERS),
    (Objects._none_of_which, _ANY),
    (Objects._a_year_later, _NUMBERS),
    (Objects._others, _NUMBERS),
    (Objects._released, _NUMBERS),
    (Objects._carries_measure, _ANY),
    (Objects._with_victims, _NUMBERS),
    (Objects._is_object, _ANY),
    (Objects._is_companion, _ANY),
    (Objects._numbers, _NUMBERS),
    (Objects._handled, _NUMBERS),
    (Objects._involved, _NUMBERS),
    (Objects._in_relative_case, _NUMBERS),
    (Objects._apposed_number, _NUMBERS),
    (Objects._put_at, _NUMBERS),
    (Objects._as_before, _NUMBERS),
    (Objects._equals, _NUMBERS),
    (Objects._continues, _ANY),
    (Objects._coordinates, _NUMBERS),
    (Objects._told_victims, _NUMBERS),
    (Objects._splits_subject, _NUMBERS),
    (Objects._begun_number, _NUMBERS),
    (Objects._under_way_in, _NUMBERS),
    (Objects._tells_cases, _NUMBERS),
    (Objects._headline_number, _NUMBERS),
    (Objects._trafficked, _NUMBERS),
    (Objects._inverted, _NUMBERS),
)
_RULES = tuple(rule for rule, _ in _TABLE)
_RULES_OF_ANY = tuple(rule for rule, numbers in _TABLE if not numbers)
