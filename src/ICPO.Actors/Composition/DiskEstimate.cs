using System.Globalization;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Composition;

/// <summary>Estimates what a run will write, before it starts.</summary>
/// <param name="Checkpoint">One checkpoint: weights and both moments in float32; null if an adapter is trained.</param>
/// <param name="Checkpoints">Checkpoints at most at once, one that is being written included.</param>
/// <param name="Policies">Published weights at most at once.</param>
/// <param name="Journal">Events and payloads of all updates, if every response has its maximum length; 0 if they are on a server.</param>
public sealed record DiskEstimate(long? Checkpoint, int Checkpoints, int Policies, long Journal)
{
    private const int FloatBytes = 4;

    // Token id, log-probability, version and text of a sampled token, as the wire format stores them.
    private const int TokenBytes = 14;
    private const int RolloutBytes = 160;

    /// <summary>Weights kept for engines, and one that is being written.</summary>
    private const int Published = Checkpointing.RetentionPolicy.PoliciesKept + 1;

    /// <param name="settings">The settings of the run.</param>
    /// <param name="maxTokens">Maximum response length.</param>
    /// <exception cref="InvalidDataException">The model's configuration is malformed; names the file.</exception>
    public static DiskEstimate Create(RunSettings settings, int maxTokens)
    {
        DecoderConfig config = ModelSource.Open(ConfiguredTask.ModelPath(settings)).Config;
        long rollouts = (long)settings.Group.GroupsPerUpdate * Math.Max(1, settings.Group.PolicyRollouts);
        return new DiskEstimate(
            settings.Model.Lora is null ? 3 * FloatBytes * config.ParameterCount : null,
            settings.Checkpoint.Keep + 1,
            Published,
            settings.Journal.PayloadsInDatabase ? 0 : settings.Updates * rollouts * ((maxTokens * TokenBytes) + RolloutBytes)
        );
    }

    /// <summary>Bytes at most; without the size of an adapter.</summary>
    public long Total => ((Checkpoint ?? 0) * Checkpoints) + ((Checkpoint ?? 0) / 3 * Policies) + Journal;

    /// <summary>One sentence.</summary>
    /// <param name="directory">The directory of the run.</param>
    /// <param name="free">Bytes that are free there; null if that is not known.</param>
    /// <param name="keepsAll">True if the journal is never shortened.</param>
    public string Describe(string directory, long? free, bool keepsAll)
    {
        string weights = Checkpoint is { } size
            ? $"up to {Checkpoints} checkpoints of {Size(size)}, up to {Policies} published weights of {Size(size / 3)}"
            : "checkpoints and published weights of the adapter";
        string journal = (Journal, keepsAll) switch
        {
            (0, _) => "no journal, which is on a server",
            (_, true) => $"a journal of up to {Size(Journal)}",
            _ => "a journal that is shortened at every checkpoint",
        };
        string room = free is { } left ? $"; {Size(left)} are free{(left < Total ? ", which may not be enough" : "")}" : "";
        return $"Disk: {directory} takes {weights}, {journal}{room}.";
    }

    /// <summary>Free bytes of the file system that holds a directory; null if that is not known.</summary>
    public static long? FreeSpace(string directory)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static string Size(long bytes) =>
        bytes switch
        {
            >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
            >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes / 1e3):F0} kB"),
        };
}
