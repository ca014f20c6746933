"""The folders of tiny models: config, weights, and what a decoder must make of them."""

import json
import math
import random

import safetensors
from decoder import Decoder, cross_entropy
from tape import backward, log_sum_exp, value

COMMON = {"bos_token_id": 1, "hidden_act": "silu", "initializer_range": 0.02, "max_position_embeddings": 256}
MODELS = {
    "llama-rope3": ("F16", {
        "model_type": "llama", "vocab_size": 32, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2,
        "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 16, "rms_norm_eps": 1e-5, "tie_word_embeddings": False,
        "attention_bias": False, "mlp_bias": False,
        "rope_parameters": {"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                            "original_max_position_embeddings": 64}}),
    "llama-bias": ("F32", {
        "model_type": "llama", "vocab_size": 28, "hidden_size": 18, "intermediate_size": 20, "num_hidden_layers": 1,
        "num_attention_heads": 3, "num_key_value_heads": 3, "head_dim": 6, "rms_norm_eps": 1e-6, "tie_word_embeddings": True,
        "attention_bias": True, "mlp_bias": True, "rope_parameters": {"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0}}),
    "qwen2": ("F16", {
        "model_type": "qwen2", "vocab_size": 32, "hidden_size": 24, "intermediate_size": 28, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 6, "rms_norm_eps": 1e-6, "tie_word_embeddings": True,
        "use_sliding_window": False, "rope_parameters": {"rope_type": "default", "rope_theta": 1000000.0}}),
    "qwen3": ("BF16", {
        "model_type": "qwen3", "vocab_size": 32, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "rms_norm_eps": 1e-6, "tie_word_embeddings": False,
        "attention_bias": False, "use_sliding_window": False, "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0}}),
}
CLASSES = {"llama": "LlamaForCausalLM", "qwen2": "Qwen2ForCausalLM", "qwen3": "Qwen3ForCausalLM"}
DTYPES = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}


def write(folder):
    for seed, (name, (dtype, config)) in enumerate(MODELS.items()):
        rng = random.Random(100 + seed)
        write_model(folder / "hf" / name, Decoder(config, rng, dtype), dtype, rng)
    dtype, config = MODELS["qwen2"]
    write_adamw(folder / "adamw" / "qwen2", Decoder(config, random.Random(102), dtype), "../../hf/qwen2")


def write_model(folder, model, dtype, rng):
    folder.mkdir(parents=True, exist_ok=True)
    reference, tensors = {}, {}
    reference["sequences"] = [{"key": f"seq{i}", "input_ids": ids(model, rng, n)} for i, n in enumerate((1, 3, 9, 20))]
    for sequence in reference["sequences"]:
        tensors[f"{sequence['key']}.logits64"] = model.logits(sequence["input_ids"])
    reference["batches"] = []
    for side in ("left", "right"):
        batch, logits = padded(model, [ids(model, rng, n) for n in (6, 2, 4)], side)
        reference["batches"].append({"key": f"batch_{side}", "side": side, **batch})
        tensors[f"batch_{side}.logits64"] = logits
    reference["logprobs"] = [continuation(model, ids(model, rng, a), ids(model, rng, b)) for a, b in ((1, 5), (6, 3))]
    reference["greedy"] = [greedy(model, rng, n, 12) for n in (1, 5)]
    ending = greedy(model, rng, 3, 12)
    at = next(i for i in range(3, 12) if ending["new_ids"][i] not in ending["new_ids"][:i])
    eos = ending["new_ids"][at]
    reference["greedy_until_eos"] = {**ending, "new_ids": ending["new_ids"][: at + 1], "eos_token_id": eos}
    batch = training_batch(model, rng)
    weights = model.variables()
    loss = mean_loss(model, batch, weights)
    backward(loss)
    reference["loss"] = {**batch, "f64": loss.value}
    safetensors.write(folder / "model.safetensors", model.weights, dtype)
    safetensors.write(folder / "reference.safetensors", tensors, "F64")
    safetensors.write(folder / "gradients.safetensors", gradients(weights), "F64")
    write_json(folder / "reference.json", reference)
    config = {"architectures": [CLASSES[model.config["model_type"]]], "dtype": DTYPES[dtype], "eos_token_id": eos, **COMMON, **model.config}
    write_json(folder / "config.json", config)
    write_json(folder / "generation_config.json", {"bos_token_id": 1, "eos_token_id": eos})
    if model.config["rope_parameters"]["rope_type"] == "llama3":
        write_json(folder / "old-config" / "config.json", older(config))


def older(config):
    """The same config in the form of transformers 4."""
    old = {key: v for key, v in config.items() if key not in ("rope_parameters", "dtype")}
    rope = dict(config["rope_parameters"])
    return {**old, "torch_dtype": config["dtype"], "rope_theta": rope.pop("rope_theta"), "rope_scaling": rope}


def ids(model, rng, count):
    return [rng.randrange(model.config["vocab_size"]) for _ in range(count)]


def padded(model, rows, side):
    """Rows of one length; padding has id 0 and logits 0."""
    width, result, logits = max(map(len, rows)), {"input_ids": [], "attention_mask": [], "position_ids": []}, []
    for row in rows:
        pad = width - len(row)
        place = (lambda values, filler: [filler] * pad + values) if side == "left" else (lambda values, filler: values + [filler] * pad)
        result["input_ids"].append(place(row, 0))
        result["attention_mask"].append(place([1] * len(row), 0))
        result["position_ids"].append(place(list(range(len(row))), 0))
        logits.append(place(model.logits(row), [0.0] * model.config["vocab_size"]))
    return result, logits


def continuation(model, prompt, more):
    logits = model.logits(prompt + more)[len(prompt) - 1 : -1]
    return {"prompt_ids": prompt, "continuation_ids": more, "f64": [row[i] - log_sum_exp(row) for row, i in zip(logits, more)]}


def greedy(model, rng, length, count):
    """The likeliest tokens after a random prompt, for which no choice is close."""
    while True:
        prompt, new, gap = ids(model, rng, length), [], math.inf
        while len(new) < count and gap > 1e-3:
            logits = model.logits(prompt + new)[-1]
            first, second = sorted(logits)[:-3:-1]
            gap = min(gap, first - second)
            new.append(logits.index(first))
        if gap > 1e-3 and len(set(new)) > 4:
            return {"prompt_ids": prompt, "new_ids": new, "min_gap": gap}


def training_batch(model, rng):
    """Right-padded rows; labels are -100 on padding and on the first tokens."""
    batch = {"input_ids": [], "attention_mask": [], "labels": []}
    for length, prompt in ((7, 1), (5, 2), (3, 1)):
        row = ids(model, rng, length)
        batch["input_ids"].append(row + [0] * (7 - length))
        batch["attention_mask"].append([1] * length + [0] * (7 - length))
        batch["labels"].append([-100] * prompt + row[prompt:] + [-100] * (7 - length))
    return batch


def mean_loss(model, batch, weights=None):
    losses, count = 0.0, 0
    for row, mask, labels in zip(batch["input_ids"], batch["attention_mask"], batch["labels"]):
        length = sum(mask)
        losses = losses + cross_entropy(model, row[:length], labels[:length], weights)
        count += sum(label != -100 for label in labels[1:])
    return losses / count


def gradients(weights):
    return {name: [[x.grad for x in row] if isinstance(row, list) else row.grad for row in weight] for name, weight in weights.items()}


def write_adamw(folder, model, base):
    """Adam with decoupled weight decay on every parameter alike, gradients clipped to a global norm."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, steps = random.Random(200), []
    o = {"lr": 0.02, "betas": [0.9, 0.98], "eps": 1e-8, "weight_decay": 0.05, "clip": 1.0, "steps": 4}
    moments = None
    for step in range(1, o["steps"] + 1):
        batch, weights = training_batch(model, rng), model.variables()
        loss = mean_loss(model, batch, weights)
        backward(loss)
        grads, values = (safetensors.flat(list(w.values())) for w in (gradients(weights), model.weights))
        norm = math.sqrt(math.fsum(g * g for g in grads))
        factor = min(1.0, o["clip"] / (norm + 1e-6))
        moments = moments or [(0.0, 0.0)] * len(grads)
        moments = [(o["betas"][0] * m + (1 - o["betas"][0]) * g * factor, o["betas"][1] * v + (1 - o["betas"][1]) * (g * factor) ** 2)
                   for (m, v), g in zip(moments, grads)]
        first, second = (1 - beta**step for beta in o["betas"])
        moved = iter([x * (1 - o["lr"] * o["weight_decay"]) - o["lr"] * (m / first) / (math.sqrt(v / second) + o["eps"])
                      for x, (m, v) in zip(values, moments)])
        model.weights = {name: [[next(moved) for _ in row] if isinstance(row, list) else next(moved) for row in weight]
                         for name, weight in model.weights.items()}
        steps.append({**batch, "loss": value(loss), "grad_norm_before_clip": norm})
    write_json(folder / "reference.json", {"base": base, "optimizer": o, "steps": steps,
                                           "loss_on_first_batch_after_last_step": mean_loss(model, steps[0])})
    safetensors.write(folder / "final_parameters.safetensors", model.weights, "F64")


def write_json(path, document):
    """Compact JSON; of a list of cases, one a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = {key: [compact(case) for case in v] for key, v in document.items() if key == "cases"}
    head = [f"{compact(key)}:{compact(v)}" for key, v in document.items() if key not in lines]
    body = [f"{compact(key)}:[\n" + ",\n".join(v) + "\n]" for key, v in lines.items()]
    path.write_text("{" + ",\n".join(head + body) + "}\n")


def compact(v):
    return json.dumps(v, separators=(",", ":"))
