"""Advantages, bonus and learning-rate schedules, sampler truncation, admission, and the statistics of evaluations."""

import itertools
import math
import random
from fractions import Fraction
from statistics import NormalDist

EXACT = {"rtol": 1e-10, "atol": 1e-12}


def group_advantages(rewards, standardized, epsilon):
    """R - mean, divided by the sample deviation plus epsilon; a group of one takes mean 0 and deviation 1."""
    if len(rewards) == 1:
        return [rewards[0] / (1 + epsilon) if standardized else rewards[0]]
    mean = float(sum(map(Fraction, rewards)) / len(rewards))
    centered = [r - mean for r in rewards]
    if not standardized:
        return centered
    deviation = math.sqrt(math.fsum(c * c for c in centered) / (len(rewards) - 1))
    return [c / (deviation + epsilon) if c else 0.0 for c in centered]


def batch_advantages(batch, standardized, epsilon=1e-6):
    result = [0.0] * len(batch["reward"])
    for group in set(batch["group"]):
        members = [i for i, g in enumerate(batch["group"]) if g == group]
        for i, a in zip(members, group_advantages([batch["reward"][i] for i in members], standardized, epsilon)):
            result[i] = a
    return result


def advantages():
    rng = random.Random(21)
    inputs, cases = {}, []
    for n in range(4):
        sizes = [1, 2, 4, 8][: n + 1]
        group = [g for g, size in enumerate(sizes) for _ in range(size)]
        reward = [float(rng.random() < 0.4) if n < 2 else round(rng.uniform(-1, 2), 6) for _ in group]
        inputs[f"random-{n}"] = {"reward": reward, "group": group, "origin": [0] * len(group)}
    inputs["all-right"] = {"reward": [1.0] * 7 + [1.001], "group": [0] * 8, "origin": [0] * 7 + [1]}
    for key, batch in inputs.items():
        for epsilon in (1e-6, 1e-4):
            settings = {"normalise_by_std": True, "epsilon": epsilon, "ddof": 1}
            cases.append({"id": f"{key}/standardized-{epsilon}", "input": key, "settings": settings,
                          "advantage": batch_advantages(batch, True, epsilon), **EXACT})
        cases.append({"id": f"{key}/centered", "input": key, "settings": {"normalise_by_std": False, "ddof": 1},
                      "advantage": batch_advantages(batch, False), **EXACT})
    for step in (0, 100, 400):
        before = [1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]
        shaped = before[:7] + [before[7] + 0.5 * (1 - step / 400)]
        settings = {"rewards_before": before, "expert_index": 7, "alpha": 0.5, "step": step, "total_steps": 400, "schedule": "linear",
                    "shaped": shaped}
        cases.append({"id": f"annealed/{step}-of-400", "input": "none", "settings": settings,
                      "advantage": group_advantages(shaped, True, 1e-6), **EXACT})
    return {"inputs": inputs, "cases": cases}


def bonus_schedules():
    curves = {
        "linear": lambda t, total, tau: max(0.0, 1 - t / total),
        "cosine": lambda t, total, tau: 0.5 * (1 + math.cos(math.pi * min(t / total, 1))),
        "exponential": lambda t, total, tau: math.exp(-t / tau),
    }
    cases = []
    for method, curve in curves.items():
        steps = [0, 1, 7, 60, 119, 120, 500]
        cases.append({"id": method, "method": method, "total_steps": 120, "time_constant": 40.0, "step": steps,
                      "factor": [curve(t, 120, 40.0) for t in steps], **EXACT})
    return {"cases": cases}


def learning_rates():
    """A linear warm-up to the full rate, then constant, or falling to a share of it at the last update."""
    curves = {"constant": lambda p: 1.0, "linear": lambda p: 1 - p, "cosine": lambda p: math.cos(math.pi * p / 2) ** 2}
    cases = []
    for (schedule, curve), (warmup, last) in itertools.product(curves.items(), ((0, 40), (8, 50))):
        peak, least, updates, rates = 3e-4, 0.1, [0, 1, 3, 7, 8, 9, 20, 33, 39, 49, 50, 500], []
        for u in updates:
            share = curve(min(1.0, (u - warmup) / (last - warmup)))
            rates.append(peak * (u + 1) / warmup if u < warmup else peak * (least + (1 - least) * share))
        cases.append({"id": f"{schedule}-{warmup}", "schedule": schedule, "warmup": warmup, "total": last, "peak": peak,
                      "minimum_share": least, "update": updates, "rate": rates, "rtol": 1e-12, "atol": 1e-15})
    return {"cases": cases}


