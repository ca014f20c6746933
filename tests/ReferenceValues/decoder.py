"""Tiny random decoders of the Llama, Qwen2 and Qwen3 families, computed one number at a time in float64.

Pre-norm layers of grouped-query attention with rotary positions (rotating halves) and a SwiGLU feed-forward part. The weights are rounded
to the type they are stored in before anything is computed.
"""

import math
import struct

from tape import Var, dot, exp, inverse_root, log_sum_exp, sigmoid, total


class Decoder:
    def __init__(self, config, rng, dtype):
        self.config, self.rotations = config, {}
        self.frequencies = inverse_frequencies(config)
        self.weights = {name: random_weight(name, shape, rng, dtype) for name, shape in shapes(config).items()}

    def logits(self, ids, weights=None):
        """[len(ids)][vocabulary]."""
        w, c = weights or self.weights, self.config
        x = [w["model.embed_tokens.weight"][i] for i in ids]
        for layer in range(c["num_hidden_layers"]):
            block = f"model.layers.{layer}."
            normed = [self.norm(v, w[block + "input_layernorm.weight"]) for v in x]
            x = [add(a, b) for a, b in zip(x, self.attention(normed, w, block + "self_attn."))]
            normed = [self.norm(v, w[block + "post_attention_layernorm.weight"]) for v in x]
            x = [add(a, self.feed_forward(v, w, block + "mlp.")) for a, v in zip(x, normed)]
        head = w["model.embed_tokens.weight" if c["tie_word_embeddings"] else "lm_head.weight"]
        return [[dot(row, v) for row in head] for v in (self.norm(v, w["model.norm.weight"]) for v in x)]

    def norm(self, v, weight):
        scale = inverse_root(dot(v, v) * (1 / len(v)) + self.config["rms_norm_eps"])
        return [x * scale * g for x, g in zip(v, weight)]

    def attention(self, x, w, block):
        c, width = self.config, self.config["head_dim"]
        heads = {}
        for kind in "qkv":
            heads[kind] = []
            for position, v in enumerate(x):
                flat = project(v, w, f"{block}{kind}_proj")
                parts = [flat[i : i + width] for i in range(0, len(flat), width)]
                if kind != "v":
                    if c["model_type"] == "qwen3":
                        parts = [self.norm(p, w[f"{block}{kind}_norm.weight"]) for p in parts]
                    parts = [self.rotate(p, position) for p in parts]
                heads[kind].append(parts)
        shared = c["num_attention_heads"] // c["num_key_value_heads"]
        result = []
        for t in range(len(x)):
            joined = []
            for h in range(c["num_attention_heads"]):
                scores = [dot(heads["q"][t][h], heads["k"][s][h // shared]) * (1 / math.sqrt(width)) for s in range(t + 1)]
                norm = log_sum_exp(scores)
                shares = [exp(s - norm) for s in scores]
                columns = zip(*(heads["v"][s][h // shared] for s in range(t + 1)))
                joined += [dot(shares, list(column)) for column in columns]
            result.append(project(joined, w, block + "o_proj"))
        return result

    def rotate(self, v, position):
        half = len(v) // 2
        if position not in self.rotations:
            self.rotations[position] = [(math.cos(position * f), math.sin(position * f)) for f in self.frequencies]
        turned = list(v)
        for i, (cos, sin) in enumerate(self.rotations[position]):
            turned[i] = v[i] * cos - v[i + half] * sin
            turned[i + half] = v[i + half] * cos + v[i] * sin
        return turned

    def feed_forward(self, v, w, block):
        gate, up = project(v, w, block + "gate_proj"), project(v, w, block + "up_proj")
        return project([g * sigmoid(g) * u for g, u in zip(gate, up)], w, block + "down_proj")

    def variables(self):
        """The weights as variables, to differentiate by."""
        return {name: [[Var(x) for x in row] if isinstance(row, list) else Var(row) for row in weight]
                for name, weight in self.weights.items()}


def add(a, b):
    return [x + y for x, y in zip(a, b)]


def project(v, w, name):
    result = [dot(row, v) for row in w[name + ".weight"]]
    return add(result, w[name + ".bias"]) if name + ".bias" in w else result


def inverse_frequencies(config):
    """theta^(-2i/d), scaled as the config says: by a factor, or as Llama 3 does, where long wavelengths alone are stretched."""
    rope, width = config["rope_parameters"], config["head_dim"]
    plain = [rope["rope_theta"] ** (-2 * i / width) for i in range(width // 2)]
    if rope["rope_type"] == "linear":
        return [f / rope["factor"] for f in plain]
    if rope["rope_type"] != "llama3":
        return plain
    low, high, context = rope["low_freq_factor"], rope["high_freq_factor"], rope["original_max_position_embeddings"]
    result = []
    for f in plain:
        turns = context * f / (2 * math.pi)  # in the original context
        smooth = min(max((turns - low) / (high - low), 0.0), 1.0)
        result.append(smooth * f + (1 - smooth) * f / rope["factor"])
    return result


def shapes(c):
    """Shape of every parameter, by its name in a Hugging Face checkpoint."""
    hidden, wide, width = c["hidden_size"], c["intermediate_size"], c["head_dim"]
    q, kv = c["num_attention_heads"] * width, c["num_key_value_heads"] * width
    result = {"model.embed_tokens.weight": [c["vocab_size"], hidden], "model.norm.weight": [hidden]}
    if not c["tie_word_embeddings"]:
        result["lm_head.weight"] = [c["vocab_size"], hidden]
    for layer in range(c["num_hidden_layers"]):
        block = f"model.layers.{layer}."
        linear = {"self_attn.q_proj": [q, hidden], "self_attn.k_proj": [kv, hidden], "self_attn.v_proj": [kv, hidden],
                  "self_attn.o_proj": [hidden, q], "mlp.gate_proj": [wide, hidden], "mlp.up_proj": [wide, hidden],
                  "mlp.down_proj": [hidden, wide]}
        for name, shape in linear.items():
            result[f"{block}{name}.weight"] = shape
            qkv = name in ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
            if c.get("mlp_bias" if name.startswith("mlp") else "attention_bias") or c["model_type"] == "qwen2" and qkv:
                result[f"{block}{name}.bias"] = shape[:1]
        for name in ("input_layernorm", "post_attention_layernorm"):
            result[f"{block}{name}.weight"] = [hidden]
        if c["model_type"] == "qwen3":
            for name in ("q_norm", "k_norm"):
                result[f"{block}self_attn.{name}.weight"] = [width]
    return result


def random_weight(name, shape, rng, dtype):
    if len(shape) == 2:
        spread = 1.2 if "embed" in name or "lm_head" in name else 1.6 / math.sqrt(shape[1])
        return [[stored(rng.gauss(0, spread), dtype) for _ in range(shape[1])] for _ in range(shape[0])]
    middle = 1.0 if "norm" in name else 0.0
    return [stored(middle + rng.gauss(0, 0.2), dtype) for _ in range(shape[0])]


def stored(x, dtype):
    """The nearest number of a type (bfloat16: towards zero)."""
    if dtype == "BF16":
        return struct.unpack("<f", b"\0\0" + struct.pack("<f", x)[2:])[0]
    code = {"F16": "<e", "F32": "<f"}[dtype]
    return struct.unpack(code, struct.pack(code, x))[0]


def cross_entropy(model, ids, labels, weights=None):
    """The sum over the labels that are not -100, each predicted from the position before."""
    logits = model.logits(ids, weights)
    return total(log_sum_exp(logits[t]) - logits[t][label] for t, label in enumerate(labels[1:]) if label != -100)
