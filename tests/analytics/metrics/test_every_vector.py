"""Every published vector is reproduced by a test that stands here by its name, or it is another convention's."""

from collections.abc import Callable, Mapping
from functools import partial

import pytest

from analytics.metrics import e1rm
from tests.analytics import vectors
from tests.analytics.metrics import test_acwr as of_acwr
from tests.analytics.metrics import test_e1rm as of_e1rm
from tests.analytics.metrics import test_endurance as of_endurance
from tests.analytics.metrics import test_load as of_load
from tests.analytics.metrics import test_plateau as of_plateau
from tests.analytics.metrics import test_plates_and_models as of_models
from tests.analytics.metrics import test_rts as of_rts
from tests.analytics.metrics import test_strength as of_strength
from tests.analytics.metrics import test_volume_vectors as of_volume

REPRODUCED: Mapping[str, Callable[[], None]] = {
    "acwr": of_acwr.test_the_forms_reproduce_the_vectors,
    "banister(k1=1,k2=2,t1=42,t2=7)": of_models.test_banister_reproduces_the_vectors,
    "cp_wprime.linear_work_time": of_endurance.test_critical_power_reproduces_the_vectors,
    "dots": partial(of_strength.test_the_polynomials_reproduce_the_vectors, "dots"),
    "e1rm.brzycki": partial(of_e1rm.test_every_formula_reproduces_the_vectors, e1rm.brzycki),
    "e1rm.epley": partial(of_e1rm.test_every_formula_reproduces_the_vectors, e1rm.epley),
    "e1rm.lander": partial(of_e1rm.test_every_formula_reproduces_the_vectors, e1rm.lander),
    "e1rm.lombardi": partial(of_e1rm.test_every_formula_reproduces_the_vectors, e1rm.lombardi),
    "e1rm.mayhew": partial(of_e1rm.test_every_formula_reproduces_the_vectors, e1rm.mayhew),
    "e1rm.oconner": partial(of_e1rm.test_every_formula_reproduces_the_vectors, e1rm.oconner),
    "e1rm.wathan": partial(of_e1rm.test_every_formula_reproduces_the_vectors, e1rm.wathan),
    "e1rm_rir.brzycki": partial(of_e1rm.test_reserve_counts_as_reps, e1rm.brzycki),
    "e1rm_rir.epley": partial(of_e1rm.test_reserve_counts_as_reps, e1rm.epley),
    "foster.pop": of_load.test_monotony_and_strain_reproduce_the_vectors,
    "gap": of_endurance.test_running_reproduces_the_vectors,
    "hard_sets": of_volume.test_hard_sets_by_muscle_reproduce_the_vectors,
    "hrmax": of_endurance.test_maximum_heart_rate_reproduces_the_vectors,
    "hrtss": of_endurance.test_hrtss_reproduces_the_vectors,
    "inol": of_models.test_inol_reproduces_the_vectors,
    "ipfgl": of_strength.test_ipf_gl_reproduces_the_vectors_and_published_results,
    "karvonen": of_endurance.test_karvonen_reproduces_the_vectors,
    "kg_to_lb": of_volume.test_kilograms_in_pounds_and_in_steps_reproduce_the_vectors,
    "lb_to_kg": of_volume.test_pounds_reproduce_the_vectors,
    "minetti_cost_J_kg_m": of_endurance.test_running_reproduces_the_vectors,
    "np_if_tss(ftp=250)": of_endurance.test_power_reproduces_the_vectors,
    "plateau.theilsen(thr 0.25%/wk)": of_plateau.test_the_judgement_of_the_published_slopes_is_reproduced,
    "plates_kg_bar20": of_models.test_plates_reproduce_the_vectors,
    "pmc.coggan_1_over_n": of_load.test_fitness_fatigue_and_form_reproduce_the_vectors,
    "riegel": of_endurance.test_running_reproduces_the_vectors,
    "rts.e1rm": of_rts.test_e1rm_and_load_reproduce_the_vectors,
    "rts.load_for": of_rts.test_e1rm_and_load_reproduce_the_vectors,
    "rts.pct": of_rts.test_the_chart_reproduces_the_vectors,
    "rtss": of_endurance.test_running_reproduces_the_vectors,
    "srpe": of_load.test_session_rpe_times_minutes_where_both_are_recorded,
    "trimp.banister": of_endurance.test_trimp_reproduces_the_vectors,
    "trimp.edwards": of_endurance.test_trimp_reproduces_the_vectors,
    "vdot": of_endurance.test_running_reproduces_the_vectors,
    "volume": of_volume.test_volume_reproduces_the_vectors,
    "wbal(CP=250,W'=20000)": of_endurance.test_the_balance_of_w_prime_reproduces_the_vectors,
    "wilks1994": partial(of_strength.test_the_polynomials_reproduce_the_vectors, "wilks1994"),
    "wilks2020": partial(of_strength.test_the_polynomials_reproduce_the_vectors, "wilks2020"),
}
OTHER_CONVENTIONS = "informative."


def test_no_vector_is_without_a_test() -> None:
    published = {name for name in vectors.names() if not name.startswith(OTHER_CONVENTIONS)}
    assert published == set(REPRODUCED)


@pytest.mark.parametrize("name", REPRODUCED)
def test_the_test_of_a_name_reads_its_cases_and_passes(name: str) -> None:
    vectors.ASKED.clear()
    REPRODUCED[name]()
    assert name in vectors.ASKED
