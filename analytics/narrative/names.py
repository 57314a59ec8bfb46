"""How a text names an exercise. Names are an athlete's own words, so one that could be read as a claim is quoted."""

import re
import unicodedata

from analytics.narrative import vocabulary as words

_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)*")
_MARKS = set(" ()-'/&,.")
_QUOTES = set('"“”')
_EQUIPMENT = re.compile(r"\s*\([^)]*\)")
# Words that name an exercise only beside another one: in a text they mean something else.
_SHARED = words.NEUTRAL | {"up", "down", "flat", "to", "with", "on", "and", "over", "back", "high", "low", "lower"}


def spoken(name: str) -> str | None:
    """The name as a text writes it; in quotation marks where it has unknown words or digits; null where never.

    >>> spoken("Pull Up"), spoken("Up 5 kg"), spoken("21s Curl"), spoken('"')
    ('Pull Up', '"Up 5 kg"', '"21s Curl"', None)
    """
    if not name.strip() or not name.isprintable() or _QUOTES & set(name):
        return None
    return name if is_plain(name) else f'"{name}"'


def is_plain(name: str) -> bool:
    """Whether every word is one that exercises are named with, and one of them says nothing else."""
    found = _WORDS.findall(name.lower())
    made_of_words = not set(_WORDS.sub("", name.lower())) - _MARKS and name[-1] not in " -'/&,." and name[0] != " "
    return made_of_words and set(found) <= words.EXERCISE_WORDS and not set(found) <= _SHARED


def short(name: str) -> str | None:
    """The name without its equipment, `Squat (Barbell)` as squat; null where that would not be plain.

    >>> short("Squat (Barbell)"), short("Up (Barbell)"), short("Squat")
    ('Squat', None, None)
    """
    plain = _EQUIPMENT.sub("", name).strip()
    return plain if plain != name and plain and is_plain(name) and is_plain(plain) else None


def is_latin(letter: str) -> bool:
    """An accented Latin letter; no ligature, no mathematical alphabet."""
    return (
        letter.isalpha()
        and unicodedata.name(letter, "").startswith("LATIN")
        and len(letter.casefold()) == 1
        and unicodedata.normalize("NFKC", letter) == letter
    )
