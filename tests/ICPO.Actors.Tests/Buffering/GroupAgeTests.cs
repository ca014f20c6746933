using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Tests.Buffering;

/// <summary>Bounds of the age of stored groups, over restarts.</summary>
public sealed class GroupAgeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Groups_older_than_the_hard_bound_do_not_train()
    {
        var settings = new BufferSettings(Durable: true, HardStalenessBound: 1, SnapshotEvery: 100);
        using (var buffer = new JournalledBuffer(_folder, settings))
        {
            buffer.Admit(Make.Group(0), Make.Group(1));
            buffer.Batch(0, 1);
            buffer.Committed(1);
            buffer.Admit(Make.Group(2, dispatchedAt: 1));
            Assert.Equal([1L], buffer.Batch(1, 1).Groups.Select(group => group.Id.Value));
            buffer.Committed(2);
            buffer.Admit(Make.Group(3, dispatchedAt: 0));
            Assert.Equal([2L], buffer.Batch(2, 1).Groups.Select(group => group.Id.Value));
            Assert.Equal(new GroupRejected(new GroupId(3), GroupRejection.Stale), buffer.Dispatcher.ExpectMsg<GroupRejected>());
        }

        using (var buffer = new JournalledBuffer(_folder, settings))
        {
            Assert.Equal((1L, 1), (buffer.Recovered.Ledger.GroupsStale, buffer.Recovered.Buffered));
            Assert.True(buffer.Recovered.Ledger.Closes);
        }
    }

    [Fact]
    public void Groups_that_have_waited_longer_than_the_bound_are_rejected_for_that_reason()
    {
        var settings = new BufferSettings(Durable: true, HardStalenessBound: null, SnapshotEvery: 3) { MaxQueueAge = 1 };
        using (var buffer = new JournalledBuffer(_folder, settings))
        {
            buffer.Admit(Make.Group(0), Make.Group(1), Make.Group(2));
            buffer.Batch(0, 1);
            buffer.Committed(1);
        }

        using (var buffer = new JournalledBuffer(_folder, settings))
        {
            Assert.Equal([1L], buffer.Batch(1, 1).Groups.Select(group => group.Id.Value));
            buffer.Committed(2);
            buffer.Admit(Make.Group(3, dispatchedAt: 0));
            Assert.Equal([3L], buffer.Batch(2, 1).Groups.Select(group => group.Id.Value));
            Assert.Equal(new GroupRejected(new GroupId(2), GroupRejection.WaitedTooLong), buffer.Dispatcher.ExpectMsg<GroupRejected>());
        }

        using (var buffer = new JournalledBuffer(_folder, settings))
        {
            Assert.Equal((1L, 0L), (buffer.Recovered.Ledger.GroupsWaitedTooLong, buffer.Recovered.Ledger.GroupsStale));
            Assert.True(buffer.Recovered.Ledger.Closes);
        }
    }
}
