using System.Text.Json;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Objective;

/// <summary>Values and gradients of the objective against other software and plain loops, in float64.</summary>
public sealed class ObjectiveParityTests
{
    private const string Inexpressible = "an option or a value that ObjectiveSettings does not have";

    public ObjectiveParityTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void Losses_and_gradients_equal_those_of_other_software() =>
        Each(
            c => c.Has("batch", "driver", "loss", "grad", "settings"),
            Inexpressible,
            c =>
            {
                ReferenceBatch batch = ReferenceBatch.All[c.Text("batch")];
                if (ReferenceLosses.Map(c, batch) is not { } mapped)
                {
                    return false;
                }

                Tensor logProbs = batch.Values("logp").requires_grad_();
                ObjectiveInputs inputs = batch.Inputs(logProbs, c.Text("advantage"), mapped.Origins, mapped.Totals);
                inputs = mapped.HasNoProximal ? inputs with { Proximal = null } : inputs;
                ObjectiveOutputs outputs = PolicyObjective.Compute(inputs, mapped.Settings);
                outputs.Loss.backward();
                double magnitude = c.GetProperty("rtol").GetDouble() > 1e-9 ? 1 : 0;
                Reference.Close(c, [Reference.Number(c.GetProperty("loss"))], [outputs.Loss.item<double>()], "loss", magnitude);
                Reference.Close(c, Reference.Flat(c.GetProperty("grad")), logProbs.grad!.data<double>().ToArray(), "grad");
                if (c.GetProperty("metrics").Optional("off_policy_prob") is { } probability)
                {
                    Assert.Equal(probability, Metrics(outputs)["expert/probability"], 1e-7);
                }

                return true;
            }
        );

    [Fact]
    public void The_KL_penalty_equals_that_of_other_software() =>
        Each(
            c => c.Has("estimator", "logp", "ref", "value"),
            "an estimator that KlEstimator does not have",
            c =>
            {
                string name = c.Text("estimator");
                KlEstimator? estimator = name.Replace("areal-", "", StringComparison.Ordinal) switch
                {
                    "k1" => KlEstimator.K1,
                    "abs" => KlEstimator.Abs,
                    "k2" => KlEstimator.K2,
                    "k3" or "low_var_kl" => KlEstimator.K3,
                    _ => null,
                };
                if (estimator is null)
                {
                    return false;
                }

                // verl bounds k3 alone; AReaL the estimate, on demand.
                bool bounded = c.Has("clamp10") ? c.GetProperty("clamp10").GetBoolean() : estimator is KlEstimator.K3;
                ObjectiveSettings settings = new()
                {
                    KlEstimator = estimator.Value,
                    LogRatioLimit = bounded && !c.Has("clamp10") ? 20 : double.PositiveInfinity,
                    KlLimit = bounded ? 10 : double.PositiveInfinity,
                };
                Tensor logProbs = Values(c, "logp").requires_grad_();
                Tensor penalty = PolicyObjective.KlPenalty(logProbs, Values(c, "ref"), settings);
                penalty.sum().backward();
                Reference.Close(c, Reference.Flat(c.GetProperty("value")), penalty.data<double>().ToArray(), "value");
                Reference.Close(c, Reference.Flat(c.GetProperty("grad")), logProbs.grad!.data<double>().ToArray(), "grad");
                return true;
            }
        );

    [Fact]
    public void The_expert_term_follows_the_shaping_curve() =>
        Each(
            c => c.Has("logp", "shaped", "weight_gradient"),
            "none",
            c =>
            {
                Tensor logProbs = Values(c, "logp").requires_grad_();
                Tensor shaped = PolicyObjective.ExpertTerm(
                    logProbs,
                    new() { Lambda = c.GetProperty("settings").GetProperty("lam").GetDouble() }
                );
                shaped.sum().backward();
                Reference.Close(c, Reference.Flat(c.GetProperty("shaped")), shaped.data<double>().ToArray(), "shaped");
                Reference.Close(c, Reference.Flat(c.GetProperty("weight_gradient")), logProbs.grad!.data<double>().ToArray(), "gradient");
                return true;
            }
        );

    [Fact]
    public void Correction_weights_and_masks_equal_those_of_other_software() =>
        Each(
            c => c.Kind() == "correction",
            Inexpressible,
            c =>
            {
                if (Correction(c.GetProperty("settings")) is not { } settings)
                {
                    return false;
                }

                ReferenceBatch batch = ReferenceBatch.All[c.Text("batch")];
                ObjectiveInputs inputs = batch.Inputs(batch.Values("logp"), "adv_std", false, new(1, 1));
                TokenWeights weights = PolicyObjective.Weigh(inputs, inputs.Proximal! - inputs.Behaviour, settings);
                if (c.Has("weight"))
                {
                    Tensor want = tensor(Reference.Flat(c.GetProperty("weight"))) * inputs.Mask;
                    Reference.Close(c, want.data<double>().ToArray(), (weights.Weight! * inputs.Mask).data<double>().ToArray(), "weight");
                }

                Tensor kept = (weights.Kept ?? ones_like(inputs.Mask)) * inputs.Mask;
                Reference.Close(c, Reference.Flat(c.GetProperty("kept")), kept.data<double>().ToArray(), "kept");

                IReadOnlyDictionary<string, double> metrics = Metrics(PolicyObjective.Compute(inputs, settings));
                Reference.Close(c, [Reference.Number(c.GetProperty("metrics").GetProperty("k3_kl"))], [metrics["policy/k3"]], "k3");
                if (batch.Spread("old", "beh") <= 20)
                {
                    // Beyond, its χ² bounds the log-ratio and ours does not.
                    Reference.Close(
                        c,
                        [Reference.Number(c.GetProperty("metrics").GetProperty("chi2_token"))],
                        [metrics["policy/chi2"]],
                        "chi2"
                    );
                }

                return true;
            }
        );

