using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ICPO.Actors.Host.Pretraining;

/// <summary>A stretch of pretraining.</summary>
/// <param name="MisconceptionProbability">p_w: how often a hard symbol carries its wrong rule.</param>
/// <param name="Tokens">How many tokens are read.</param>
/// <param name="LearningRate">Peak of the cosine.</param>
public sealed record BaseModelPhase(double MisconceptionProbability, long Tokens, double LearningRate);

/// <summary>Accuracy on one kind of question, sampled at T = 1.</summary>
/// <param name="Split"><c>training</c> or <c>held-out</c>: whose chains are asked, always with digits of their own.</param>
/// <param name="Demonstrations">Solved examples of the question's own chain before it; 0 is zero-shot.</param>
/// <param name="Accuracy">Mean over questions and samples, in [0, 1].</param>
/// <param name="PassAtK">By k, pass@k.</param>
/// <param name="ByHard">By number of hard symbols in the chain, the accuracy.</param>
public sealed record MeasuredAccuracy(
    string Split,
    int Demonstrations,
    double Accuracy,
    ImmutableSortedDictionary<int, double> PassAtK,
    ImmutableSortedDictionary<string, double> ByHard
);

/// <summary>What <c>recipe.json</c> beside the weights holds: how the base model was made and what it can do.</summary>
public sealed record BaseModelRecord
{
    public const string FileName = "recipe.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public required string Task { get; init; }

    public required ulong Seed { get; init; }

    public required ImmutableArray<BaseModelPhase> Phases { get; init; }

    /// <summary>Tokens that were read, all phases.</summary>
    public required long Tokens { get; init; }

    /// <summary>Mean loss of the last steps, in nats per answer token.</summary>
    public required double Loss { get; init; }

    /// <summary>Wall time of the training.</summary>
    public required double Seconds { get; init; }

    /// <summary>Questions behind each accuracy.</summary>
    public required int Questions { get; init; }

    /// <summary>Samples of each question.</summary>
    public required int Samples { get; init; }

    public required ImmutableArray<MeasuredAccuracy> Accuracies { get; init; }

    /// <exception cref="InvalidDataException">The file is missing or not such a record.</exception>
    public static BaseModelRecord Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        try
        {
            return JsonSerializer.Deserialize<BaseModelRecord>(File.ReadAllBytes(path), Options)
                ?? throw new JsonException("it holds null");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"{path}: the record of the base model cannot be read ({error.Message.TrimEnd('.')}); make the model again with 'icpo pretrain'.",
                error
            );
        }
    }

    /// <summary>As UTF-8 JSON, with a newline at its end.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Options), (byte)'\n'];

    /// <summary>The record of one kind of question.</summary>
    public MeasuredAccuracy Of(string split, int demonstrations) =>
        Accuracies.Single(measured => measured.Split == split && measured.Demonstrations == demonstrations);
}
