"""Writes safetensors files: the length of a JSON header, the header, and the numbers of every tensor one after another."""

import json
import struct


def flat(values):
    return [x for item in values for x in flat(item)] if isinstance(values, (list, tuple)) else [values]


def shape(values):
    return [len(values)] + shape(values[0]) if isinstance(values, (list, tuple)) else []


def encode(numbers, dtype):
    if dtype == "BF16":
        return b"".join(struct.pack("<f", x)[2:] for x in numbers)
    return struct.pack(f"<{len(numbers)}{ {'F16': 'e', 'F32': 'f', 'F64': 'd'}[dtype] }", *numbers)


def write(path, tensors, dtype):
    header, data = {}, b""
    for name in sorted(tensors):
        numbers = encode(flat(tensors[name]), dtype)
        header[name] = {"dtype": dtype, "shape": shape(tensors[name]), "data_offsets": [len(data), len(data) + len(numbers)]}
        data += numbers
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
