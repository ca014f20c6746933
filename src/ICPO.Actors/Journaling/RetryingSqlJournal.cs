using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;

namespace ICPO.Actors.Journaling;

/// <summary>
/// The SQL journal, which waits for a database that does not respond instead of failing the write: Akka stops a persistent actor on its
/// first failed write, so the retry has to be below it. Before a write is repeated, the journal looks up which of its events are already
/// there, so each event is stored once.
/// </summary>
public sealed class RetryingSqlJournal : SqlWriteJournal
{
    private readonly OutageRetry _retry;
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>Repeats a write in the actor's own context, in which the plugin must be called.</summary>
    private sealed record RepeatWrite(ImmutableArray<AtomicWrite> Writes, TaskCompletionSource<IImmutableList<Exception>?> Written)
        : INoSerializationVerificationNeeded;

    public RetryingSqlJournal(Config config)
        : base(config) => _retry = JournalOutages.Create(config, Context);

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        base.PostStop();
    }

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages,
        CancellationToken cancellationToken
    )
    {
        // The time stamp identifies the rows of this write.
        long stamp = TimeProvider.System.GetUtcNow().UtcTicks;
        ImmutableArray<AtomicWrite> writes =
        [
            .. messages.Select(write => new AtomicWrite([
                .. ((IImmutableList<IPersistentRepresentation>)write.Payload).Select(row => row.WithTimestamp(stamp)),
            ])),
        ];
        Task<IImmutableList<Exception>> first = base.WriteMessagesAsync(writes, cancellationToken);
        IActorRef self = Self;
        return _retry.RunAsync(
            async tries =>
                tries == 0 ? await first.ConfigureAwait(false) : await WriteMissingAsync(writes, stamp, self).ConfigureAwait(false),
            _stopped.Token
        );
    }

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not RepeatWrite again)
        {
            return base.ReceivePluginInternal(message);
        }

        _ = CompleteAsync(base.WriteMessagesAsync(again.Writes, _stopped.Token), again.Written);
        return true;

        static async Task CompleteAsync(Task<IImmutableList<Exception>> write, TaskCompletionSource<IImmutableList<Exception>?> written)
        {
            try
            {
                written.TrySetResult(await write.ConfigureAwait(false));
            }
            catch (Exception error)
            {
                written.TrySetException(error);
            }
        }
    }

    public override async Task<long> ReadHighestSequenceNrAsync(
        string persistenceId,
        long fromSequenceNr,
        CancellationToken cancellationToken
    ) =>
        await _retry
            .RunAsync(_ => base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken), _stopped.Token)
            .ConfigureAwait(false);

    public override async Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback
    )
    {
        (long next, long left) = (fromSequenceNr, max);
        await _retry
            .RunAsync(
                async _ =>
                {
                    await base.ReplayMessagesAsync(context, persistenceId, next, toSequenceNr, left, happened =>
                        {
                            recoveryCallback(happened);
                            (next, left) = (happened.SequenceNr + 1, left - 1);
                        })
                        .ConfigureAwait(false);
                    return 0;
                },
                _stopped.Token
            )
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Writes the events that are missing. A transaction whose connection was lost may still be committed after the look-up; its events
    /// then make the repeated write fail as duplicates, and are looked up again.
    /// </summary>
    private async Task<IImmutableList<Exception>> WriteMissingAsync(ImmutableArray<AtomicWrite> writes, long stamp, IActorRef self)
    {
        try
        {
            await WriteMissingOnceAsync(writes, stamp, self).ConfigureAwait(false);
        }
        catch (Exception error) when (OutageRetry.IsDuplicate(error))
        {
            await WriteMissingOnceAsync(writes, stamp, self).ConfigureAwait(false);
        }

        // Null means that no event was rejected: the plugin rejects events for their bytes, before it calls the database.
        return null!;
    }

    /// <summary>A batch is one transaction, so all of its events are there or none.</summary>
    private async Task WriteMissingOnceAsync(ImmutableArray<AtomicWrite> writes, long stamp, IActorRef self)
    {
        (string id, long first, long last) = (writes[0].PersistenceId, writes[0].LowestSequenceNr, writes[^1].HighestSequenceNr);
        List<IPersistentRepresentation> present = [];
        await base.ReplayMessagesAsync(null!, id, first, last, long.MaxValue, present.Add).ConfigureAwait(false);
        if (present.Find(row => row.Timestamp != stamp) is { } foreign)
        {
            throw new EventTakenException(id, foreign.SequenceNr);
        }

        long written = present.Count > 0 ? present[^1].SequenceNr : first - 1;
        ImmutableArray<AtomicWrite> left = [.. writes.Where(write => write.HighestSequenceNr > written)];
        if (left.Length > 0)
        {
            var again = new TaskCompletionSource<IImmutableList<Exception>?>(TaskCreationOptions.RunContinuationsAsynchronously);
            self.Tell(new RepeatWrite(left, again));
            await again.Task.WaitAsync(_stopped.Token).ConfigureAwait(false);
        }
    }
}
