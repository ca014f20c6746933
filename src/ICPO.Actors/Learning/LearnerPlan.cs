using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Learning;

/// <summary>How far to train, how often to save, and where.</summary>
/// <param name="Updates">T.</param>
/// <param name="GroupsPerUpdate">B.</param>
/// <param name="CheckpointEvery">Updates between checkpoints; 0 writes the last one only.</param>
/// <param name="CheckpointDirectory">Holds one directory per checkpoint.</param>
/// <param name="PolicyDirectory">Holds the newest published weights.</param>
public sealed record LearnerPlan(long Updates, int GroupsPerUpdate, int CheckpointEvery, string CheckpointDirectory, string PolicyDirectory)
{
    /// <summary>Longest update, publication or checkpoint.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    private const string Prefix = "update-";
    private const string Unfinished = "*.tmp";

    /// <summary>Published weights that are kept: more than engines lag behind in practice.</summary>
    private const int KeepPolicies = 4;

    /// <summary>True where a checkpoint is due at this version; the last one is written whatever the interval.</summary>
    public bool IsCheckpoint(PolicyVersion version) => CheckpointEvery > 0 && version.Value % CheckpointEvery == 0;

    public static string CheckpointName(PolicyVersion version) => $"{Prefix}{version.Value:D6}";

    public string CheckpointPath(string name) => Path.Combine(CheckpointDirectory, name);

    /// <summary>Deletes published weights older than the newest few: whoever has not taken them by now takes newer ones.</summary>
    public void PrunePolicies(PolicySnapshot newest)
    {
        foreach (string path in Directory.EnumerateFiles(PolicyDirectory, "policy-*.safetensors"))
        {
            if (
                long.TryParse(Path.GetFileNameWithoutExtension(path).AsSpan("policy-".Length), out long version)
                && version <= newest.Version.Value - KeepPolicies
            )
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Deletes checkpoints older than the oldest that the journal still names.</summary>
    public void Prune(PolicyVersion oldestKept)
    {
        IEnumerable<string> old = Directory
            .EnumerateDirectories(CheckpointDirectory, $"{Prefix}*")
            .Where(path => long.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), out long version) && version < oldestKept.Value);
        foreach (string path in old.ToArray())
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Deletes what a process that died in the middle of writing has left under temporary names.</summary>
    public void RemoveUnfinished()
    {
        foreach (string path in Directory.EnumerateDirectories(CheckpointDirectory, Unfinished).ToArray())
        {
            Directory.Delete(path, recursive: true);
        }

        foreach (string path in Directory.EnumerateFiles(PolicyDirectory, Unfinished).ToArray())
        {
            File.Delete(path);
        }
    }
}
