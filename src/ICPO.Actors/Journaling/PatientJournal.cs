using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;

namespace ICPO.Actors.Journaling;

/// <summary>
/// The SQL journal, which waits for a database that is away instead of failing the write. What a write left behind whose answer
/// never came is looked up before it is tried again, so an event is there once: Akka stops a persistent actor on its first failed
/// write, so the waiting has to be done below it.
/// </summary>
public sealed class PatientJournal : SqlWriteJournal
{
    private readonly Outage _outage;
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>Says in the actor's own context, where the plugin has to be called, to write again.</summary>
    private sealed record WriteAgain(ImmutableArray<AtomicWrite> Writes, TaskCompletionSource<IImmutableList<Exception>?> Written)
        : INoSerializationVerificationNeeded;

    public PatientJournal(Config config)
        : base(config) => _outage = Outages.Of(config, Context);

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
        // The time stamp is what a row is recognised by as this write's own.
        long stamp = TimeProvider.System.GetUtcNow().UtcTicks;
        ImmutableArray<AtomicWrite> writes =
        [
            .. messages.Select(write => new AtomicWrite([
                .. ((IImmutableList<IPersistentRepresentation>)write.Payload).Select(row => row.WithTimestamp(stamp)),
            ])),
        ];
        Task<IImmutableList<Exception>> first = base.WriteMessagesAsync(writes, cancellationToken);
        IActorRef self = Self;
        return _outage.RideOutAsync(
            async tries => tries == 0 ? await first.ConfigureAwait(false) : await AgainAsync(writes, stamp, self).ConfigureAwait(false),
            _stopped.Token
        );
    }

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not WriteAgain again)
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
        await _outage
            .RideOutAsync(_ => base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken), _stopped.Token)
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
        await _outage
            .RideOutAsync(
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

    /// <summary>Writes what is not there yet: a batch lies in one transaction, so each of it is there or not.</summary>
    private async Task<IImmutableList<Exception>> AgainAsync(ImmutableArray<AtomicWrite> writes, long stamp, IActorRef self)
    {
        (string id, long first, long last) = (writes[0].PersistenceId, writes[0].LowestSequenceNr, writes[^1].HighestSequenceNr);
        List<IPersistentRepresentation> there = [];
        await base.ReplayMessagesAsync(null!, id, first, last, long.MaxValue, there.Add).ConfigureAwait(false);
        if (there.Find(row => row.Timestamp != stamp) is { } foreign)
        {
            throw new InvalidDataException(
                $"Another process has written event {foreign.SequenceNr} of {id}: two runs share a journal and a run.id. Stop one of them."
            );
        }

        long written = there.Count > 0 ? there[^1].SequenceNr : first - 1;
        ImmutableArray<AtomicWrite> left = [.. writes.Where(write => write.HighestSequenceNr > written)];
        if (left.Length > 0)
        {
            var again = new TaskCompletionSource<IImmutableList<Exception>?>(TaskCreationOptions.RunContinuationsAsynchronously);
            self.Tell(new WriteAgain(left, again));
            await again.Task.WaitAsync(_stopped.Token).ConfigureAwait(false);
        }

        // Null is the plugin's word for: none was refused. What is refused is refused for its bytes, before the database is asked.
        return null!;
    }
}
