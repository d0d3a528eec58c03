"""Writes reference.json beside itself: what SciPy and statsmodels say, for statistics.test.ts to be held against.

python -m venv venv && venv/bin/pip install scipy==1.17.1 statsmodels==0.15.0 && venv/bin/python reference.py
"""

import json
import pathlib
import random

import numpy
import scipy
import statsmodels
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

rng = random.Random(300)


def wilson(successes, trials):
    low, high = proportion_confint(successes, trials, alpha=0.05, method="wilson")
    return [successes, trials, float(low), float(high)]


def paired(both, only_a, only_b, neither):
    p = float(mcnemar([[both, only_a], [only_b, neither]], exact=True).pvalue)
    if only_a + only_b:
        assert abs(p - binomtest(min(only_a, only_b), only_a + only_b).pvalue) < 1e-9
    values = DescrStatsW(numpy.array([0.0] * (both + neither) + [-1.0] * only_a + [1.0] * only_b))
    low, high = values.zconfint_mean(alpha=0.05)
    return [both, only_a, only_b, neither, p, float(values.mean), float(values.std_mean), float(low), float(high)]


def holm(count):
    p_values = [round(rng.random() ** 3, 6) for _ in range(count)]
    return [p_values, [float(p) for p in multipletests(p_values, method="holm")[1]]]


def some_trials():
    trials = rng.randint(2, 2000)
    return rng.randint(0, trials), trials


EDGES = [(0, 1), (1, 1), (0, 10), (10, 10), (240, 300), (41, 50), (299, 300), (1, 300), (5000, 10000)]
TABLES = [(200, 10, 30, 60), (0, 0, 0, 10), (240, 0, 1, 59), (1, 7, 0, 0), (10, 300, 250, 40), (0, 5, 5, 0)]
LARGE = [(100, 1000, 1100, 0), (5000, 40, 80, 3000)]

reference = {
    "versions": {m.__name__: m.__version__ for m in (scipy, statsmodels)},
    "wilson95": [wilson(*case) for case in EDGES + [some_trials() for _ in range(15)]],
    "paired": [paired(*table) for table in TABLES + LARGE]
    + [paired(*(rng.randint(0, most) for most in (200, 40, 40, 200))) for _ in range(18)],
    "holm": [holm(count) for count in range(1, 9)],
}
path = pathlib.Path(__file__).with_name("reference.json")
path.write_text(json.dumps(reference, indent=1) + "\n")
