using Akka.Actor;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Ownership;
using ICPO.Actors.Tests.Buffering;

namespace ICPO.Actors.Tests.Ownership;

/// <summary>Journals whose old events are deleted by a core that has taken the run.</summary>
public sealed class KeptEpochsTests(JournalServer journal) : PostgresTest(journal)
{
    [Fact]
    public async Task A_core_that_was_replaced_finds_its_next_number_taken_although_old_events_are_deleted()
    {
        var settings = new BufferSettings(Durable: false, HardStalenessBound: null, SnapshotEvery: 3) { RunId = "run", KeepsAll = false };
        List<JournalledBuffer> cores = [];
        try
        {
            for (int group = 0; group < 40; group++)
            {
                if (group % 20 == 0)
                {
                    cores.Add(new JournalledBuffer(Folder, settings, connection: Server.ConnectionString, owner: $"core {cores.Count}"));
                }

                cores[^1].Admit(Make.Group(group));
            }

            cores.Add(new JournalledBuffer(Folder, settings, connection: Server.ConnectionString, owner: "last"));
            Assert.Equal(40, cores[^1].Recovered.Buffered);
            for (
                int group = 40;
                (await Server.QueryAsync("select 1 from journal where not deleted and sequence_number < 41")).Length > 0;
                group++
            )
            {
                cores[^1].Admit(Make.Group(group));
            }

            foreach (JournalledBuffer replaced in cores.SkipLast(1))
            {
                replaced.Actor.Tell(new RejectGroup(Make.Spec(1000), GroupRejection.NoSignal, []));
                object told = replaced.Parent.FishForMessage<object>(message => message is RunFencedException or JournalFailed);
                Assert.True(told is RunFencedException or JournalFailed { IsOvertaken: true });
            }
        }
        finally
        {
            cores.ForEach(core => core.Dispose());
        }
    }
}
