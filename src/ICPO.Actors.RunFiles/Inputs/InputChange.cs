using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Inputs;

/// <summary>An input that has changed since the run started.</summary>
/// <param name="Recorded">When the run started; null if it did not exist.</param>
/// <param name="Current">Now; null if it no longer exists.</param>
public sealed record InputChange(RunInput? Recorded, RunInput? Current)
{
    public InputKind Kind => (Recorded ?? Current)!.Kind;

    /// <summary>Names the input and the change, without a full stop.</summary>
    public string Description =>
        (Recorded, Current) switch
        {
            ({ Value: { } before }, { Value: { } now }) => $"{Subject(Current)} was {before} when the run started and is {now}",
            ({ } before, null) => $"{Subject(before)} no longer exists",
            (null, { } now) => $"{Subject(now)} did not exist when the run started",
            ({ } before, { } now) =>
                $"{Subject(now)} has changed since the run started (sha256 {Short(before.Sha256)}, now {Short(now.Sha256)})",
            _ => throw new InvalidOperationException("A change has at least one side."),
        };

    /// <summary>The consequence for the run, without a full stop.</summary>
    public string Consequence =>
        Kind switch
        {
            InputKind.Data => "the run would continue with different questions or answers",
            InputKind.Demonstrations => "expert rollouts would use different solved examples",
            InputKind.Model => "its updates could not be repeated from the journal",
            InputKind.Tokenizer => "the stored token ids would mean different texts",
            InputKind.ChatTemplate => "prompts would be formatted differently",
            InputKind.Task => "questions would be selected or formatted differently",
            _ => "the same response could get a different reward",
        };

    private static string Subject(RunInput input) =>
        input.Key == RunInput.InProcess
            ? $"The host app's {input.Kind.ToString().ToLowerInvariant()} {input.Name}".TrimEnd()
            : input.Path ?? input.Key;

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}

/// <summary>Compares the inputs of a run with those that it started with. Pure.</summary>
public static class InputComparison
{
    /// <summary>The differences, in the order of the record; new inputs come last.</summary>
    /// <remarks>
    /// A convention that a newer version of the product added is not a change, and neither is a part of the host app whose version is not
    /// known on one of the sides.
    /// </remarks>
    public static ImmutableArray<InputChange> Compare(ImmutableArray<RunInput> recorded, ImmutableArray<RunInput> current)
    {
        Dictionary<(InputKind, string, string), RunInput> now = [];
        foreach (RunInput input in current)
        {
            now[input.Identity] = input;
        }

        HashSet<(InputKind, string, string)> before = [.. recorded.Select(input => input.Identity)];
        return
        [
            .. recorded
                .Select(input => new InputChange(input, now.GetValueOrDefault(input.Identity)))
                .Where(change => change.Current is not { } found || Differ(change.Recorded!, found)),
            .. current
                .Where(input => !before.Contains(input.Identity) && (input.Path is not null || input.Key == RunInput.InProcess))
                .Select(input => new InputChange(null, input)),
        ];
    }

    private static bool Differ(RunInput recorded, RunInput current) =>
        recorded.Sha256 != current.Sha256
        && (recorded.Key != RunInput.InProcess || (recorded.Value is not null && current.Value is not null));
}
