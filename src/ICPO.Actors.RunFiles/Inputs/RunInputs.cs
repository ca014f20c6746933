using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.Inputs;

/// <summary>The inputs of a run as they were when it started, in <c>inputs.json</c>.</summary>
/// <param name="Inputs">In a fixed order.</param>
public sealed record RunInputs(ImmutableArray<RunInput> Inputs)
{
    /// <summary>Temporary file and rename: a reader sees the old inputs or the new ones.</summary>
    public void Write(RunDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        string temporary = $"{directory.Inputs}.tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(this, RunInputsJson.Default.RunInputs) + "\n");
        File.Move(temporary, directory.Inputs, overwrite: true);
    }

    /// <summary>The inputs that were recorded; null for a run of an earlier version, which recorded none.</summary>
    /// <exception cref="InvalidDataException">The file does not hold inputs; names it.</exception>
    public static RunInputs? Read(RunDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (!File.Exists(directory.Inputs))
        {
            return null;
        }

        try
        {
            RunInputs? read = JsonSerializer.Deserialize(File.ReadAllText(directory.Inputs), RunInputsJson.Default.RunInputs);
            return read is { Inputs.IsDefault: false } && read.Inputs.All(input => input is not null)
                ? read
                : throw new JsonException("it has no list of inputs");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException(
                $"{directory.Inputs}: not a record of inputs ({error.Message.TrimEnd('.')}); restore it, or delete it to record the "
                    + "current inputs.",
                error
            );
        }
    }
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(RunInputs))]
internal sealed partial class RunInputsJson : JsonSerializerContext;
