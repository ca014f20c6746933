using System.Collections.Immutable;
using ICPO.Actors.Cluster.Election;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Journaling;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.RunFiles.Restoring;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>The run for which a process is a standby.</summary>
/// <param name="Id">The run's id.</param>
/// <param name="Directory">The run's directory in this process.</param>
/// <param name="Database">The database of its journal.</param>
internal sealed record StandbyRun(string Id, RunDirectory Directory, JournalDatabase Database)
{
    /// <summary>True if only checkpoints are in files of the core.</summary>
    public static bool IsPossible(JournalSettings journal) => journal is { IsServer: true, PayloadsInDatabase: true };

    /// <summary>The run in a directory of this process.</summary>
    /// <exception cref="FileNotFoundException">There is no run in the directory.</exception>
    /// <exception cref="ConfigurationException">Its journal is not on a server.</exception>
    public static StandbyRun Open(string path, IcpoConfiguration own)
    {
        var directory = new RunDirectory(Path.GetFullPath(path));
        return Create(StoredConfiguration.Read(directory).Settings, directory, own);
    }

    /// <summary>The run of a core, with a separate directory in this process.</summary>
    /// <exception cref="ConfigurationException">Its journal is not on a server.</exception>
    public static StandbyRun Create(RunDescription description, IcpoConfiguration own)
    {
        string path = own.Settings.Directory.Length > 0 ? own.Settings.Directory : Path.Combine("runs", description.Run);
        RunSettings settings = IcpoConfiguration
            .LoadStored(new ConfigurationFile("the run's configuration", description.Configuration), out _)
            .Settings;
        var directory = new RunDirectory(Path.GetFullPath(path));
        if (
            File.Exists(directory.EffectiveConfiguration)
            && StoredConfiguration.Read(directory).Settings.RunId is var other
            && other != description.Run
        )
        {
            throw new IOException($"{directory.Path} contains another run ({other}); set another run.directory.");
        }

        return Create(settings, directory, own);
    }

    /// <summary>Writes the current configuration, inputs, events and metrics of the database.</summary>
    /// <exception cref="IOException">The server cannot be read, or another process uses the directory.</exception>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        // A run that was killed before its first record in the database has only its directory.
        if (
            File.Exists(Directory.EffectiveConfiguration)
            && (await RunNoteTable.ReadAsync(Database.ConnectionString, Id, cancellationToken).ConfigureAwait(false)).IsEmpty
        )
        {
            return;
        }

        await RunRestore
            .FromDatabaseAsync(Database.ConnectionString, Id, Directory.Path, TimeProvider.System, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Creates the table of the lease if it is missing, and reads the lease; null if no process has ever held it.</summary>
    /// <exception cref="IOException">The server does not respond, or rejects the request.</exception>
    public LeaseRow? ReadLease() => CoreLeaseTable.ReadAtStart(Database, Id);

    /// <summary>Nodes to join: the configured ones, otherwise the current core.</summary>
    /// <exception cref="IOException">The server does not respond, or rejects the request.</exception>
    public async Task<ImmutableArray<string>> SeedsAsync(ClusterSettings settings, CancellationToken cancellationToken)
    {
        await JournalTables.ReachAsync(Database, (_, _) => { }, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        LeaseRow? row = ReadLease();
        if (!settings.Seeds.IsEmpty || row is not { IsLive: true })
        {
            return settings.Seeds;
        }

        // A core that has just failed appears active until its lease expires.
        await Task.Delay(settings.FailoverAfter, cancellationToken).ConfigureAwait(false);
        return ReadLease() is { IsLive: true, Holder.Seed: { Length: > 0 } core } ? [core] : [];
    }

    private static StandbyRun Create(RunSettings run, RunDirectory directory, IcpoConfiguration own)
    {
        JournalSettings journal = run.Journal;
        string connection = ConnectionSecret.Restore(journal.ConnectionString, own.Settings.Journal.ConnectionString);
        var database = JournalDatabase.Create(journal with { ConnectionString = connection }, directory);
        return IsPossible(journal)
            ? new StandbyRun(run.RunId, directory, database)
            : throw new ConfigurationException(
                $"The journal or the payloads of run {run.RunId} are files of its core, so no other process can take over the run; set "
                    + "icpo.journal.connection-string to a PostgreSQL server when the run starts, and do not set icpo.journal.payloads."
            );
    }
}
