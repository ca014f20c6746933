"""The mixed-policy objective of ICPO (arXiv 2510.26519, equations 5 to 8) token by token, and its corrections for staleness."""

import math
import random

from tape import Var, backward, clamp, exp, larger, log_sum_exp, sigmoid, smaller, total, value

EXACT = {"rtol": 1e-10, "atol": 1e-14}
LIMIT = 20.0  # bound of a log-ratio before it is exponentiated
KL_LIMIT = 10.0

DEFAULTS = {
    "clip_low": 0.2, "clip_high": 0.2, "dual_clip": 3.0, "aggregation": "token-mean", "constant": 64.0, "kl_coefficient": 0.0,
    "expert_shape": "shaped", "expert_denominator": "one", "lam": 0.01, "expert_logp_floor": None,
    "correction": "none", "cap": 2.0, "low": 0.5, "high": 5.0, "mask_weight": "one", "tv": 0.2, "proximal": "start-of-update",
}

AGGREGATIONS = ["token-mean", "sequence-mean", "sum-over-constant", "sum-over-sequences-times-constant"]
CORRECTIONS = [
    {"correction": "decoupled"},
    {"correction": "tis-token", "cap": 1.5},
    {"correction": "tis-sequence"},
    {"correction": "ice-pop"},
    {"correction": "sequence-mask", "low": 0.8, "high": 1.25},
    {"correction": "sequence-mask", "low": 0.8, "high": 1.25, "mask_weight": "geometric-mean"},
    {"correction": "dppo-tv", "tv": 0.1},
]


def variants():
    """The options that each loss case differs in from the defaults."""
    for aggregation in AGGREGATIONS:
        yield {"aggregation": aggregation}
        yield {"aggregation": aggregation, "clip_high": 0.28, "dual_clip": None, "kl_coefficient": 0.05}
        yield {"aggregation": aggregation, "correction": "decoupled", "lam": 0.1}
    yield {"clip_low": 0.1, "clip_high": 0.3, "dual_clip": 1.5}
    yield {"expert_shape": "log-probability"}
    yield {"expert_shape": "log-probability", "expert_logp_floor": -3.0}
    yield {"expert_denominator": "behaviour", "lam": 0.1}
    yield from CORRECTIONS
    yield {"correction": "bypass"}
    yield {"correction": "decoupled", "proximal": "interpolated"}


def staleness(settings, prox, beh, mask, logp, advantage):
    """Weight and kept mask of one sequence's tokens. rho = prox / beh; all of it is constant under the gradient."""
    log_rho = [p - b for p, b in zip(prox, beh)]
    bounded = [clamp(r, -LIMIT, LIMIT) for r in log_rho]
    counted = sum(mask)
    ones = [1.0] * len(mask)
    kind = settings["correction"]
    if kind == "decoupled":  # AReaL bounds the weight by its cap alone
        return [min(math.exp(r), settings["cap"]) for r in log_rho], ones
    if kind == "tis-token":
        return [min(math.exp(r), settings["cap"]) for r in bounded], ones
    if kind == "tis-sequence":
        product = clamp(sum(r * m for r, m in zip(log_rho, mask)), -LIMIT, LIMIT)
        return [min(math.exp(product), settings["cap"])] * len(mask), ones
    if kind == "ice-pop":
        kept = [float(settings["low"] <= math.exp(r) <= settings["high"]) for r in bounded]
        return [math.exp(r) * k for r, k in zip(bounded, kept)], kept
    if kind == "sequence-mask":
        mean = math.exp(sum(r * m for r, m in zip(bounded, mask)) / max(counted, 1))
        kept = float(settings["low"] <= mean <= settings["high"])
        return [kept * (mean if settings["mask_weight"] == "geometric-mean" else 1.0)] * len(mask), [kept] * len(mask)
    if kind == "dppo-tv":
        moved = [math.exp(p) - math.exp(b) for p, b in zip(logp, beh)]
        kept = [float(not (advantage > 0 and d > settings["tv"] or advantage < 0 and d < -settings["tv"])) for d in moved]
        return kept, kept
    return ones, ones


