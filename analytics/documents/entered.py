"""From moved loads back to what an athlete enters: without the share of the bodyweight."""

from bisect import bisect_right
from datetime import date

from analytics.estimators.protocol import Performance
from analytics.training import Training
from models.domain.exercises import LOAD_MODE_CODES, LOAD_MODES_BY_CODE, LoadMode


class Bodyweights:
    """The bodyweight of each day, as the moved loads were computed with it."""

    def __init__(self, training: Training) -> None:
        weighed = training.bodyweights.sort("day")
        self._days: list[date] = weighed.get_column("day").to_list()
        self._grams: list[int] = weighed.get_column("bodyweight_g").to_list()
        self._permille: dict[int, int] = dict(
            training.exercises.select("exercise_id", "bodyweight_permille").iter_rows()
        )

    def share_g(self, performance: Performance) -> int:
        """The share of bodyweight in a performance's moved load; 0 for external loads."""
        if performance.load_mode == LOAD_MODE_CODES[LoadMode.EXTERNAL]:
            return 0
        at = bisect_right(self._days, performance.performed_on) - 1
        return (self._grams[at] * self._permille[performance.exercise_id] + 500) // 1000

    def entered_g(self, performance: Performance) -> int:
        """What the athlete entered for a performance: the load, the added load or the assistance."""
        return entered_g(performance.moved_g, performance.load_mode, self.share_g(performance))


def entered_g(moved_g: int, load_mode: int, body_g: int) -> int:
    """The load as it is entered, from the load that moves with that share of bodyweight in it."""
    return body_g - moved_g if LOAD_MODES_BY_CODE[load_mode] is LoadMode.ASSISTED else moved_g - body_g
