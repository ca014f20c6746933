using Akka.Actor;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Faults;
using ICPO.Actors.Ownership;
using ICPO.Actors.Tests.Buffering;

namespace ICPO.Actors.Tests.Ownership;

/// <summary>Buffers of two cores of a run that are alive at once.</summary>
public sealed class FencedBufferTests(JournalServer journal) : PostgresTest(journal)
{
    private static BufferSettings Settings(string run) =>
        new(Durable: false, HardStalenessBound: null, SnapshotEvery: 3) { RunId = run, KeepsAll = false };

    [Fact]
    public void A_core_that_is_overtaken_between_payload_and_event_does_not_acknowledge_and_the_other_one_does_not_miss_anything()
    {
        JournalledBuffer? next = null;
        var faults = FaultPoints.Parse($"{FaultPoints.PayloadWritten}:2", () => next = Elsewhere.Run(() => Start("one", "next")));
        using JournalledBuffer old = Start("one", "old", faults);
        old.Admit(Make.Group(0));
        old.Actor.Tell(new AdmitGroup(Make.Group(1)));
        Assert.True(old.Parent.ExpectMsg<JournalFailed>().IsOvertaken);
        old.Dispatcher.ExpectNoMsg(TimeSpan.Zero);
        using (next!)
        {
            Assert.Equal((1, new GroupId(1)), (next!.Recovered.Buffered, next.Recovered.Next));
            next.Admit(Make.Group(1));
            Assert.Equal(Make.Text([Make.Group(0), Make.Group(1)]), Make.Text(next.Batch(0, 2).Groups));
        }
    }

    [Fact]
    public void Whenever_a_run_is_taken_its_acknowledged_groups_train_once_and_the_cores_before_it_hear_of_it()
    {
        int run = 0;
        Gen.Select(Gen.Int[0, 3].Array[1, 5], Gen.Int[0, 3].Array[1, 5], Gen.Int[1, 3].Array[1, 4])
            .Sample((first, second, third) => Check($"run-{Interlocked.Increment(ref run)}", [first, second, third]), iter: 4, threads: 1);
    }

    /// <param name="run">The run's id.</param>
    /// <param name="cores">For each core what it does until the next one takes the run.</param>
    private void Check(string run, int[][] cores)
    {
        List<JournalledBuffer> started = [];
        (long next, long committed, HashSet<long> waiting) = (0, 0, []);
        try
        {
            foreach (int[] steps in cores)
            {
                JournalledBuffer core = Start(run, $"core {started.Count}");
                started.Add(core);
                Assert.Equal((committed, waiting.Count), (core.Recovered.Committed.Value, core.Recovered.Buffered));
                Assert.Equal(next, core.Recovered.Next.Value);
                foreach (int step in steps)
                {
                    if (step < 2 || waiting.Count < 2)
                    {
                        core.Admit(Make.Group(next));
                        waiting.Add(next++);
                        continue;
                    }

                    BatchPrepared batch = core.Batch(committed, 2);
                    Assert.All(batch.Groups, group => Assert.True(waiting.Remove(group.Id.Value)));
                    Assert.Equal(Make.Text([.. batch.Groups.Select(group => Make.Group(group.Id.Value))]), Make.Text(batch.Groups));
                    core.Committed(++committed);
                    core.Checkpoint(committed);
                }
            }

            for (int core = 0; core < started.Count - 1; core++)
            {
                started[core]
                    .Actor.Tell(
                        core % 2 == 0 ? new AdmitGroup(Make.Group(next)) : new RejectGroup(Make.Spec(next), GroupRejection.NoSignal, [])
                    );

                // Of a rejection by the number of its event, unless deleting old payloads has told of it before.
                object told = started[core].Parent.FishForMessage<object>(message => message is RunFencedException or JournalFailed);
                Assert.True(core % 2 == 0 ? told is RunFencedException : told is RunFencedException or JournalFailed { IsOvertaken: true });
            }

            started[^1].Admit(Make.Group(next));
        }
        finally
        {
            started.ForEach(core => core.Dispose());
        }
    }

    private JournalledBuffer Start(string run, string owner, FaultPoints? faults = null) =>
        new(Folder, Settings(run), connection: Server.ConnectionString, owner: owner, faults: faults);
}