def truncate(logits, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0):
    """The kept ids, in the order temperature, top-k (with ties), top-p (the least likely out first), min-p."""
    scaled = [x / temperature for x in logits]
    top = max(scaled)
    mass = [math.exp(x - top) for x in scaled]
    kept = [i for i, m in enumerate(mass) if m > 0]
    if 0 < top_k < len(logits):
        edge = sorted(scaled, reverse=True)[top_k - 1]
        kept = [i for i in kept if scaled[i] >= edge]
    if top_p < 1:
        whole = math.fsum(mass[i] for i in kept)
        out, gone = 0.0, set()
        for i in sorted(kept, key=lambda i: (mass[i], i))[:-1]:
            out += mass[i] / whole
            if out > 1 - top_p:
                break
            gone.add(i)
        kept = [i for i in kept if i not in gone]
    if min_p > 0:
        best = max(mass[i] for i in kept)
        kept = [i for i in kept if mass[i] >= min_p * best]
    inside = math.fsum(mass[i] for i in kept)
    return kept, [math.log(mass[i] / inside) for i in kept], inside / math.fsum(mass)


def sampler():
    rng = random.Random(22)
    rows = {"flat": [round(rng.gauss(0, 0.5), 4) for _ in range(24)], "sharp": [round(rng.gauss(0, 3), 4) for _ in range(40)],
            "ties": [2.0, 2.0, 1.0, 1.0, 1.0, 0.0, -3.0, -3.0], "excluded": [0.3, "-Infinity", 1.7, -0.4, "-Infinity", 0.9]}
    choices = [{"temperature": 1.0}, {"temperature": 0.6}, {"top_k": 1}, {"top_k": 4}, {"top_p": 0.9}, {"top_p": 0.35}, {"min_p": 0.07},
               {"temperature": 0.7, "top_k": 6, "top_p": 0.95}, {"temperature": 1.4, "top_k": 12, "top_p": 0.8, "min_p": 0.15}]
    cases = []
    for key, row in rows.items():
        for settings in choices:
            kept, logprob, mass = truncate([float(x) for x in row], **settings)
            label = "-".join(f"{k}{v}" for k, v in settings.items())
            cases.append({"id": f"{key}/{label}", "row": key, "settings": settings, "kept": kept, "logprob": logprob,
                          "kept_mass": mass, **EXACT})
    return {"rows": rows, "cases": cases}


def admission():
    """Groups that may be dispatched: min(C - running, (eta + v + 1) B - accepted - running)."""
    cases = []
    for seed, (eta, limit, batch) in enumerate(((0, 6, 4), (1, 16, 3), (3, 5, 2))):
        rng = random.Random(30 + seed)
        version = running = accepted = rejected = buffered = 0
        steps = []

        def write(event):
            capacity = min(limit - running, (eta + version + 1) * batch - accepted - running)
            steps.append([event, version, capacity, running, accepted, rejected])
            return capacity

        capacity = write("start")
        for _ in range(40):
            if rng.random() < 0.04:
                running, accepted, rejected, buffered = 0, version * batch, 0, 0
                capacity = write("recovered")
            elif buffered >= batch:
                version, buffered = version + 1, buffered - batch
                capacity = write("version")
            elif capacity > 0 and rng.random() < 0.6 or running == 0:
                running += 1
                capacity = write("submit")
            elif rng.random() < 0.8:
                running, accepted, buffered = running - 1, accepted + 1, buffered + 1
                capacity = write("accept")
            else:
                running, rejected = running - 1, rejected + 1
                capacity = write("reject")
        settings = {"max_concurrent": limit, "batch": batch, "max_staleness": eta}
        cases.append({"id": f"admission-{seed}", "settings": settings, "steps": steps})
    return {"columns": ["event", "version", "capacity_after", "running", "accepted", "rejected"], "cases": cases}


def pass_at_k(n, correct, k):
    return float(1 - Fraction(math.comb(n - correct, k), math.comb(n, k)))