    [Fact]
    public void The_interpolated_proximal_policy_equals_that_of_other_software() =>
        Each(
            c => c.Kind() == "prox",
            "v_prox other than v_θ − 1",
            c =>
            {
                JsonElement s = c.GetProperty("settings");
                ProximalPolicy? method = s.Text("method") switch
                {
                    "loglinear" => ProximalPolicy.Interpolated,
                    "linear" => ProximalPolicy.InterpolatedLinear,
                    "rollout" => ProximalPolicy.Behaviour,
                    _ => null,
                };
                if (method is null || s.GetProperty("proximal_version").GetInt64() != s.GetProperty("current_version").GetInt64() - 1)
                {
                    return false;
                }

                ReferenceBatch batch = ReferenceBatch.All[c.Text("batch")];
                ObjectiveInputs inputs = batch.Inputs(batch.Values("logp"), "adv_std", false, new(1, 1)) with
                {
                    CurrentVersion = s.GetProperty("current_version").GetInt64(),
                };
                Tensor anchor = PolicyObjective.Anchor(inputs, new() { Proximal = method.Value });
                Reference.Close(c, Reference.Flat(c.GetProperty("prox")), anchor.data<double>().ToArray(), "prox");
                return true;
            }
        );

    [Fact]
    public void Dppo_tv_keeps_the_tokens_it_should() =>
        Each(
            c => c.Kind() == "dppo_tv",
            "none",
            c =>
            {
                ReferenceBatch batch = ReferenceBatch.All[c.Text("batch")];
                JsonElement s = c.GetProperty("settings");
                ObjectiveInputs inputs = batch.Inputs(batch.Values("logp"), s.Text("advantage"), false, new(1, 1));
                TokenWeights weights = PolicyObjective.Weigh(
                    inputs,
                    inputs.Proximal! - inputs.Behaviour,
                    new() { Correction = new DppoTv(), TvThreshold = s.GetProperty("threshold").GetDouble() }
                );
                Reference.Close(c, Reference.Flat(c.GetProperty("kept")), (weights.Kept! * inputs.Mask).data<double>().ToArray(), "kept");
                return true;
            }
        );

    [Fact]
    public void Effective_sample_size_chi2_and_k3_are_those_before_truncation() =>
        Each(
            c => c.Kind() == "ess",
            "none",
            c =>
            {
                ReferenceBatch batch = ReferenceBatch.All[c.Text("batch")];
                IReadOnlyDictionary<string, double> metrics = Metrics(
                    PolicyObjective.Compute(batch.Inputs(batch.Values("logp"), "adv_std", true, new(1, 1)), new())
                );
                foreach (JsonProperty want in c.GetProperty("value").EnumerateObject())
                {
                    Reference.Close(c, [Reference.Number(want.Value)], [metrics[$"policy/{want.Name}"]], want.Name);
                }

                return true;
            }
        );

    [Fact]
    public void Log_probabilities_and_entropy_equal_those_of_other_software() =>
        Each(
            c => c.Has("logits", "label", "entropy"),
            "none",
            c =>
            {
                long width = c.GetProperty("logits")[0].GetArrayLength();
                Tensor logits = Values(c, "logits").reshape(-1, width).requires_grad_();
                double temperature = c.GetProperty("settings").GetProperty("temperature").GetDouble();
                Tensor labels = Values(c, "label").to(ScalarType.Int64);
                (Tensor logProbs, Tensor entropy) = LogProbabilities.FromLogits(logits, labels, temperature, entropyGradient: true);
                Reference.Close(c, Reference.Flat(c.GetProperty("logp")), logProbs.data<double>().ToArray(), "logp");
                Reference.Close(c, Reference.Flat(c.GetProperty("entropy")), entropy.data<double>().ToArray(), "entropy");
                Reference.Close(
                    c,
                    Reference.Flat(c.GetProperty("grad_weighted_logp")),
                    Gradient((logProbs * Values(c, "weight")).sum(), logits),
                    "gradient"
                );
                Reference.Close(
                    c,
                    Reference.Flat(c.GetProperty("grad_mean_entropy")),
                    Gradient(entropy.mean(), logits),
                    "entropy gradient"
                );
                return true;
            }
        );

    /// <summary>Runs every case of a form; the check says whether the case applied.</summary>
    private static void Each(
        Func<JsonElement, bool> form,
        string rule,
        Func<JsonElement, bool> check,
        [System.Runtime.CompilerServices.CallerMemberName] string test = ""
    )
    {
        (int applied, int skipped) = (0, 0);
        foreach (JsonElement @case in Reference.Cases.Where(form))
        {
            using DisposeScope scope = NewDisposeScope();
            _ = check(@case) ? applied++ : skipped++;
        }

        Fixtures.Count(applied, skipped, rule, test);
    }

    private static ObjectiveSettings? Correction(JsonElement s) =>
        s.Has("correction") ? PlainLosses.Settings(s) : VerlLosses.Correction(s, new() { Correction = new NoCorrection() });

    private static Dictionary<string, double> Metrics(ObjectiveOutputs outputs) => outputs.Statistics.Metrics().ToDictionary();

    private static Tensor Values(JsonElement c, string field) => tensor(Reference.Flat(c.GetProperty(field)));

    private static double[] Gradient(Tensor of, Tensor by) => autograd.grad([of], [by], retain_graph: true)[0].data<double>().ToArray();
}
