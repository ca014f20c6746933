#!/usr/bin/env python3
"""What was saved here, opened by transformers and PEFT.

    icpo score texts.jsonl --model DIR > scores.jsonl
    python3 tests/Benchmarks/interop.py DIR=scores.jsonl ...            # a Hugging Face directory, by from_pretrained
    python3 tests/Benchmarks/interop.py --base BASE DIR=scores.jsonl    # an adapter, by PEFT on BASE, applied and merged

Fails if a weight is missing, unexpected or of another shape, or a log-probability (float32) is off by more than --limit. Where there is a
tokenizer, texts of the scores that it gives other ids are counted. Needs torch, transformers and, for adapters, peft.
"""
import argparse
import json
import os
import sys

import torch
import transformers

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("pairs", nargs="+", metavar="DIR=SCORES")
arguments.add_argument("--base")
arguments.add_argument("--limit", type=float, default=1e-4)
options = arguments.parse_args()
torch.set_num_threads(2)


def load(directory):
    model, info = transformers.AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, output_loading_info=True)
    wrong = {key: sorted(names) for key, names in info.items() if names}
    return model.eval(), wrong


@torch.no_grad()
def difference(model, scores):
    worst = 0.0
    for line in scores:
        ids = torch.tensor([line["ids"]])
        log_probabilities = model(ids).logits[0, :-1].float().log_softmax(-1).gather(1, ids[0, 1:, None]).squeeze(1)
        expected = torch.tensor(line["log_probabilities"][1:])
        worst = max(worst, (log_probabilities - expected).abs().max().item())
    return worst


print(f"torch {torch.__version__}, transformers {transformers.__version__}")
if options.base:
    import peft

    print(f"peft {peft.__version__}")
failed = 0
for pair in options.pairs:
    directory, path = pair.split("=", 1)
    with open(path, encoding="utf-8") as file:
        scores = [json.loads(line) for line in file]
    if options.base:
        base, wrong = load(options.base)
        with torch.no_grad():
            before = base(torch.tensor([scores[0]["ids"]])).logits
        model = peft.PeftModel.from_pretrained(base, directory).eval()
        with torch.no_grad():
            moved = (model(torch.tensor([scores[0]["ids"]])).logits - before).abs().max().item()
        result = {"applied": difference(model, scores), "merged": difference(model.merge_and_unload(), scores), "moved logits by": moved}
        off = max(result["applied"], result["merged"])
    else:
        model, wrong = load(directory)
        off = difference(model, scores)
        result = {"loaded": off}
    if os.path.exists(os.path.join(options.base or directory, "tokenizer.json")):
        tokenizer = transformers.AutoTokenizer.from_pretrained(options.base or directory)
        texts = ["".join(line["tokens"]) for line in scores]
        ids = tokenizer(texts, add_special_tokens=False)["input_ids"]
        result["texts with other ids"] = sum(a != line["ids"] for a, line in zip(ids, scores))
    bad = bool(wrong) or off > options.limit
    failed += bad
    print(f"{'FAIL' if bad else 'ok'}  {directory}  {type(model).__name__}  " + ", ".join(f"{k} {v:.2e}" if isinstance(v, float) else f"{k} {v}" for k, v in result.items()), wrong or "", flush=True)
print(f"{len(options.pairs) - failed} passed, {failed} failed")
sys.exit(failed > 0)
