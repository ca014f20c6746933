using System.Text.Json.Nodes;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.Modeling.Transformer.Families;
using ICPO.DataFiles.Json;

namespace ICPO.Actors.Modeling.Checkpoints.HuggingFace;

/// <summary>
/// Rotary positions in config.json: <c>rope_parameters</c> (transformers 5), or <c>rope_theta</c> beside <c>rope_scaling</c> with
/// <c>rope_type</c>, the oldest with <c>type</c>. An unknown scaling is refused.
/// </summary>
internal static class RopeConfig
{
    public const string PartialFactor = "partial_rotary_factor";

    /// <exception cref="InvalidDataException">Names the file, the key and what is wrong.</exception>
    public static (double Theta, double PartialFactor, RopeScaling? Scaling) Read(JsonKeys keys, ModelFamily family)
    {
        JsonKeys? rope = keys.Object("rope_parameters") ?? keys.Object("rope_scaling");
        rope = rope?.Find("full_attention") is null ? rope : rope.Object("full_attention");
        double theta = rope?.Number("rope_theta") ?? keys.Number("rope_theta") ?? 10_000;
        double partial = rope?.Number(PartialFactor) ?? keys.Number(PartialFactor) ?? 1;
        if (partial != 1 && (!family.HasPartialRotary || partial is not (> 0 and < 1)))
        {
            throw keys.Bad(
                PartialFactor,
                $"{partial} is not supported, only {(family.HasPartialRotary ? "above 0 and at most 1" : "1")} is"
            );
        }

        if (rope is null)
        {
            return (theta, partial, null);
        }

        string key = rope.Find("rope_type") is null ? "type" : "rope_type";
        return rope.Text(key) switch
        {
            null or "default" => (theta, partial, null),
            "linear" => (theta, partial, new LinearRopeScaling(Needed("factor"))),
            "llama3" => (theta, partial, Llama3()),
            var other => throw rope.Bad(key, $"'{other}' is not supported, only 'default', 'linear' and 'llama3' are"),
        };

        double Needed(string name) => rope.Number(name) ?? throw rope.Bad(name, "is missing");

        Llama3RopeScaling Llama3()
        {
            var scaling = new Llama3RopeScaling(
                Needed("factor"),
                Needed("low_freq_factor"),
                Needed("high_freq_factor"),
                rope.Count("original_max_position_embeddings")
            );
            return scaling.HighFreqFactor > scaling.LowFreqFactor
                ? scaling
                : throw rope.Bad("high_freq_factor", $"{scaling.HighFreqFactor} must be above low_freq_factor = {scaling.LowFreqFactor}");
        }
    }

    /// <summary>The value of <c>rope_scaling</c>, which transformers 4 and 5 read.</summary>
    /// <exception cref="InvalidDataException">config.json has no form for it.</exception>
    public static JsonObject? Write(RopeScaling? scaling) =>
        scaling switch
        {
            null => null,
            LinearRopeScaling linear => new() { ["rope_type"] = "linear", ["factor"] = JsonFile.Decimal(linear.Factor) },
            Llama3RopeScaling llama3 => new()
            {
                ["rope_type"] = "llama3",
                ["factor"] = JsonFile.Decimal(llama3.Factor),
                ["low_freq_factor"] = JsonFile.Decimal(llama3.LowFreqFactor),
                ["high_freq_factor"] = JsonFile.Decimal(llama3.HighFreqFactor),
                ["original_max_position_embeddings"] = llama3.OriginalMaxPositionEmbeddings,
            },
            _ => throw new InvalidDataException(
                "The model's rotary frequencies match no scaling that config.json can express, "
                    + "so it cannot be saved as a Hugging Face directory."
            ),
        };
}
