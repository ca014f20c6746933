using System.Collections.Frozen;

namespace ICPO.Actors.Configuration.Layers;

/// <summary>Names of keys in other trainers and papers, by their last part with hyphens.</summary>
internal static class KeySynonyms
{
    private static readonly FrozenDictionary<string, string> Keys = Table().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The key of a name; null if the name is not known.</summary>
    public static string? Find(string name) => Keys.GetValueOrDefault(name);

    private static IEnumerable<KeyValuePair<string, string>> Table()
    {
        (string Key, string Names)[] rows =
        [
            ("run.seed", "random-seed manual-seed"),
            ("run.updates", "epochs num-epochs num-train-epochs total-epochs max-steps steps total-steps iterations num-updates"),
            ("run.directory", "output output-dir out-dir save-dir logging-dir log-dir run-dir"),
            ("run.name", "run-name experiment-name exp-name project"),
            ("task.dataset", "dataset-name data"),
            ("task.jsonl.path", "train-file train-files train-path data-path dataset-path questions"),
            ("task.jsonl.held-out-path", "eval-file val-file val-files test-file validation-file"),
            ("model.path", "model model-name model-name-or-path base-model pretrained checkpoint-path"),
            ("model.dtype", "precision bf16 fp16 torch-dtype mixed-precision amp"),
            ("model.device", "gpu cuda accelerator"),
            ("model.lora.rank", "r lora-r lora-rank"),
            ("model.lora.alpha", "lora-alpha"),
            ("model.lora.targets", "target-modules lora-target-modules"),
            ("sampler.temperature", "temp"),
            ("sampler.max-tokens", "max-new-tokens max-length max-response-length max-completion-length response-length"),
            (
                "group.policy-rollouts",
                "n num-generations num-samples rollouts samples-per-prompt n-samples-per-prompt group-size rollout-n"
            ),
            ("group.groups-per-update", "batch-size train-batch-size global-batch-size prompts-per-step rollout-batch-size batch"),
            ("group.advantage", "adv-estimator advantage-estimator scale-rewards"),
            ("expert.demonstrations", "shots num-shots k few-shot"),
            ("objective.clip-low", "cliprange clip-range clip-eps clip-ratio clip-ratio-low epsilon-low clip"),
            ("objective.clip-high", "clip-ratio-high epsilon-high"),
            ("objective.kl-coefficient", "beta kl kl-coef kl-loss-coef init-kl-coef kl-ctl kl-penalty"),
            ("objective.entropy-coefficient", "entropy-coef entropy-coeff ent-coef entropy-bonus"),
            ("objective.aggregation", "loss-agg-mode loss-type loss-aggregation"),
            ("optimizer.learning-rate", "lr actor-lr peak-lr step-size"),
            ("optimizer.gradient-clip", "max-grad-norm grad-clip grad-norm clip-grad clip-grad-norm"),
            ("optimizer.weight-decay", "wd l2 decay"),
            ("optimizer.schedule", "lr-scheduler lr-scheduler-type scheduler lr-schedule"),
            ("optimizer.warmup-updates", "warmup warmup-steps lr-warmup-steps num-warmup-steps warmup-ratio"),
            ("optimizer.minimum-share", "min-lr min-lr-ratio"),
            ("optimizer.beta1", "adam-beta1 betas"),
            ("optimizer.beta2", "adam-beta2"),
            ("optimizer.epsilon", "eps adam-eps adam-epsilon"),
            ("learner.micro-batch-tokens", "micro-batch-size micro-batch per-device-train-batch-size max-tokens-per-gpu"),
            ("learner.mini-batches", "ppo-mini-batch-size mini-batch-size num-minibatches gradient-accumulation-steps"),
            ("learner.gradient-checkpointing", "activation-checkpointing enable-gradient-checkpointing"),
            ("admission.max-staleness", "staleness off-policy max-off-policy eta async-level"),
            ("engine.count", "num-workers workers num-engines tensor-parallel-size"),
            ("engine.context", "max-model-len context-length max-seq-len max-seq-length"),
            ("engine.slots", "max-num-seqs concurrency"),
            ("evaluation.every", "eval-steps eval-every test-freq eval-interval evaluation-steps"),
            ("evaluation.samples", "eval-samples pass-at-k"),
            ("checkpoint.every", "save-steps save-every save-freq save-interval"),
            ("checkpoint.keep", "save-total-limit max-checkpoints keep-checkpoints"),
            ("verification.verifier", "reward reward-fn reward-function reward-manager grader"),
        ];
        return rows.SelectMany(row => row.Names.Split(' ').Select(name => KeyValuePair.Create(name, "icpo." + row.Key)));
    }
}
