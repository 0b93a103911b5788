"""Decides how tokens group into words of the lexicon, and reads the numbers among them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from monitor.extraction.lexicon import NO_SENSES, Entry, Lexicon, Senses, Tag
from monitor.extraction.tokens import tokenise

# "GPS", "NAPTIP": letters that the lexicon does not have name a body.
_BODY = Senses(Tag.AGENT, {Tag.AGENT: Entry(Tag.AGENT, sense="agency")})
_FIRST_YEAR, _LAST_YEAR = 1950, 2050
_CURRENCY = "$\u20ac\u00a3\u00a5\u2022"
# A count has at most nine digits; longer runs are identifiers, and hostile ones cost quadratic time.
_MOST_DIGITS = 9
_GROUP = 3


class Word(Struct, gc=False):
    """A token or a phrase of the lexicon. ``value`` is set on numbers, ``year`` on calendar years.

    ``tags`` and ``by_tag`` are those of its ``Senses``, held here since nothing is asked for as often.
    """

    low: str
    start: int
    end: int
    tags: int
    by_tag: Mapping[int, Entry]
    value: int | None = None
    year: int | None = None
    capital: bool = False

    def get(self, tag: int) -> Entry | None:
        return self.by_tag.get(tag)

    def has(self, tags: int) -> bool:
        """Whether it can be any of ``tags``."""
        return self.tags & tags != 0

    @property
    def unknown(self) -> bool:
        """Whether it is a word that the lexicon does not have."""
        return not self.tags and self.value is None and self.low[0].isalpha()


def words(text: str, start: int, end: int, lexicon: Lexicon) -> list[Word]:
    """Return the words of ``text[start:end]``."""
    lows, starts = tokenise(text, start, end)
    alone, longer, begins = lexicon.alone, lexicon.longer, lexicon.begins
    cardinals, match = lexicon.cardinals, lexicon.match
    found: list[Word] = []
    at, count = 0, len(lows)
    while at < count:
        low, begin = lows[at], starts[at]
        length, senses = 1, None
        if low not in longer or at + 1 == count or lows[at + 1] not in longer[low]:
            senses = alone.get(low)
        if senses is None and (low in begins or "-" in low or low[0].isdigit()):
            if low == "one" and (told := match(lows, at)) and told[1].tags & Tag.STORY and _opens(found):
                length, senses = told
                last = at + length - 1
                low = " ".join(lows[at : at + length])
                found.append(Word(low, begin, starts[last] + len(lows[last]), senses.tags, senses.by_tag))
                at += length
                continue
            if low in cardinals or "-" in low or low[0].isdigit():
                number = _number(lows, at, lexicon)
                if number is not None:
                    length, value, year = number
                    if begin > start and text[begin - 1] in _CURRENCY:
                        length, value, year = number[0], None, None
                    last = at + length - 1
                    found.append(Word(low, begin, starts[last] + len(lows[last]), 0, {}, value, year))
                    at += length
                    continue
            matched = match(lows, at)
            if matched is not None and matched[1].tags & Tag.STORY and not _opens(found):
                matched = match(lows, at, story=False)
            if matched is not None:
                length, senses = matched
        capital = text[begin].isupper()
        end = begin + len(low)
        if senses is None and low == '"':
            # Prose quotes single words: 'ten of them for "sexual exploitation"'.
            at += 1
            continue
        if senses is None:
            senses = _BODY if capital and 2 <= len(low) <= 7 and text[begin:end].isupper() else NO_SENSES
        elif length > 1:
            last = at + length - 1
            low, end = " ".join(lows[at : at + length]), starts[last] + len(lows[last])
        found.append(Word(low, begin, end, senses.tags, senses.by_tag, None, None, capital))
        at += length
    return found


def _opens(found: list[Word]) -> bool:
    """Whether the next word opens a clause, by the words before it."""
    return not found or found[-1].low in (",", ":", "and", "however", "but")


def _number(lows: list[str], at: int, lexicon: Lexicon) -> tuple[int, int | None, int | None] | None:
    """Read a number at ``at``: its length in tokens, its value (None for decimals) and its year."""
    low = lows[at]
    if low[0].isdigit():
        if "-" in low:
            return None
        return _digits(lows, at, lexicon)
    first = _cardinal(low, lexicon)
    if first is None:
        return None
    # "one hundred and five", "two thousand three hundred"
    total, group, length = 0, first, 1
    while at + length < len(lows) and length < 12:
        following = lows[at + length]
        scale = _scale(following, lexicon)
        if scale is not None:
            if scale == 100:
                group *= 100
            else:
                total, group = total + group * scale, 0
            length += 1
            continue
        after_and = at + length + 1 < len(lows) and following == "and" and group % 100 == 0 and group > 0
        nextpart = lows[at + length + 1] if after_and else following
        value = _cardinal(nextpart, lexicon)
        tens = group % 100 >= 20 and group % 10 == 0 and value is not None and value < 10  # "thirty three"
        if (
            value is None
            or (group and group % 100 != 0 and not tens)
            or (group == 0 and total == 0)
            or (group and value >= 100)
        ):
            break
        group += value
        length += 2 if after_and else 1
    return length, total + group, None


def _digits(lows: list[str], at: int, lexicon: Lexicon) -> tuple[int, int | None, int | None]:
    text = lows[at]
    plain = "".join(char for char in text if char.isdigit())
    if len(plain) > _MOST_DIGITS:
        return 1, None, None
    if len(text) < _GROUP and lows[at + 1 : at + 2] == [","] and at + 2 < len(lows):
        # "1, 018": no number begins with a zero
        rest = lows[at + 2]
        if len(rest) == _GROUP and rest[0] == "0" and rest.isdecimal():
            return 3, int(plain + rest), None
    scale = _scale(lows[at + 1], lexicon) if at + 1 < len(lows) else None
    if "." in text:
        if scale is None:
            return 1, None, None
        whole, _, part = text.partition(".")
        value = (int(whole) * 10 ** len(part) + int(part)) * scale // 10 ** len(part)
        return 2, value, None
    value = int(plain)
    if scale is not None:
        return 2, value * scale, None
    year = value if len(text) == 4 and _FIRST_YEAR <= value <= _LAST_YEAR else None
    return 1, value, year


def _cardinal(low: str, lexicon: Lexicon) -> int | None:
    matched = lexicon.cardinals.get(low)
    if matched is not None or "-" not in low:
        return matched
    tens, _, units = low.partition("-")
    ten, unit = lexicon.cardinals.get(tens), lexicon.cardinals.get(units)
    return ten + unit if ten is not None and unit is not None and ten >= 20 and unit < 10 else None


def _scale(low: str, lexicon: Lexicon) -> int | None:
    return lexicon.scales.get(low)
