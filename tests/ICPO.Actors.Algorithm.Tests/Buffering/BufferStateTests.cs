using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Wire.Codecs;

namespace ICPO.Actors.Algorithm.Tests.Buffering;

public sealed class BufferStateTests
{
    private static readonly IcpoSerializer Serializer = new(null!);

    [Fact]
    public void Replaying_the_journal_gives_the_same_state_with_and_without_a_snapshot_on_the_way() =>
        Gen.Select(BufferWalk.Journals, Gen.Int[0, 120])
            .Sample(
                (journal, at) =>
                {
                    int cut = Math.Min(at, journal.Length);
                    BufferState replayed = Replay(new BufferState(), journal);
                    BufferState resumed = Replay(
                        new BufferState(ThroughTheWire(Replay(new BufferState(), journal.Take(cut)).ToSnapshot())),
                        journal.Skip(cut)
                    );
                    Assert.Equal(Bytes(replayed), Bytes(Replay(new BufferState(), journal)));
                    Assert.Equal(Bytes(replayed), Bytes(resumed));
                    Assert.Equal(Told(replayed), Told(resumed));
                }
            );

    [Fact]
    public void The_ledger_closes_after_every_event() =>
        BufferWalk.Journals.Sample(journal =>
        {
            var state = new BufferState();
            foreach (IBufferEvent happened in journal)
            {
                state.Apply(happened);
                Assert.Empty(state.Ledger.Faults());
                Assert.Equal(state.Buffered, state.Ledger.Buffered.Count);
            }
        });

    [Fact]
    public void A_group_trains_at_most_once_and_a_prepared_one_is_not_free() =>
        BufferWalk.Journals.Sample(journal =>
        {
            var state = new BufferState();
            var consumed = new List<GroupId>();
            foreach (IBufferEvent happened in journal)
            {
                GroupId[] prepared = [.. state.PreparedGroups.Select(stored => stored.Group)];
                state.Apply(happened);
                if (happened is UpdateCommittedEvent)
                {
                    consumed.AddRange(prepared);
                }

                Assert.Empty(state.Free.Select(stored => stored.Group).Intersect(state.PreparedGroups.Select(stored => stored.Group)));
                Assert.Empty(state.ToSnapshot().Pending.Select(stored => stored.Group).Intersect(consumed));
                Assert.All(consumed, id => Assert.True(state.Decided.Contains(id)));
            }

            Assert.Equal(consumed.Count, consumed.Distinct().Count());
            Assert.Equal(consumed.Count, state.Ledger.GroupsConsumed);
            Assert.Equal(journal.OfType<UpdateCommittedEvent>().Count(), state.Committed.Value);
            long oldest = state.Checkpoint is { } checkpoint ? (checkpoint.OldestKept ?? checkpoint.Version).Value : 0;
            Assert.Equal(
                Enumerable.Range(1, (int)state.Committed.Value).Where(version => version > oldest),
                state.Uncheckpointed.Select(update => (int)update.Version.Value)
            );
            Assert.All(state.Checkpoints, kept => Assert.True(kept.Version.Value >= oldest));
            Assert.Equal(state.Checkpoints.Select(kept => kept.Version).Order().Distinct(), state.Checkpoints.Select(kept => kept.Version));
        });

    private static BufferState Replay(BufferState state, IEnumerable<IBufferEvent> journal)
    {
        foreach (IBufferEvent happened in journal)
        {
            object read = Serializer.FromBinary(Serializer.ToBinary(happened), Serializer.Manifest(happened));
            state.Apply((IBufferEvent)read);
        }

        return state;
    }

    private static BufferSnapshot ThroughTheWire(BufferSnapshot snapshot) =>
        (BufferSnapshot)Serializer.FromBinary(Serializer.ToBinary(snapshot), Serializer.Manifest(snapshot));

    private static string Bytes(BufferState state) => Convert.ToHexString(Serializer.ToBinary(state.ToSnapshot()));

    /// <summary>What a snapshot does not hold and must follow from it.</summary>
    private static string Told(BufferState state) =>
        string.Join(
            ';',
            state.Buffered,
            state.Ledger.Closes,
            string.Join(',', state.Ledger.Rows()),
            string.Join(',', state.Ledger.Buffered),
            string.Join(',', state.Free.Select(stored => stored.Group)),
            string.Join(',', state.Undecided),
            state.Next,
            string.Join(',', state.Ledger.Open)
        );
}
