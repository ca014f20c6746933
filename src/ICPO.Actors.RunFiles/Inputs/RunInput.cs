namespace ICPO.Actors.RunFiles.Inputs;

/// <summary>The part of a run that an input determines.</summary>
public enum InputKind
{
    /// <summary>Questions, reference answers and pass rates.</summary>
    Data,

    /// <summary>Solved examples.</summary>
    Demonstrations,

    /// <summary>The base model's shape and weights, or its adapter.</summary>
    Model,

    Tokenizer,

    ChatTemplate,

    /// <summary>How questions are read from the data and formatted for the model.</summary>
    Task,

    /// <summary>How responses are verified.</summary>
    Verifier,
}

/// <summary>Something outside the run's directory that its course depends on: a file, a convention, or a part of the host app.</summary>
public sealed record RunInput
{
    public required InputKind Kind { get; init; }

    /// <summary>The configuration key that names it; <see cref="InProcess"/> for a part of the host app.</summary>
    public required string Key { get; init; }

    /// <summary>A file's name in its data set or model; a convention has none.</summary>
    public required string Name { get; init; }

    /// <summary>The hash of the file or of the value, in lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The path of the file; not compared.</summary>
    public string? Path { get; init; }

    /// <summary>The length of the file in bytes.</summary>
    public long? Length { get; init; }

    /// <summary>Allows to skip reading a large file that has not been touched since; not compared.</summary>
    public string? Stamp { get; init; }

    /// <summary>The value of a convention, or the version of a part.</summary>
    public string? Value { get; init; }

    /// <summary>The key of parts that the host app registered.</summary>
    public const string InProcess = "in-process";

    /// <summary>The identity of an input, which a change does not affect.</summary>
    internal (InputKind Kind, string Key, string Name) Identity => (Kind, Key, Name);
}
