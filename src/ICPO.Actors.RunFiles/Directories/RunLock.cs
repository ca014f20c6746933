using System.Text.Json;
using System.Text.Json.Serialization;

namespace ICPO.Actors.RunFiles.Directories;

/// <summary>
/// Allows one process at a time on a run directory. On one machine, and on file systems whose locks work across machines, the operating
/// system's lock decides; it ends with its process. Elsewhere a lease decides: the owner renews it, and one that was not renewed for
/// <see cref="Lease"/> is taken over. A former owner that wakes up after that sees the new owner at its next renewal and ends; until then
/// the journal rejects its events, because the new epoch has used their sequence numbers.
/// </summary>
public sealed class RunLock : IDisposable
{
    /// <summary>A lease of another machine that was renewed longer ago than this is stale.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Time between two renewals.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly RunDirectory _directory;
    private readonly TimeProvider _time;
    private readonly FileStream _file;
    private RunOwner _owner;
    private long _renewed;

    private RunLock(RunDirectory directory, TimeProvider time, FileStream file, RunOwner owner, RunOwner? stale)
    {
        (_directory, _time, _file, _owner) = (directory, time, file, owner);
        _renewed = time.GetTimestamp();
        Note = stale is null
            ? null
            : $"The lock of process {stale.Process} on {stale.Host}, last seen at {stale.Seen:u}, was stale and has been taken over";
    }

    /// <summary>A note that a stale lock was taken over; null without one.</summary>
    public string? Note { get; }

    /// <summary>Takes the lock of an existing run directory.</summary>
    /// <exception cref="IOException">Another process has it; names its host and id.</exception>
    public static RunLock Take(RunDirectory directory, TimeProvider time)
    {
        FileStream file = Open(directory);
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            RunOwner? before = Owner(directory);
            if (before is not null && !IsThisMachine(before) && now - before.Seen < Lease)
            {
                throw new IOException(
                    $"{directory.Path} is in use by process {before.Process} on {before.Host}, last seen at {before.Seen:u}; wait until it "
                        + $"ends. If it was killed, try again in {(Lease - (now - before.Seen)).TotalSeconds:0} s."
                );
            }

            var owner = new RunOwner(Environment.MachineName, Environment.ProcessId, Guid.NewGuid().ToString("n"), now, now)
            {
                Boot = MachineBoot.Id,
            };
            foreach (string unfinished in Directory.EnumerateFiles(directory.Path, $"{Path.GetFileName(directory.Owner)}.*.tmp").ToArray())
            {
                File.Delete(unfinished);
            }

            var taken = new RunLock(directory, time, file, owner, before);
            taken.Write(owner);
            return taken;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The last owner; null if the run ended normally, has not started, or the file names none.</summary>
    public static RunOwner? Owner(RunDirectory directory)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(directory.Owner), RunOwnerJson.Default.RunOwner);
        }
        catch (Exception error) when (error is FileNotFoundException or JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// Renews the lease. A failure is tolerated while two more renewals can be tried before others may take the lock over.
    /// </summary>
    /// <returns>Why the lease could not be renewed this time, as a sentence; null if it was.</returns>
    /// <exception cref="IOException">
    /// Another process has taken the run over, or the directory was removed or could not be written for too long.
    /// </exception>
    public string? Renew()
    {
        if (_directory.IsRemoved)
        {
            throw new IOException(_directory.RemovedMessage);
        }

        DateTimeOffset now = _time.GetUtcNow();
        RunOwner? other;
        try
        {
            other = Owner(_directory);
            if (other is null || other.Token == _owner.Token)
            {
                RunOwner renewed = _owner with { Seen = now };
                Write(renewed);
                (_owner, _renewed) = (renewed, _time.GetTimestamp());
                return null;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TimeSpan since = _time.GetElapsedTime(_renewed);
            string reason = $"The lock of {_directory.Path} was not renewed for {since.TotalSeconds:0} s: {error.Message}";
            return since < Lease - (2 * Interval)
                ? reason
                : throw new IOException($"{reason} Another process may take over the run, so this one ends; make it writable.", error);
        }

        throw new IOException(
            $"{_directory.Path} was taken over by process {other.Process} on {other.Host} at {other.Since:u}; this one ends."
        );
    }

    /// <summary>
    /// The system's lock decides between processes of one machine. A host name does not identify a machine (containers share names), so
    /// the boot id decides where both are known.
    /// </summary>
    internal static bool IsThisMachine(RunOwner owner) =>
        owner.Boot is { } boot && MachineBoot.Id is { } here ? boot == here : owner.Host == Environment.MachineName;

    /// <summary>Releases the lock, if this process still owns it.</summary>
    public void Dispose()
    {
        if (_file.CanWrite)
        {
            if (Directory.Exists(_directory.Path) && Owner(_directory)?.Token == _owner.Token)
            {
                File.Delete(_directory.Owner);
            }

            _file.Dispose();
        }
    }

    private static FileStream Open(RunDirectory directory)
    {
        try
        {
            return new FileStream(directory.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (Directory.Exists(directory.Path))
        {
            string owning = Owner(directory) is { } owner
                ? $"process {owner.Process} on {owner.Host}, since {owner.Since:u}"
                : "a process that is starting";
            throw new IOException($"{directory.Path} is in use by {owning}; wait until it ends, or stop it.", error);
        }
    }

    /// <summary>Temporary file and rename: a reader sees the old owner or the new one.</summary>
    private void Write(RunOwner owner)
    {
        string temporary = $"{_directory.Owner}.{owner.Token}.tmp";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(owner, RunOwnerJson.Default.RunOwner));
        File.Move(temporary, _directory.Owner, overwrite: true);
    }
}

/// <summary>The process that owns a run.</summary>
/// <param name="Host">Its machine.</param>
/// <param name="Process">Its process id there.</param>
/// <param name="Token">Distinguishes it from another process with the same id.</param>
/// <param name="Since">When it took the run.</param>
/// <param name="Seen">Its last renewal.</param>
public sealed record RunOwner(string Host, int Process, string Token, DateTimeOffset Since, DateTimeOffset Seen)
{
    /// <summary>
    /// Identifies the machine since it was started; null if the system has no such id, and in locks of earlier versions.
    /// </summary>
    public string? Boot { get; init; }
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(RunOwner))]
internal sealed partial class RunOwnerJson : JsonSerializerContext;
