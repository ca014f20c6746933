using Akka.Actor;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Tests.Buffering;

namespace ICPO.Actors.Tests.Journals;

/// <summary>What a buffer writes while its server or the connection fails.</summary>
public sealed class PostgresBufferTests : PostgresRunTest
{
    [Fact]
    public async Task Groups_that_are_under_way_whenever_the_server_is_killed_are_there_once()
    {
        const int Groups = 3000;
        using (
            var buffer = new JournalledBuffer(
                Folder,
                new BufferSettings(Durable: false, HardStalenessBound: null, SnapshotEvery: 100),
                connection: Server.ConnectionString
            )
        )
        {
            for (int id = 0; id < Groups; id++)
            {
                buffer.Actor.Tell(new AdmitGroup(Make.Group(id)));
            }

            for (int id = 0; id < Groups; id++)
            {
                Assert.Equal(id, buffer.Dispatcher.ExpectMsg<GroupAdmitted>().Group.Value);
                if (id % 1000 == 10)
                {
                    await Server.KillAsync();
                    await Server.UpAsync();
                }
            }
        }

        using (var buffer = new JournalledBuffer(Folder, connection: Server.ConnectionString))
        {
            Assert.Equal((Groups, (long)Groups), (buffer.Recovered.Buffered, buffer.Recovered.Ledger.GroupsAdmitted));
            Assert.Equal([$"{Groups + 2}"], await Server.QueryAsync("select count(*) from journal"));
        }
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_not_made_again()
    {
        using var proxy = new LossyProxy(Server.Port);
        using var buffer = new JournalledBuffer(
            Folder,
            new BufferSettings(Durable: false, HardStalenessBound: null, SnapshotEvery: 100),
            connection: PostgresServer.Through(proxy.Port)
        );
        for (int id = 0; id < 3; id++)
        {
            proxy.LoseNextCommit();
            buffer.Admit(Make.Group(id));
            Assert.Equal(id + 1, proxy.Lost);
        }

        Assert.Equal(["1", "2", "3", "4"], await Server.QueryAsync("select sequence_number from journal order by ordering"));
    }
}