def evaluation():
    cases = []
    for n, correct, k in ((1, 0, 1), (1, 1, 1), (8, 3, 1), (8, 3, 4), (8, 0, 8), (32, 1, 16), (32, 20, 16), (64, 2, 32)):
        cases.append({"id": f"pass-at-k/{n}-{correct}-{k}", "kind": "pass_at_k", "n": n, "correct": correct, "k": k,
                      "value": pass_at_k(n, correct, k), **EXACT})
    n, correct = [8, 8, 16, 5], [0, 3, 16, 1]
    cases.append({"id": "pass-at-k-mean/4", "kind": "pass_at_k_mean", "n": n, "correct": correct, "k": 4,
                  "value": math.fsum(pass_at_k(a, b, 4) for a, b in zip(n, correct)) / 4, **EXACT})
    for right, trials, confidence in itertools.product((0, 1, 7, 10), (10, 250), (0.9, 0.95)):
        z, p = NormalDist().inv_cdf(0.5 + confidence / 2), right / trials
        middle, spread = p + z * z / (2 * trials), z * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
        low, high = ((middle + sign * spread) / (1 + z * z / trials) for sign in (-1, 1))
        cases.append({"id": f"wilson/{right}-of-{trials}-{confidence}", "kind": "wilson", "successes": right, "n": trials,
                      "confidence": confidence, "low": max(low, 0.0), "high": min(high, 1.0), **EXACT})
    return {"cases": cases}


def student_tail(t, degrees):
    """P(|T| > t): the integral of cos^(degrees - 1) from atan(t / sqrt(degrees)) to pi / 2, over that from 0, by Simpson's rule."""
    def integral(low, steps=2000):
        width = (math.pi / 2 - low) / steps
        points = [max(math.cos(low + i * width), 0.0) ** (degrees - 1) for i in range(steps + 1)]
        return width / 3 * math.fsum(p * (1 if i in (0, steps) else 4 if i % 2 else 2) for i, p in enumerate(points))

    return integral(math.atan(abs(t) / math.sqrt(degrees))) / integral(0.0)


def student_quantile(tail, degrees):
    low, high = 0.0, 1e4
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if student_tail(middle, degrees) > tail else (low, middle)
    return (low + high) / 2


def ranks(values):
    """Ranks from 1; ties share their mean."""
    return [sum(v < x for v in values) + (sum(v == x for v in values) + 1) / 2 for x in values]


def share_of_signs(n, extreme):
    return sum(map(extreme, itertools.product((1, -1), repeat=n))) / 2**n


def comparisons():
    rng, cases = random.Random(23), []
    for n in (3, 5, 8):
        a = [round(rng.uniform(0.4, 0.7), 3) for _ in range(n)]
        b = [round(x + rng.gauss(0.03, 0.04), 3) for x in a]
        d = [round(y - x, 3) for x, y in zip(a, b)]
        mean = math.fsum(d) / n
        deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in d) / (n - 1))
        t, half = mean / (deviation / math.sqrt(n)), student_quantile(0.05, n - 1) * deviation / math.sqrt(n)
        rank = ranks([abs(x) for x in d])
        observed = abs(sum(r * math.copysign(1, x) for r, x in zip(rank, d)))
        wilcoxon = share_of_signs(n, lambda signs: abs(sum(r * s for r, s in zip(rank, signs))) >= observed - 1e-9)
        flips = share_of_signs(n, lambda signs: abs(sum(x * s for x, s in zip(d, signs))) >= abs(sum(d)) - 1e-12)
        cases.append({"id": f"paired/{n}", "kind": "paired", "a": a, "b": b, "mean_difference": mean, "sd_difference": deviation, "t": t,
                      "df": n - 1, "p_two_sided": student_tail(t, n - 1), "ci95": [mean - half, mean + half], "cohen_dz": mean / deviation,
                      "wilcoxon_exact_p": wilcoxon, "sign_flip_exact_p": flips, "rtol": 1e-9, "atol": 1e-12})
    p = [0.004, 0.21, 0.013, 0.9, 0.05]
    order, adjusted, most = sorted(range(len(p)), key=p.__getitem__), [0.0] * len(p), 0.0
    for place, i in enumerate(order):
        most = max(most, min(1.0, (len(p) - place) * p[i]))
        adjusted[i] = most
    cases.append({"id": "holm/5", "kind": "holm", "p": p, "adjusted": adjusted, **EXACT})
    x, y = [1.2, 0.4, 3.3, -1.0, 0.4, 2.0], [0.1, 0.5, 2.5, -0.7, 0.2, 2.5]
    rx, ry = ([r - (len(x) + 1) / 2 for r in ranks(v)] for v in (x, y))
    rho = sum(a * b for a, b in zip(rx, ry)) / math.sqrt(sum(a * a for a in rx) * sum(b * b for b in ry))
    cases.append({"id": "spearman/6", "kind": "spearman", "x": x, "y": y, "rho": rho, **EXACT})
    return {"cases": cases}


def documents():
    return {"advantages": advantages(), "bonus": bonus_schedules(), "learning-rates": learning_rates(), "sampler": sampler(),
            "admission": admission(), "statistics": evaluation(), "comparison": comparisons()}
