"""The closed vocabulary of a summary: every word that may stand in one, and what it means."""

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

# Verbs that also say how much or how fast (leapt, collapsed, doubled) are missing: no fact states that.
UP = (
    "up|rises?|rising|rose|risen|increas(?:e|es|ed|ing)|grows?|growing|grew|grown|gain(?:s|ed|ing)?|climb(?:s|ed|ing)?"
    "|improv(?:e|es|ed|ing|ement|ements)|more|higher"
)
DOWN = (
    "down|falls?|falling|fell|fallen|dropp(?:ed|ing)|decreas(?:e|es|ed|ing)|declined|slipp(?:ed|ing)|lower(?:ed)?|less"
)
SAME = "unchanged|steady|flat|same|stable|level|held"
RECORD = "records?|best|bests|prs?|pbs?|personal[ -]bests?"

NEGATION = r"not|\w+n['’]t|never|no|none|nor|nothing|nobody|neither|without|hardly|barely|cannot|failed|missed|yet"
REFERENCE = "from|against|than|before|previous|previously|prior|earlier|mean|average|compared|versus|vs"
AVERAGE = "mean|average"
COMPARING = "from|against|than|compared|versus|vs"
NEXT = "next|targets?|aims?|planned|suggested|recommended"
INTERVAL = "interval|range"
LAST = "last trained"
NOT_EXACT = "up to|more than|less than|higher than|lower than|than"
CLAUSE_ENDS = r"[,;:()]|—|–(?=\s)|\b(?:and|but|while|whereas|though|although|so)\b"

METRICS = (
    (("e1rm",), r"e1rms?|1rms?|(?:estimated )?one[ -]rep(?:etition)?[ -]max(?:imum)?|estimated max(?:imum)?"),
    (("set_volume",), r"set volume"),
    (("exercise_volume",), r"exercise volume"),
    (("session_tonnage",), r"session tonnage"),
    (("tonnage", "session_tonnage"), r"tonnage"),
    (("set_volume", "exercise_volume", "tonnage", "session_tonnage"), r"volume"),
    (("tonnage",), r"moved|lifted"),
    (("form",), r"form"),
    (("fitness",), r"fitness"),
    (("fatigue",), r"fatigue"),
    (("load",), r"loads?"),
)
# A unit without a number is a metric too, so that nothing can be said of it that no fact says.
BARE_UNITS = (
    (("hard_sets",), r"hard[ -]sets?|sets"),
    (("sessions",), r"sessions?|workouts?"),
    (("reps",), r"reps?|repetitions?"),
)

# Said in kindness or in passing, not as a measurement.
IDIOMS = "keep it up|keep up|(?:the )?week ahead|looking ahead|ease back in|welcome back|progress page"
# A number by the unit of something else: no fact is a rate.
RATES = r"(?:a|an|per|each|every) (?:hard )?(?:day|week|session|workout|set|rep|month|year)"

_NEUTRAL = """
    a an the this that these those it its it's that's you your you're you've yours yourself them there here here's
    what which who is are was were be been being has have having had did do done does completed complete completing
    finished finish trained train training logged log recorded got get getting put putting made make makes making took
    take takes set setting gave give gives stood stands stand standing sits sat came come comes coming went go goes
    going shows show showed shown showing brought bring brings ended ends end began begins begin started starts
    starting beginning looks look looking felt feels feel feeling keep keeps keeping enjoy enjoyed enjoying use using
    work works worked working say says said tell tells told total let's thanks thank congratulations hello hi well
    really truly very also nicely clearly simply together then out good great fine nice solid lovely excellent
    fantastic wonderful brilliant amazing impressive hard happy proud pleased fun busy productive rewarding satisfying
    strong clear honest friendly real of in on at to for with by as into through across between among including
    because when where how week lift lifts exercise exercises moment moments highlight highlights summary figures job
    effort time way thing things news
"""
NEUTRAL = frozenset(_NEUTRAL.split())

# The words of which exercises are named; a name made of others stands in quotation marks.
_EXERCISE_WORDS = """
    ab abduction abductor adduction adductor air alternate alternating and arm arnold around assisted back ball band
    bar barbell battle behind belt bench bend bent bicep biceps bike body bodyweight box bridge bulgarian burpee cable
    calf captain's carry chair chest chin clean close concentration cross crossover crossovers crunch crunches crusher
    cuff curl curls cycling dead deadlift deadlifts deck decline deficit delt diamond dip dips down downs drag
    dumbbell elliptical erg extension extensions external ez face farmer farmer's flat floor flutter fly flyes flys
    french front full glute goblet good grip hack ham hammer hamstring handstand hang hanging high hip hollow
    horizontal hyperextension incline inverted iso jackknife jefferson jerk jump jumping kettlebell kick kickback
    kickbacks knee kneeling landmine lat lateral leg legs loaded low lower lunge lunges lying machine meadows mid
    military morning mountain muscle narrow neck neutral nordic oblique on over overhead pallof palms parallel pause
    paused pec pendlay pike pin pistol plank plate preacher press presses pull pulldown pulldowns pullover push
    pushdown pushdowns rack raise raises rear renegade reverse ring roller romanian rope ropes rotation row rowing
    rows running russian seal seated shoulder shrug shrugs side single sissy sit skull skullcrusher sled smith snatch
    spider split squat squats squeeze stair standing step stiff straight suitcase sumo superman supported suspension
    swing swiss t thigh through thrust thruster tibialis to toes torso trap treadmill tricep triceps trx turkish twist
    underhand up upper upright ups v vertical walk walking wall weighted wheel wide with world wrist y zercher zottman
"""
EXERCISE_WORDS = frozenset(_EXERCISE_WORDS.split())


def whole_words(pattern: str) -> re.Pattern[str]:
    """The alternatives as whole words, whatever their case."""
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
