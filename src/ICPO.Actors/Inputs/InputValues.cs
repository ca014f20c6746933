using System.Security.Cryptography;
using System.Text;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.RunFiles.Inputs;

namespace ICPO.Actors.Inputs;

/// <summary>The conventions of a configuration that determine prompts and verdicts.</summary>
internal static class InputValues
{
    private const string Task = "icpo.task.";
    private const string Verification = "icpo.verification.";

    /// <summary>One input for each fixed key of task and verification.</summary>
    public static IEnumerable<RunInput> Conventions(IcpoConfiguration configuration, InProcessParts parts) =>
        configuration
            .Entries.Where(entry => KeyClasses.Of(entry.Key) == KeyClass.Fixed)
            .Select(entry => (Kind: KindOf(entry.Key, parts), Entry: entry))
            .Where(pair => pair.Kind is not null)
            .Select(pair => Value(pair.Kind!.Value, pair.Entry));

    /// <summary>SHA-256 of a text, lower-case hex.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static InputKind? KindOf(string key, InProcessParts parts)
    {
        if (key.StartsWith(Task, StringComparison.Ordinal))
        {
            return parts.Task is null ? InputKind.Task : null;
        }

        return key.StartsWith(Verification, StringComparison.Ordinal) && parts.Verifier is null ? InputKind.Verifier : null;
    }

    private static RunInput Value(InputKind kind, ConfigurationEntry entry) =>
        new()
        {
            Kind = kind,
            Key = entry.Key,
            Name = "",
            Sha256 = Hash(entry.Value),
            Value = entry.Value,
        };
}
