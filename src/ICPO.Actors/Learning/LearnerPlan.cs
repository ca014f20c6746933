using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>How far to train, how often to save, and where.</summary>
/// <param name="Updates">T.</param>
/// <param name="GroupsPerUpdate">B.</param>
/// <param name="CheckpointEvery">Updates between checkpoints.</param>
/// <param name="KeepCheckpoints">Newest checkpoints that are kept.</param>
/// <param name="CheckpointDirectory">Holds one directory per checkpoint.</param>
/// <param name="PolicyDirectory">Holds the newest published weights.</param>
public sealed record LearnerPlan(
    long Updates, int GroupsPerUpdate, int CheckpointEvery, int KeepCheckpoints, string CheckpointDirectory, string PolicyDirectory)
{
    private const string Prefix = "update-";

    public static string CheckpointName(PolicyVersion version) => $"{Prefix}{version.Value:D6}";

    public string CheckpointPath(string name) => Path.Combine(CheckpointDirectory, name);

    /// <summary>Deletes checkpoints older than the newest few, and weights that were published for engines long past.</summary>
    public void Prune(PolicyVersion newest)
    {
        IEnumerable<string> old = Directory.EnumerateDirectories(CheckpointDirectory, $"{Prefix}*")
            .Where(path => long.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), out long version) && version <= newest.Value)
            .OrderDescending(StringComparer.Ordinal)
            .Skip(KeepCheckpoints);
        foreach (string path in old.ToArray())
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
