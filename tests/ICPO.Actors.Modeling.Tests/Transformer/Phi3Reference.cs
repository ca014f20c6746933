using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Transformer;

/// <summary>
/// Phi-3 in float64 by plain loops over the tensors of a checkpoint, written from the Hugging Face definition; shares no code with the
/// product.
/// </summary>
internal sealed class Phi3Reference
{
    public const int Vocabulary = 23;

    private const int Hidden = 32,
        Intermediate = 20,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = 2,
        Width = 8,
        Rotated = 6;

    private const double Epsilon = 1e-5,
        Theta = 5000;

    private readonly Dictionary<string, double[]> _weights = [];
    private readonly Dictionary<string, long[]> _shapes = [];
    private readonly Random _random = new(11);

    public Phi3Reference()
    {
        Draw("model.embed_tokens.weight", Vocabulary, Hidden);
        Draw("lm_head.weight", Vocabulary, Hidden);
        Draw("model.norm.weight", Hidden);
        for (int layer = 0; layer < Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            Draw(prefix + "input_layernorm.weight", Hidden);
            Draw(prefix + "self_attn.qkv_proj.weight", (Heads + (2 * KeyValueHeads)) * Width, Hidden);
            Draw(prefix + "self_attn.o_proj.weight", Hidden, Heads * Width);
            Draw(prefix + "post_attention_layernorm.weight", Hidden);
            Draw(prefix + "mlp.gate_up_proj.weight", 2 * Intermediate, Hidden);
            Draw(prefix + "mlp.down_proj.weight", Hidden, Intermediate);
        }
    }

    public static string Config =>
        $$"""
            {
              "architectures": ["Phi3ForCausalLM"], "model_type": "phi3", "hidden_act": "silu", "attention_bias": false,
              "vocab_size": {{Vocabulary}}, "hidden_size": {{Hidden}}, "intermediate_size": {{Intermediate}},
              "num_hidden_layers": {{Layers}}, "num_attention_heads": {{Heads}}, "num_key_value_heads": {{KeyValueHeads}},
              "max_position_embeddings": 64, "original_max_position_embeddings": 64, "sliding_window": 48,
              "partial_rotary_factor": 0.75, "rope_theta": 5000.0, "rope_scaling": null, "rms_norm_eps": 1e-05,
              "tie_word_embeddings": false, "torch_dtype": "float64", "eos_token_id": 2
            }
            """;

    /// <summary>The checkpoint's tensors, float64.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors =>
        _weights.Select(pair => KeyValuePair.Create(pair.Key, tensor(pair.Value, _shapes[pair.Key])));

    public double[] Values(string name) => _weights[name];

    /// <summary>Logits of every position.</summary>
    public double[][] Logits(int[] ids)
    {
        double[][] x = [.. ids.Select(id => _weights["model.embed_tokens.weight"][(id * Hidden)..((id + 1) * Hidden)])];
        for (int layer = 0; layer < Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            double[][] qkv =
            [
                .. x.Select(row => Multiply(prefix + "self_attn.qkv_proj.weight", Normalize(prefix + "input_layernorm.weight", row))),
            ];
            for (int t = 0; t < qkv.Length; t++)
            {
                for (int head = 0; head < Heads + KeyValueHeads; head++)
                {
                    Rotate(qkv[t].AsSpan(head * Width, Width), t);
                }
            }

            for (int t = 0; t < x.Length; t++)
            {
                Add(x[t], Multiply(prefix + "self_attn.o_proj.weight", Attend(qkv, t)));
                double[] gateUp = Multiply(prefix + "mlp.gate_up_proj.weight", Normalize(prefix + "post_attention_layernorm.weight", x[t]));
                double[] activated = new double[Intermediate];
                for (int i = 0; i < Intermediate; i++)
                {
                    activated[i] = gateUp[i] / (1 + Math.Exp(-gateUp[i])) * gateUp[Intermediate + i];
                }

                Add(x[t], Multiply(prefix + "mlp.down_proj.weight", activated));
            }
        }

        return [.. x.Select(row => Multiply("lm_head.weight", Normalize("model.norm.weight", row)))];
    }

    private static double[] Attend(double[][] qkv, int t)
    {
        double[] result = new double[Heads * Width];
        for (int head = 0; head < Heads; head++)
        {
            int key = (Heads + (head / (Heads / KeyValueHeads))) * Width,
                value = key + (KeyValueHeads * Width);
            double[] weights = new double[t + 1];
            for (int s = 0; s <= t; s++)
            {
                double score = 0;
                for (int i = 0; i < Width; i++)
                {
                    score += qkv[t][(head * Width) + i] * qkv[s][key + i];
                }

                weights[s] = Math.Exp(score / Math.Sqrt(Width));
            }

            double total = weights.Sum();
            for (int s = 0; s <= t; s++)
            {
                for (int i = 0; i < Width; i++)
                {
                    result[(head * Width) + i] += weights[s] / total * qkv[s][value + i];
                }
            }
        }

        return result;
    }

    private static void Rotate(Span<double> head, int position)
    {
        for (int j = 0; j < Rotated / 2; j++)
        {
            (double sin, double cos) = Math.SinCos(position * Math.Pow(Theta, -2.0 * j / Rotated));
            (double a, double b) = (head[j], head[j + (Rotated / 2)]);
            head[j] = (a * cos) - (b * sin);
            head[j + (Rotated / 2)] = (b * cos) + (a * sin);
        }
    }

    private double[] Normalize(string name, double[] x)
    {
        double scale = 1 / Math.Sqrt((x.Sum(value => value * value) / x.Length) + Epsilon);
        return [.. x.Zip(_weights[name], (value, weight) => value * scale * weight)];
    }

    private double[] Multiply(string name, double[] x)
    {
        double[] weight = _weights[name],
            result = new double[weight.Length / x.Length];
        for (int row = 0; row < result.Length; row++)
        {
            for (int i = 0; i < x.Length; i++)
            {
                result[row] += weight[(row * x.Length) + i] * x[i];
            }
        }

        return result;
    }

    private static void Add(double[] to, double[] values)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] += values[i];
        }
    }

    private void Draw(string name, params long[] shape)
    {
        _shapes[name] = shape;
        double[] values = new double[shape.Aggregate(1L, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = shape.Length == 1 ? 1 + (0.4 * (_random.NextDouble() - 0.5)) : 0.6 * (_random.NextDouble() - 0.5);
        }

        _weights[name] = values;
    }
}