def anchor(settings, row, logp):
    """log pi_prox of one sequence."""
    if settings["correction"] in ("bypass", "dppo-tv"):
        return row["beh"]
    if settings["proximal"] == "interpolated":
        return interpolated(logp, row["beh"], row["version"], row["current_version"])
    return row["old"]


def interpolated(logp, beh, versions, current):
    """log mu + a (log pi - log mu), a = (v_prox - v) / (v_theta - v), v_prox = v_theta - 1."""
    result = []
    for p, b, v in zip(logp, beh, versions):
        share = 0.0 if v == current else min(max((current - 1 - v) / (current - v), 0.0), 1.0)
        result.append(b + share * (value(p) - b))
    return result


def policy_term(u, advantage, settings):
    """What is maximized for one policy token."""
    if settings["correction"] == "dppo-tv":  # the mask replaces the clip
        return u * advantage
    clipped = clamp(u, 1 - settings["clip_low"], 1 + settings["clip_high"])
    surrogate = smaller(u * advantage, clipped * advantage)
    if settings["dual_clip"] is not None and advantage < 0:
        surrogate = larger(surrogate, settings["dual_clip"] * advantage)
    return surrogate


def shape(log_ratio, settings):
    """f(r) = r / (r + lambda), or log r."""
    if settings["expert_logp_floor"] is not None:
        log_ratio = clamp(log_ratio, settings["expert_logp_floor"], math.inf)
    return sigmoid(log_ratio - math.log(settings["lam"])) if settings["expert_shape"] == "shaped" else log_ratio


def k3(logp, ref):
    d = clamp(ref - logp, -LIMIT, LIMIT)
    return clamp(exp(d) - d - 1.0, -KL_LIMIT, KL_LIMIT)


def rows(batch):
    for i in range(len(batch["mask"])):
        row = {name: batch[name][i] for name in ("mask", "old", "beh", "ref", "version", "origin")}
        yield i, {**row, "current_version": batch["current_version"]}


def scale(settings, row, batch):
    """What each counted token of a sequence is multiplied by in the sum."""
    tokens = sum(map(sum, batch["mask"]))
    sequences = sum(1 for m in batch["mask"] if sum(m))
    return {
        "token-mean": lambda: 1 / tokens,
        "sequence-mean": lambda: 1 / (sequences * max(sum(row["mask"]), 1)),
        "sum-over-constant": lambda: 1 / settings["constant"],
        "sum-over-sequences-times-constant": lambda: 1 / (sequences * settings["constant"]),
    }[settings["aggregation"]]()


def loss(batch, settings):
    """The loss of a whole batch and its gradient with respect to every log-probability."""
    logp = [[Var(p) for p in row] for row in batch["logp"]]
    terms, expert = [], []
    for i, row in rows(batch):
        advantage, now = batch["adv_std"][i], [value(p) for p in logp[i]]
        prox = anchor(settings, row, now)
        weights, _ = staleness(settings, prox, row["beh"], row["mask"], now, advantage)
        for t, p in enumerate(logp[i]):
            factor = row["mask"][t] * scale(settings, row, batch)
            if factor == 0:
                continue
            if row["origin"]:
                ratio = p if settings["expert_denominator"] == "one" else clamp(p - row["beh"][t], -LIMIT, LIMIT)
                terms.append(shape(ratio, settings) * (-advantage * factor))
                expert.append(math.exp(value(p)))
            else:
                u = exp(clamp(p - prox[t], -LIMIT, LIMIT))
                terms.append(policy_term(u, advantage, settings) * (-weights[t] * factor))
            if settings["kl_coefficient"]:
                terms.append(k3(p, row["ref"][t]) * (settings["kl_coefficient"] * factor))
    result = total(terms)
    backward(result)
    return result.value, [[p.grad for p in row] for row in logp], sum(expert) / max(len(expert), 1)


