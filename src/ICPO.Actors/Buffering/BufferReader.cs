using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Journaling;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Wire.Codecs;

namespace ICPO.Actors.Buffering;

/// <summary>
/// Reads the state of a run's trajectory buffer from the journal, and writes nothing. A process that may have to resume the run reads it
/// in advance: the first time takes seconds, because the code that reads a journal is compiled then.
/// </summary>
internal static class BufferReader
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>Reads the state in an actor system that ends afterwards.</summary>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    /// <exception cref="TimeoutException">The database does not respond in time.</exception>
    public static async Task<BufferState> ReadAsync(JournalDatabase database, string runId, CancellationToken cancellationToken)
    {
        Config hocon = ConfigurationFactory
            .ParseString(
                $$"""
                akka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }
                {{WireConfiguration.Hocon}}
                {{JournalPlugin.Hocon(database, runId)}}
                """
            )
            .WithFallback(SqlPersistence.DefaultConfiguration);
        var system = ActorSystem.Create(
            "icpo-journal-reader",
            BootstrapSetup.Create().WithConfig(hocon).And(new MultiDataOptionsSetup().With(database, runId))
        );
        try
        {
            var read = new TaskCompletionSource<BufferState>(TaskCreationOptions.RunContinuationsAsynchronously);
            system.ActorOf(Props.Create(() => new ReaderActor(runId, read)), "reader");
            return await read.Task.WaitAsync(Deadline, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await system.Terminate().ConfigureAwait(false);
        }
    }

    private sealed class ReaderActor : ReceivePersistentActor
    {
        private readonly TaskCompletionSource<BufferState> _read;
        private BufferState _state = new();

        public ReaderActor(string runId, TaskCompletionSource<BufferState> read)
        {
            _read = read;
            PersistenceId = JournalDatabase.PersistenceId(runId);
            (JournalPluginId, SnapshotPluginId) = (JournalPlugin.JournalId(runId), JournalPlugin.SnapshotStoreId(runId));
            Recover<SnapshotOffer>(offer => _state = new BufferState((BufferSnapshot)offer.Snapshot));
            Recover<IBufferEvent>(happened => _state.Apply(happened));
            Recover<RecoveryCompleted>(_ => read.TrySetResult(_state));
        }

        public override string PersistenceId { get; }

        protected override void OnRecoveryFailure(Exception reason, object? message = null)
        {
            _read.TrySetException(new IOException($"The journal could not be read: {reason.Message}", reason));
            base.OnRecoveryFailure(reason, message);
        }
    }
}
