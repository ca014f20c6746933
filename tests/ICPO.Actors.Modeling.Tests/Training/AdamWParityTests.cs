using System.Text.Json;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Tests.Objective;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Training;

/// <summary>Optimizer steps against torch.optim.AdamW and the formulas, in float64.</summary>
public sealed class AdamWParityTests
{
    private const double Limit = 1e-9;

    [Fact]
    public void Five_steps_give_the_parameters_losses_and_norms_of_torch()
    {
        int applied = 0;
        foreach (string path in Fixtures.Files("models", "reference.json"))
        {
            JsonElement reference = Fixtures.Json(path);
            if (!reference.Has("optimizer", "steps", "base"))
            {
                continue;
            }

            string folder = Path.GetDirectoryName(path)!,
                model = Path.GetFullPath(Path.Combine(folder, reference.Text("base")));
            applied++;
            Check(reference, model, Directory.EnumerateFiles(folder, "*.safetensors").Single());
        }

        Fixtures.Count(applied, 0, "every run of an optimizer");
    }

    private static void Check(JsonElement reference, string model, string finalParameters)
    {
        using Decoder decoder = HuggingFaceDirectory.Load(model, CPU, ScalarType.Float64);
        JsonElement o = reference.GetProperty("optimizer");
        using FlatParameters parameters = new(decoder);
        using AdamW optimizer = new(
            parameters,
            new()
            {
                Beta1 = o.GetProperty("betas")[0].GetDouble(),
                Beta2 = o.GetProperty("betas")[1].GetDouble(),
                Epsilon = o.GetProperty("eps").GetDouble(),
                WeightDecay = o.GetProperty("weight_decay").GetDouble(),
                GradientClip = o.GetProperty("clip").GetDouble(),
            }
        );
        using DisposeScope scope = NewDisposeScope();
        foreach (JsonElement step in reference.GetProperty("steps").EnumerateArray())
        {
            parameters.ZeroGradients();
            Tensor loss = Loss(decoder, step);
            loss.backward();
            double norm = parameters.GradientNorm();
            Assert.Equal(step.GetProperty("loss").GetDouble(), loss.item<double>(), Limit);
            Assert.Equal(step.GetProperty("grad_norm_before_clip").GetDouble(), norm, Limit);
            optimizer.Clip(norm);
            optimizer.Step(o.GetProperty("lr").GetDouble());
        }

        JsonElement first = reference.GetProperty("steps")[0];
        Assert.Equal(reference.GetProperty("loss_on_first_batch_after_last_step").GetDouble(), Loss(decoder, first).item<double>(), Limit);
        using var final = SafetensorsFile.Open(finalParameters);
        foreach ((string name, TorchSharp.Modules.Parameter? parameter) in parameters.Named)
        {
            Fixtures.Close(
                final.Read(name).data<double>().ToArray(),
                parameter.detach().contiguous().data<double>().ToArray(),
                Limit,
                name
            );
        }
    }

    /// <summary>Mean cross-entropy over all labels of the batch that are not −100, each predicted from the position before.</summary>
    private static Tensor Loss(Decoder decoder, JsonElement step)
    {
        Tensor ids = Matrix(step, "input_ids"),
            labels = Matrix(step, "labels");
        Tensor logits = decoder.Forward(ids, attentionMask: Matrix(step, "attention_mask"));
        long vocabulary = logits.shape[2];
        return nn.functional.cross_entropy(
            logits.narrow(1, 0, ids.shape[1] - 1).reshape(-1, vocabulary),
            labels.narrow(1, 1, ids.shape[1] - 1).reshape(-1),
            ignore_index: -100
        );
    }

    private static Tensor Matrix(JsonElement step, string name)
    {
        double[] values = Reference.Flat(step.GetProperty(name));
        return tensor(values.Select(v => (long)v).ToArray()).view(step.GetProperty(name).GetArrayLength(), -1);
    }
}
