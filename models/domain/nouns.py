"""Every noun that an athlete states beside workouts: another one is a module of its own and an entry here."""

from models.domain.equipment import EQUIPMENT
from models.domain.exclusions import EXCLUSION
from models.domain.goals import GOAL
from models.domain.items import Noun
from models.domain.measurements import MEASUREMENT
from models.domain.profile import PROFILE

NOUNS: tuple[Noun, ...] = (MEASUREMENT, GOAL, EQUIPMENT, EXCLUSION, PROFILE)
NOUNS_BY_KIND = {noun.kind: noun for noun in NOUNS}
