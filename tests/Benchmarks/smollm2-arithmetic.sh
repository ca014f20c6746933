#!/usr/bin/env bash
# The arms of docs/results/smollm2-arithmetic.md: tests/Benchmarks/smollm2-arithmetic.sh MODEL SEEDS OUTPUT [ARM…]
# MODEL is SmolLM2-135M-Instruct (Hugging Face directory or GGUF), SEEDS as for icpo compare; without ARM all arms, otherwise at least two.
# Repeated with the same OUTPUT it keeps complete runs. An arm takes two to six minutes per seed on two cores.
set -euo pipefail
cd "$(dirname "$0")/../.."
model=$1 seeds=$2 output=$3
shift 3

few=task.arithmetic.pool=12
lenient=task.arithmetic.reward=lenient
# A group of sft is one solved example: 26 of 104 per update, or all 12.
sft="sft,group.groups-per-update=26"
sft_few="sft,group.groups-per-update=12,$few"
all=(
  "grpo:grpo"
  "icpo-104:icpo" "icpo-12:icpo,$few"
  "icpo-paper-104:icpo,objective.expert-shape=shaped" "icpo-paper-12:icpo,objective.expert-shape=shaped,$few"
  "icpo-rs-104:icpo-bonus" "icpo-rs-12:icpo-bonus,$few"
  "sft-104:$sft" "sft-12:$sft_few"
  "sft-104-long:$sft,run.updates=64" "sft-12-long:$sft_few,run.updates=90"
  "sft-grpo-104:$sft,run.updates=8>grpo,run.updates=32" "sft-grpo-12:$sft_few,run.updates=8>grpo,run.updates=32"
  "sft-icpo-104:$sft,run.updates=8>icpo,run.updates=32" "sft-icpo-12:$sft_few,run.updates=8>icpo,$few,run.updates=32"
  "icpo-12-neg:icpo,$few,group.negative-weight=0.3" "icpo-12-k1:icpo,$few,expert.demonstrations=1"
  "icpo-paper-12-1e-3:icpo,objective.expert-shape=shaped,objective.lambda=1e-3,$few"
  "icpo-paper-12-1e-4:icpo,objective.expert-shape=shaped,objective.lambda=1e-4,$few"
  "lora-104:icpo,model.lora.rank=16,model.lora.alpha=32,model.lora.targets=[all-linear],optimizer.learning-rate=2e-4"
  "grpo-lenient:grpo,$lenient"
  "icpo-104-lenient:icpo,$lenient" "icpo-12-lenient:icpo,$few,$lenient"
  "icpo-rs-104-lenient:icpo-bonus,$lenient" "icpo-rs-12-lenient:icpo-bonus,$few,$lenient"
  "sft-104-lenient:$sft,$lenient" "sft-12-lenient:$sft_few,$lenient"
  "sft-grpo-104-lenient:$sft,$lenient,run.updates=8>grpo,$lenient,run.updates=32"
  "sft-grpo-12-lenient:$sft_few,$lenient,run.updates=8>grpo,$lenient,run.updates=32"
)
arms=()
for arm in "${all[@]}"; do
  if [ $# -eq 0 ] || [[ " $* " == *" ${arm%%:*} "* ]]; then arms+=(--arm "$arm"); fi
done
exec dotnet run -c Release --project src/ICPO.Actors.Host -- compare --presets "" "${arms[@]}" --seeds "$seeds" \
  --config hocon/runs/smollm2-arithmetic.conf --set run.updates=40 --model "$model" --output "$output"