def random_batch(name, rng, extreme):
    """Three groups of four, the last of each group steered; ragged, with holes and one response that counts nowhere."""
    batch = {"id": name, "group": [], "origin": [], "reward": [], "bonus": [], "current_version": 7, "width": 9}
    batch.update({field: [] for field in ("mask", "logp", "old", "beh", "ref", "version")})
    for i in range(12):
        length = 1 if i == 5 else rng.randint(2, 6)
        logp = [round(-rng.expovariate(0.7) - 1e-3, 6) for _ in range(length)]
        old = [round(min(p + rng.gauss(0, 0.35), -1e-6), 6) for p in logp]
        if extreme and i % 4 == 1:
            logp[0], old[0], logp[-1], old[-1] = -25.5, -0.5, -0.3, -25.3
        beh = [round(min(p + rng.gauss(0, 0.4), -1e-6), 6) for p in old]
        ref = [round(min(p + rng.gauss(0, 0.5), -1e-6), 6) for p in logp]
        if extreme and i % 4 == 2:
            beh[0], ref[0], old[-1] = -25.6, -0.5, beh[-1] - 25
        mask = [0 if i == 6 or (i % 3 == 2 and t == 1) else 1 for t in range(length)]
        expert = int(i % 4 == 3)
        bonus = 0.5 if expert and i > 8 else 0.0
        batch["group"].append(i // 4)
        batch["origin"].append(expert)
        batch["reward"].append((1.0 if i in (0, 3, 7, 9, 10, 11) else 0.0) + bonus)
        batch["bonus"].append(bonus)
        batch["version"].append([rng.randint(3, 7) for _ in range(length)])
        for field, values in (("mask", mask), ("logp", logp), ("old", old), ("beh", beh), ("ref", ref)):
            batch[field].append(values)
    return batch


def kl_cases(rng):
    logp = [round(-rng.expovariate(0.5), 6) for _ in range(10)] + [-30.0, -0.1, -14.0]
    ref = [round(p + rng.gauss(0, 1), 6) for p in logp[:10]] + [-0.5, -28.0, -1.5]
    leaves = [Var(p) for p in logp]
    values = [k3(p, r) for p, r in zip(leaves, ref)]
    backward(total(values))
    return [{"id": "k3", "estimator": "k3", "clamp10": True, "logp": logp, "ref": ref, "value": [value(v) for v in values],
             "grad": [p.grad for p in leaves], **EXACT}]


def shaping_cases():
    cases = []
    for lam in (0.01, 0.1):
        leaves = [Var(-0.5 * i - 1e-9) for i in range(28)]
        shaped = [shape(p, {**DEFAULTS, "lam": lam}) for p in leaves]
        backward(total(shaped))
        cases.append({"id": f"shaping-curve/{lam}", "settings": {"lam": lam}, "logp": [p.value for p in leaves],
                      "shaped": [value(s) for s in shaped], "weight_gradient": [p.grad for p in leaves], **EXACT})
    return cases


def staleness_cases(batch):
    """Weights, masks and statistics before any truncation."""
    cases, counted = [], [(r, t) for r in rows(batch) for t, m in enumerate(r[1]["mask"]) if m]
    log_rho = {(i, t): row["old"][t] - row["beh"][t] for (i, row), t in counted}
    for options in CORRECTIONS[1:6]:
        settings, weights, keeps = {**DEFAULTS, **options}, [], []
        for i, row in rows(batch):
            w, k = staleness(settings, row["old"], row["beh"], row["mask"], batch["logp"][i], batch["adv_std"][i])
            weights.append([x * m for x, m in zip(w, row["mask"])])
            keeps.append([x * m for x, m in zip(k, row["mask"])])
        cases.append({"id": f"{batch['id']}/{name(options)}", "kind": "correction", "batch": batch["id"], "settings": options,
                      "weight": weights, "kept": keeps, "metrics": moments(log_rho.values(), "k3_kl", "chi2_token"), **EXACT})
    kept = []
    for i, row in rows(batch):
        settings = {**DEFAULTS, "correction": "dppo-tv", "tv": 0.1}
        _, k = staleness(settings, row["beh"], row["beh"], row["mask"], batch["logp"][i], batch["adv_std"][i])
        kept.append([x * m for x, m in zip(k, row["mask"])])
    cases.append({"id": f"{batch['id']}/dppo-tv", "kind": "dppo_tv", "batch": batch["id"],
                  "settings": {"advantage": "adv_std", "threshold": 0.1}, "kept": kept, **EXACT})
    policy = [r for (i, t), r in log_rho.items() if not batch["origin"][i]]
    rho = [math.exp(r) for r in policy]
    ess = math.fsum(rho) ** 2 / (len(rho) * math.fsum(r * r for r in rho))
    cases.append({"id": f"{batch['id']}/ess", "kind": "ess", "batch": batch["id"],
                  "value": {"ess": ess, **moments(policy, "k3", "chi2")}, **EXACT})
    prox = [interpolated(batch["logp"][i], row["beh"], row["version"], 7) for i, row in rows(batch)]
    cases.append({"id": f"{batch['id']}/interpolated", "kind": "prox", "batch": batch["id"],
                  "settings": {"method": "loglinear", "proximal_version": 6, "current_version": 7}, "prox": prox, **EXACT})
    return cases


def moments(log_rho, k3_name, chi2_name):
    log_rho = list(log_rho)
    n = len(log_rho)
    return {k3_name: math.fsum(math.exp(r) - 1 - r for r in log_rho) / n, chi2_name: math.fsum(math.exp(2 * r) for r in log_rho) / n - 1}


def logits_cases(rng):
    """Log-probability of a label and entropy, of logits divided by the temperature."""
    cases = []
    for temperature in (1.0, 0.7):
        logits = [[Var(round(rng.gauss(0, 2), 4)) for _ in range(9)] for _ in range(4)]
        label = [rng.randrange(9) for _ in logits]
        weight = [round(rng.gauss(0, 1), 3) for _ in logits]
        logp, entropy = [], []
        for row, chosen in zip(logits, label):
            scaled = [x / temperature for x in row]
            norm = log_sum_exp(scaled)
            logs = [x - norm for x in scaled]
            logp.append(logs[chosen])
            entropy.append(total(exp(x) * x for x in logs) * -1.0)
        slopes = []
        for root in (total(p * w for p, w in zip(logp, weight)), total(entropy) / len(entropy)):
            backward(root)
            slopes.append([[x.grad for x in row] for row in logits])
            clear(root)
        cases.append({"id": f"logits/{temperature}", "settings": {"temperature": temperature}, "label": label, "weight": weight,
                      "logits": [[x.value for x in row] for row in logits], "logp": [p.value for p in logp],
                      "entropy": [e.value for e in entropy], "grad_weighted_logp": slopes[0], "grad_mean_entropy": slopes[1], **EXACT})
    return cases


def clear(root):
    """Sets the gradients of everything that the root was made from to zero."""
    stack, seen = [root], set()
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            node.grad = 0.0
            stack.extend(node.parents)


def name(options):
    return "-".join(f"{k}={v}" for k, v in options.items()) or "default"


def documents(advantages):
    """The objective's files by name; advantages gives one advantage per reward of a batch."""
    batches = [random_batch("plain", random.Random(11), False), random_batch("extreme", random.Random(12), True)]
    losses, corrections = [], []
    for batch in batches:
        batch["adv_std"], batch["adv_mean"] = advantages(batch, True), advantages(batch, False)
        for options in variants():
            result, grad, probability = loss(batch, {**DEFAULTS, **options})
            losses.append({"id": f"{batch['id']}/{name(options)}", "batch": batch["id"], "driver": "plain", "advantage": "adv_std",
                           "settings": options, "loss": result, "grad": grad, "metrics": {"off_policy_prob": probability}, **EXACT})
        corrections += staleness_cases(batch)
    return {
        "batches": {"cases": batches},
        "losses": {"cases": losses},
        "corrections": {"cases": corrections},
        "kl": {"cases": kl_cases(random.Random(13))},
        "shaping": {"cases": shaping_cases()},
        "logits": {"cases": logits_cases(random.Random(14))},
    }
