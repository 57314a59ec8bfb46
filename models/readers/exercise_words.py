"""The words of an exercise's name: one spelling for each thing that people write in many ways, in many languages."""

import re
from functools import cache

from msgspec import Struct

from models.domain.catalogue import normalise
from models.domain.exercises import Equipment


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# Phrases are written as `normalise` leaves them: lower case, without accents, mostly in the singular.
EQUIPMENT: dict[Equipment, str] = {
    Equipment.SMITH_MACHINE: (
        "smith machine|machine smith|maquina smith|smith maschine|smith makinesi|smith|multipower|multipresse"
        "|史密斯机|史密斯架|史密斯"
    ),
    Equipment.BARBELL: "barbell|langhantel|bilanciere|barra|barre|long bar|bb|杠铃",
    Equipment.EZ_BAR: "ez curl bar|ez bar|curl bar|ez|sz stange|sz hantel|sz bar|sz|barra ez|barre ez|ez 杆|曲杆|曲杠",
    Equipment.TRAP_BAR: "trap bar|hex bar|六角杠铃|六角杠",
    Equipment.DUMBBELL: "dumbbell|kurzhantel|kurzhanteln|mancuerna|manubri|manubrio|haltere|dambil|dambıl|哑铃",
    Equipment.KETTLEBELL: "kettle bell|kettlebell|kugelhantel|girya|壶铃",
    Equipment.CABLE: (
        "cable machine|cable|pulley|kabelzug|kabel|seilzug|polea|cavi|cavo|poulie|polia|cabo|kablo"
        "|绳索|拉索|钢索|龙门架"
    ),
    Equipment.BAND: (
        "resistance band|exercise band|loop band|banded|band|widerstandsband|theraband|banda elastica|banda"
        "|elastico|elastique|direnc bandı|direnc bandi|弹力带|阻力带"
    ),
    Equipment.MACHINE: (
        "leverage machine|leverage|lever|machine|maquina|macchina|maschine|makinesi|makine|固定器械|器械|机器|机械"
    ),
    Equipment.BODYWEIGHT: (
        "bodyweight|body weight|bw|korpergewicht|peso corporal|peso corporeo|corpo libero|poid du corp"
        "|vucut agırlıgı|自重"
    ),
    Equipment.SUSPENSION: "suspension|suspended|trx",
    Equipment.PLATE: "plate|hantelscheibe|disco",
}
SAME: dict[str, str] = {
    "plateloaded": "plate loaded",
    "isolateral": "iso lateral|iso lat",
    "tbar": "t bar",
    "vbar": "v bar|v handle|v grip",
    "singlearm": "sa|single arm|one arm|1 arm|one armed|single hand|one hand|one handed|single handed|single armed",
    "singleleg": "single leg|one leg|1 leg|one legged|single legged",
    "closegrip": "cg|close grip|narrow grip|closegrip|narrow|close",
    "widegrip": "wg|wide grip|widegrip|wide",
    "underhand": "rg|reverse grip|underhand grip|underhand|undergrip|supinated grip",
    "neutralgrip": "neutral grip|parallel grip|neutral",
    "bentover": "bent over|bentover",
    "crossbody": "cross body|crossbody",
    "crossover": "cross over|crossover",
    "curl": "bicep curl|curl",
    "leg curl": "hamstring curl|ham curl|leg curl",
    "tricep pushdown": "tricep pulldown|tricep push down|tricep pressdown|tricep press down",
    "pushdown": "press down|pressdown|push down",
    "pushup": "press up|pressup",
    "kickback": "kick back|kickback",
    "rollout": "roll out|rollout",
    "lateral raise": "side lateral raise|lat raise|side raise|side lateral",
    "romanian deadlift": "rdl|romanian dl",
    "stiffleg deadlift": "stiff legged deadlift|stiff leg deadlift|straight leg deadlift|sldl",
    "deadlift": "dead lift|dl",
    "overhead press": "ohp",
    "bulgarian split squat": "bss|bulgarian squat|bulgarian lunge",
    "hip thrust": "hip thruster",
    "rear delt": "posterior delt|rear delt",
    "delt": "deltoid",
    "ab": "abdominal",
    "calf": "calve",
    "lowtohigh": "low to high",
    "hightolow": "high to low",
    "stabilityball": "exercise ball|stability ball|swiss ball|gym ball|physio ball|physioball",
    "medicineball": "medicine ball|med ball",
    "farmer walk": "farmer carry",
    "warmup": "warm up",
    "alternating": "alt|alternate|alternated",
    "incline": "inc|inclined",
    "decline": "dec|declined",
    "extension": "ext|extention|extender",
    "tricep": "tri",
    "bicep": "bi",
    "hamstring": "ham|hammie|hammy",
    "overhead": "oh",
    "hammerstrength": "hammer strength|hs",
    "lifefitness": "life fitness",
    "bodysolid": "body solid",
    # Half a squat is none; a dot or a stroke between digits is a blank by now.
    "partof": "1 2|1 3|2 3|1 4|3 4|1 5",
    # Letters that tell a raise, and else mean nothing; a lever that is no machine.
    "yraise": "y raise",
    "ypull": "y pull",
    "iyt": "i y t|y t w",
    "frontlever": "front lever",
    "backlever": "back lever",
}
EMPTY = words(
    "a ai al alla alle am an and at auf aux by com con das de dei del della den der die do du e en et for from i il im"
    " in la le mit my na of on or per pour s su sul sulla the to un una une using w weighted with y"
)
# Said of an exercise without making it another one.
OPTIONAL = words(
    "alternating flat overhand pronated regular standard slow strict conventional classic heavy light left right"
    " bilateral standing rope rep set sec second min minute kg lb lbs yard metre meter max work working"
    " warmup superset amrap emom finisher burnout deload day week exercise workout custom"
)
# Said of machines: how they are loaded, and who made them.
MAKES = words(
    "plateloaded hammerstrength lifefitness bodysolid technogym matrix cybex precor nautilus panatta gym80 hoist"
    " freemotion keiser gymleco eleiko newtech"
)
SIDES = words("left right")
# Words that mean something, and so are no misspelling of a word that they resemble.
MEANINGFUL = words(
    "slide slides half full hold pulse wall chair box hop skip iso partial tempo block blocks board pin pause paused"
    " drop rack race trace prone supine lean lying laying high low mid middle upper lower inner outer bear bar ball"
    " bent bend bike beach bull rope robe cross crush crunch kneel kneeling knees heel toe toes back neck deck nordic"
    " long short strong hands hand grip clip trip dip rip flip jump pump stomp stamp swing sling string wrist twist"
    " twister rest chest crest vest test hack hike bank tank thigh calf cave wave save inside outside front floor"
    " flow blow slow pike spike plank blank rank frank step stop stair stairs star start stretch sprint spin spine"
    " stance stand sitting sit seat seated leg log lag lap arm army abs hip hips heels"
)
_CHINESE = re.compile(r"([\u4e00-\u9fff]+)")
_CHINESE_QUALIFIERS = "上斜|下斜|坐姿|站姿|单臂|单手|单腿|仰卧|俯卧|俯身|宽握|窄握|宽距|窄距|反握|反向|交替|平板"
SPACED = r" \1 "
_DIGITS = re.compile(r"\d+(st|nd|rd|th|x|s|kg|lb|sec|rm)?|x\d+|\d+x\d+")


