using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ICPO.Actors.Host.Pretraining;

/// <summary>A phase of pretraining.</summary>
/// <param name="MisconceptionProbability">p_w, the probability that a hard symbol has its wrong rule.</param>
/// <param name="Tokens">Number of training tokens.</param>
/// <param name="LearningRate">Peak of the cosine schedule.</param>
public sealed record BaseModelPhase(double MisconceptionProbability, long Tokens, double LearningRate);

/// <summary>Accuracy on one kind of question, sampled at T = 1.</summary>
/// <param name="Split"><c>training</c> or <c>held-out</c> chains, always with new digits.</param>
/// <param name="Demonstrations">Solved examples of the same chain before the question; 0 is zero-shot.</param>
/// <param name="Accuracy">Mean over questions and samples, in [0, 1].</param>
/// <param name="PassAtK">pass@k by k.</param>
/// <param name="ByHard">Accuracy by the number of hard symbols in the chain.</param>
public sealed record MeasuredAccuracy(
    string Split,
    int Demonstrations,
    double Accuracy,
    ImmutableSortedDictionary<int, double> PassAtK,
    ImmutableSortedDictionary<string, double> ByHard
);

/// <summary>The content of <c>recipe.json</c> in the model directory: how the base model was trained and its accuracy.</summary>
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

    /// <summary>Training tokens of all phases.</summary>
    public required long Tokens { get; init; }

    /// <summary>Mean loss of the last steps, in nats per answer token.</summary>
    public required double Loss { get; init; }

    /// <summary>Wall time of the training, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Questions per accuracy.</summary>
    public required int Questions { get; init; }

    /// <summary>Samples per question.</summary>
    public required int Samples { get; init; }

    public required ImmutableArray<MeasuredAccuracy> Accuracies { get; init; }

    /// <exception cref="InvalidDataException">The file is missing or invalid.</exception>
    public static BaseModelRecord Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        try
        {
            return JsonSerializer.Deserialize<BaseModelRecord>(File.ReadAllBytes(path), Options)
                ?? throw new JsonException("it contains null");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"{path}: invalid record of the base model ({error.Message.TrimEnd('.')}); recreate the model with 'icpo pretrain'.",
                error
            );
        }
    }

    /// <summary>UTF-8 JSON with a final newline.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Options), (byte)'\n'];

    /// <summary>The accuracy on one kind of question.</summary>
    public MeasuredAccuracy Find(string split, int demonstrations) =>
        Accuracies.Single(measured => measured.Split == split && measured.Demonstrations == demonstrations);
}
