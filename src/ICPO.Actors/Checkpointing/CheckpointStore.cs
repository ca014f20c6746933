using System.Collections.Immutable;
using System.Globalization;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Checkpointing;

/// <summary>
/// The checkpoints (<c>update-000150/</c>) and published weights (<c>policy-150.safetensors</c>) of a run: their names and their deletion.
/// Writers rename only complete files, so a name that ends in <c>.tmp</c> is the rest of an interrupted write.
/// </summary>
public sealed class CheckpointStore
{
    private const string CheckpointPrefix = "update-";
    private const string PolicyPrefix = "policy-";
    private const string PolicySuffix = ".safetensors";
    private const string Unfinished = "*.tmp";
    private readonly string _checkpoints;
    private ImmutableHashSet<PolicyVersion> _inUse = [];

    /// <param name="checkpoints">Directory of the checkpoints.</param>
    /// <param name="policies">Directory of the published weights.</param>
    public CheckpointStore(string checkpoints, string policies) => (_checkpoints, PolicyDirectory) = (checkpoints, policies);

    /// <summary>Directory of the published weights.</summary>
    public string PolicyDirectory { get; }

    /// <summary>The store of a run directory.</summary>
    public static CheckpointStore Open(RunDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return new CheckpointStore(directory.Checkpoints, directory.Policies);
    }

    /// <summary>The name of a version's checkpoint, relative to the run's checkpoints.</summary>
    public static string Name(PolicyVersion version) => $"{CheckpointPrefix}{version.Value:D6}";

    /// <summary>The version in the name of a checkpoint; null for any other name.</summary>
    public static PolicyVersion? VersionOf(string name) =>
        name.StartsWith(CheckpointPrefix, StringComparison.Ordinal) ? Parse(name, CheckpointPrefix, "") : null;

    /// <summary>The directory of a checkpoint.</summary>
    public string PathOf(string name) => Path.Combine(_checkpoints, name);

    /// <summary>The directory of a version's checkpoint.</summary>
    public string PathOf(PolicyVersion version) => PathOf(Name(version));

    /// <summary>The newest checkpoint; null if there is none.</summary>
    public PolicyVersion? Newest() => Directory.Exists(_checkpoints) ? Checkpoints().Cast<PolicyVersion?>().Max() : null;

    /// <summary>Fails if the run's directory was removed, so that no write creates it again.</summary>
    /// <exception cref="DirectoryNotFoundException">A directory of the store is missing; names it.</exception>
    public void RequireDirectories()
    {
        if (new[] { _checkpoints, PolicyDirectory }.FirstOrDefault(path => !Directory.Exists(path)) is { } missing)
        {
            throw new DirectoryNotFoundException($"{missing} was removed while the run was active; restore it from a copy.");
        }
    }

    /// <summary>Deletes checkpoints older than the oldest one that the journal still refers to.</summary>
    public void DeleteCheckpointsBefore(PolicyVersion oldestKept)
    {
        foreach (PolicyVersion version in RetentionPolicy.ObsoleteCheckpoints(Checkpoints().ToArray(), oldestKept))
        {
            Directory.Delete(PathOf(version), recursive: true);
        }
    }

    /// <summary>Keeps published weights until they are released, whatever is published after them. Thread-safe.</summary>
    public void Hold(PolicyVersion version) => ImmutableInterlocked.Update(ref _inUse, held => held.Add(version));

    /// <summary>Releases held weights up to a version; they are deleted with the next publication.</summary>
    public void ReleaseUpTo(PolicyVersion version) =>
        ImmutableInterlocked.Update(ref _inUse, held => held.Except(held.Where(one => one <= version)));

    /// <summary>Deletes published weights that are no longer loaded once <paramref name="newest"/> is published.</summary>
    public void DeletePoliciesBefore(PolicyVersion newest)
    {
        foreach (PolicyVersion version in RetentionPolicy.ObsoletePolicies(Policies(), newest, _inUse))
        {
            File.Delete(PolicyPath(version));
        }
    }

    /// <summary>
    /// Deletes all published weights: a run that has ended needs none, and one that is resumed publishes its own again.
    /// </summary>
    public void DeletePolicies()
    {
        foreach (PolicyVersion version in Directory.Exists(PolicyDirectory) ? Policies() : [])
        {
            File.Delete(PolicyPath(version));
        }
    }

    private IEnumerable<PolicyVersion> Checkpoints() =>
        Directory
            .EnumerateDirectories(_checkpoints, $"{CheckpointPrefix}*")
            .Select(path => Parse(Path.GetFileName(path), CheckpointPrefix, ""))
            .OfType<PolicyVersion>()
            .Where(version => Directory.Exists(PathOf(version)));

    private string PolicyPath(PolicyVersion version) => Path.Combine(PolicyDirectory, $"{PolicyPrefix}{version.Value}{PolicySuffix}");

    private PolicyVersion[] Policies() =>
        [
            .. Directory
                .EnumerateFiles(PolicyDirectory, $"{PolicyPrefix}*{PolicySuffix}")
                .Select(path => Parse(Path.GetFileName(path), PolicyPrefix, PolicySuffix))
                .OfType<PolicyVersion>(),
        ];

    /// <summary>Deletes temporary files of a process that was killed while writing.</summary>
    public void DeleteUnfinished()
    {
        foreach (string path in Directory.EnumerateDirectories(_checkpoints, Unfinished).ToArray())
        {
            Directory.Delete(path, recursive: true);
        }

        foreach (string path in Directory.EnumerateFiles(PolicyDirectory, Unfinished).ToArray())
        {
            File.Delete(path);
        }
    }

    /// <summary>The version in a name; null for a name that is not one of the store's own.</summary>
    private static PolicyVersion? Parse(string name, string prefix, string suffix)
    {
        ReadOnlySpan<char> digits = name.AsSpan(prefix.Length)[..^suffix.Length];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? new PolicyVersion(version) : null;
    }
}