class Words(Struct, frozen=True, kw_only=True):
    """What a name says: the equipment it states, and the words that remain, without order; `numbers` are among them."""

    words: frozenset[str]
    equipment: frozenset[Equipment]
    numbers: frozenset[str]


def read(spelling: str) -> Words:
    """The words of a spelling that `normalise` gave."""
    replaced, pattern = _phrases()
    told = pattern.sub(lambda found: f" {replaced[found[0].strip()]} ", f" {_spaced(spelling)} ".replace(" ", "  "))
    tokens = [token for token in told.split() if token not in EMPTY]
    kept = frozenset(token for token in tokens if not token.startswith("@"))
    return Words(
        words=kept,
        equipment=frozenset(Equipment(token[1:]) for token in tokens if token.startswith("@")),
        numbers=frozenset(word for word in kept if _DIGITS.fullmatch(word)),
    )


@cache
def surface() -> frozenset[str]:
    """Every word that phrases are made of, or that means something or nothing of its own."""
    phrases = "|".join((*EQUIPMENT.values(), *SAME.values())).replace("|", " ").split()
    return frozenset(phrases) | EMPTY | OPTIONAL | MAKES | MEANINGFUL | frozenset(map(normalise, MEANINGFUL))


def _spaced(spelling: str) -> str:
    """Chinese is written without blanks: what it says of equipment and manner stands apart from the rest."""
    return _CHINESE.sub(lambda run: f" {_chinese_words().sub(SPACED, run[1])} ", spelling)


@cache
def _chinese_words() -> re.Pattern[str]:
    phrases = [phrase for group in EQUIPMENT.values() for phrase in group.split("|") if _CHINESE.fullmatch(phrase)]
    longest = sorted((*phrases, *_CHINESE_QUALIFIERS.split("|")), key=len, reverse=True)
    return re.compile(f"({'|'.join(longest)})")


@cache
def _phrases() -> tuple[dict[str, str], re.Pattern[str]]:
    """Each phrase with what it stands for, and the pattern that finds the longest first, blanks doubled."""
    stand_ins = {f"@{kind.value}": group for kind, group in EQUIPMENT.items()} | SAME
    meanings = {
        phrase.replace(" ", "  "): meaning for meaning, group in stand_ins.items() for phrase in group.split("|")
    }
    longest = "|".join(re.escape(phrase) for phrase in sorted(meanings, key=len, reverse=True))
    return meanings, re.compile(f" (?:{longest}) ")
