"""The words that carry meaning for the verifier: numbers, units, directions, metrics, and what is never said."""

import re

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SMALL = {word: value for value, word in enumerate(_SMALL)}
TENS = {word: 10 * tens for tens, word in enumerate(_TENS, start=2)}
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}

# The fact's unit by how a text may write it; longer spellings first, so that "hard sets" is not read as "sets".
UNITS = (
    ("hard sets", r"hard[ -]sets?"),
    ("kg", r"kgs?|kilograms?|kilos?"),
    ("%", r"%|percent|per[ -]cent"),
    ("points", r"points?"),
    ("reps", r"reps?|repetitions?"),
    ("sets", r"sets?"),
    ("sessions", r"sessions?|workouts?"),
    ("days", r"days?"),
    ("weeks", r"weeks?"),
    ("records", r"records?"),
)

UP = (
    "up|rises?|rising|rose|risen|increas\\w*|grow\\w*|grew|gain\\w*|climb\\w*|improv\\w*|jump\\w*|surg\\w*|soar\\w*"
    "|skyrocket\\w*|more|higher|greater|bigger|larger|heavier|stronger|better|above|exceed\\w*|surpass\\w*|advanc\\w*|boost\\w*"
    "|rais(?:ed|ing)|progress(?:ed|ing)|beat|beaten|topped|ahead|added|adding|extra|build\\w*|built|upward\\w*"
)
DOWN = (
    "down|fall\\w*|fell|drop\\w*|decreas\\w*|declin\\w*|dip\\w*|slip\\w*|slid|slump\\w*|plung\\w*|sank|sunk|shr[aiu]nk\\w*|reduc\\w*"
    "|less|lower\\w*|fewer|smaller|lighter|weaker|worse\\w*|below|under|behind|los[et]|losing|loss|regress\\w*|eased|downward\\w*"
    "|cut|crashed|tumbled|weakened|plummet\\w*|short"
)
SAME = "unchanged|steady|steadily|flat|same|stable|constant|level|plateau\\w*|equal\\w*|maintain\\w*|hold(?:ing)?"
RECORD = "records?|best|bests|prs?|pbs?|personal[ -]bests?"

NEGATION = r"not|\w+n['’]t|never|no|none|nor|neither|without|hardly|barely|cannot|failed|missed"
REFERENCE = "from|against|than|before|previous|previously|prior|earlier|mean|average\\w*|averaging|compared|versus|vs"
NOT_EXACT = (
    "about|around|roughly|approximately|nearly|almost|some|over|under|more than|less than|fewer than|at least|at most"
    "|up to|close to|circa|beyond|above|below|just"
)
CLAUSE_ENDS = r"[,;:()]|—|–(?=\s)|\b(?:and|but|while|whereas|though|although|yet|so)\b"

# Fractions, multiples and superlatives compute; ordinals count. No fact does either, so none may be said.
COMPUTED = (
    "doubl\\w*|tripl\\w*|quadrupl\\w*|twofold|threefold|\\w*-?fold|twice|thrice|once|hal(?:f|ved?|ves|ving)|quarters?"
    "|thirds?|fifths?|tenths?|dozens?|couple|pair|both|single|hundreds|thousands|millions|first|second|fourth|sixth|seventh"
    "|eighth|ninth|highest|heaviest|strongest|biggest|largest|greatest|most|lowest|lightest|worst|weakest|smallest|least"
    "|minus|negative|\\w*illions?|eleventh|twelfth|\\w+teenth|\\w+tieth|per|each|daily"
    "|fewest|longest|ever|all[ -]time|peak\\w*|maxim\\w*|minim\\w*"
)
FOREIGN_UNITS = (
    "lbs?|pounds?|tons?|tonnes?|stones?|miles?|km|kilomet\\w*|met(?:re|er)s?|grams?|g|hours?|minutes?|mins?|seconds|months?"
    "|years?|rpe|rir|calories|kcal|bpm|watts?"
)
LIFTS = (
    "squats?|bench|deadlifts?|press(?:es)?|rows?|curls?|pull-?downs?|pull-?ups?|chin-?ups?|push-?ups?|dips?|lunges?|raises?"
    "|fl(?:y|yes|ies)|extensions?|thrusts?|shrugs?|crunch(?:es)?|planks?|snatch(?:es)?|cleans?|jerks?"
)

METRICS = (
    (("e1rm",), r"e1rms?|1rms?|(?:estimated )?one[ -]rep(?:etition)?[ -]max(?:imum)?|estimated max(?:imum)?"),
    (("set_volume",), r"set volume"),
    (("exercise_volume",), r"exercise volume"),
    (("session_tonnage",), r"session tonnage"),
    (("tonnage", "session_tonnage"), r"tonnage"),
    (("set_volume", "exercise_volume", "tonnage", "session_tonnage"), r"volume"),
    (("form",), r"form"),
    (("fitness",), r"fitness"),
    (("fatigue",), r"fatigue"),
    (("load",), r"loads?"),
)

# Said in kindness, not as a measurement.
IDIOMS = "keep it up|keep up|(?:the )?week ahead|looking ahead"


def whole_words(pattern: str) -> re.Pattern[str]:
    """The alternatives as whole words, whatever their case."""
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
