using Akka.Actor;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Tests.Buffering;

/// <summary>Rollouts whose siblings are still under way when a run dies.</summary>
public sealed class KeptRolloutTests : IDisposable
{
    private static readonly BufferSettings Settings = new(Durable: false, HardStalenessBound: null, SnapshotEvery: 3);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void They_are_there_after_every_restart_until_their_group_is_decided()
    {
        GroupSpec spec = Make.Spec(4, policy: 3, dispatchedAt: 2);
        JudgedRollout[] made = [.. Enumerable.Range(0, 3).Select(sibling => Make.Judged(spec, Origin.Policy, sibling, sibling % 2))];
        using (var buffer = new JournalledBuffer(_folder, Settings))
        {
            buffer.Admit(Make.Group(0));
            Keep(buffer, made[2], spec);
            Keep(buffer, made[0], spec);
            Keep(buffer, made[0], spec);
        }

        for (int restart = 0; restart < 2; restart++)
        {
            using var buffer = new JournalledBuffer(_folder, Settings);
            PartialGroup kept = Assert.Single(buffer.Recovered.Kept);
            Assert.Equal((4L, 2L), (kept.Group.Value, kept.DispatchedAt.Value));
            Assert.Equal([2, 0], kept.Rollouts.Select(rollout => rollout.Rollout.Id.Sibling));
            Assert.Equal(Payload(made[2]), Payload(kept.Rollouts[0]));
            Assert.Equal([1L, 2, 3, 4], buffer.Recovered.Undecided.Select(id => id.Value));
            Assert.Equal(5, buffer.Recovered.Next.Value);
            Assert.Equal((2L, true), (buffer.Recovered.Ledger[LedgerEntry.Open].Policy.Rollouts, buffer.Recovered.Ledger.Closes));
        }

        using (var buffer = new JournalledBuffer(_folder, Settings))
        {
            buffer.Admit(
                new TrainingGroup
                {
                    Spec = spec,
                    Members = [.. made],
                    Dropped = [],
                }
            );
        }

        using (var buffer = new JournalledBuffer(_folder, Settings))
        {
            Assert.Empty(buffer.Recovered.Kept);
            Assert.Equal(
                (5L, 0L),
                (buffer.Recovered.Ledger.Generated.Policy.Rollouts, buffer.Recovered.Ledger[LedgerEntry.Open].Policy.Rollouts)
            );
            Assert.True(buffer.Recovered.Ledger.Closes);
        }
    }

    [Fact]
    public void One_that_a_decided_group_lacks_leaves_the_ledger_open()
    {
        GroupSpec spec = Make.Spec(0);
        using (var buffer = new JournalledBuffer(_folder, Settings))
        {
            Keep(buffer, Make.Judged(spec, Origin.Policy, 0, 1, tokens: 90), spec);
            buffer.Admit(Make.Group(0));
        }

        using var again = new JournalledBuffer(_folder, Settings);
        Assert.Contains("Group g0", Assert.Single(again.Recovered.Ledger.Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void Siblings_that_are_complete_before_a_tick_has_passed_are_recorded_as_their_group_alone()
    {
        using var payloads = new SegmentLog(_folder.In("payloads"));
        var arrivals = new PendingWrites(payloads);
        for (int id = 0; id < 3; id++)
        {
            arrivals.Add(new StoreRollout(Make.Group(id).Members[0], PolicyVersion.Base));
            arrivals.Add(new StoreRollout(Make.Group(id).Members[1], PolicyVersion.Base));
        }

        Assert.Empty(arrivals.TakeOlderRollouts());
        arrivals.Add(Make.Group(0));
        arrivals.Remove(new GroupId(1));
        Assert.Equal("g0", Assert.IsType<GroupAdmittedEvent>(Assert.Single(arrivals.TakeGroups())).Group.ToString());
        Assert.Equal((0, true), (arrivals.Groups, arrivals.HasRollouts));
        Assert.Equal(
            ["g2/p0", "g2/p1"],
            arrivals.TakeOlderRollouts().Cast<RolloutStoredEvent>().Select(stored => stored.Rollout.ToString())
        );
        Assert.False(arrivals.HasRollouts);
    }

    [Fact]
    public void A_damaged_one_is_given_up_and_the_ledger_closes_with_what_is_sampled_in_its_place()
    {
        GroupSpec spec = Make.Spec(0);
        using (var buffer = new JournalledBuffer(_folder, Settings))
        {
            Keep(buffer, Make.Group(0).Members[0], spec);
            Keep(buffer, Make.Group(0).Members[1], spec);
        }

        string segment = Path.Combine(_folder.In("payloads"), "00000000.segment");
        byte[] bytes = File.ReadAllBytes(segment);
        bytes[^8] ^= 1;
        File.WriteAllBytes(segment, bytes);
        using (var buffer = new JournalledBuffer(_folder, Settings))
        {
            Assert.Equal([0], Assert.Single(buffer.Recovered.Kept).Rollouts.Select(rollout => rollout.Rollout.Id.Sibling));
            buffer.Admit(Make.Group(0));
        }

        using (var buffer = new JournalledBuffer(_folder, Settings))
        {
            Ledger ledger = buffer.Recovered.Ledger;
            Assert.Equal((3L, 1L, true), (ledger.Generated.Policy.Rollouts, ledger[LedgerEntry.Superseded].Policy.Rollouts, ledger.Closes));
        }
    }

    [Fact]
    public void Their_payload_stays_while_their_group_is_undecided_and_goes_after()
    {
        BufferSettings settings = Settings with { KeepsAll = false };
        GroupSpec spec = Make.Spec(500);
        using var buffer = new JournalledBuffer(_folder, settings, segmentBytes: 2_000);
        Keep(buffer, Make.Group(500).Members[0], spec);
        Train(0);
        Assert.True(File.Exists(Segment(0)));
        buffer.Admit(Make.Group(500));
        Train(20);
        Train(40);
        Assert.False(File.Exists(Segment(0)));

        void Train(int from)
        {
            for (int update = from; update < from + 20; update++)
            {
                buffer.Admit(Make.Group(update));
                buffer.Batch(update, 1);
                buffer.Committed(update + 1);
                buffer.Checkpoint(update + 1);
            }

            buffer.LearnerHearsNothing();
        }

        string Segment(int number) => Path.Combine(_folder.In("payloads"), $"{number:D8}.segment");
    }

    public void Dispose() => _folder.Dispose();

    private static void Keep(JournalledBuffer buffer, JudgedRollout rollout, GroupSpec spec)
    {
        buffer.Actor.Tell(new StoreRollout(rollout, spec.DispatchedAt));
        buffer.LearnerHearsNothing();
    }

    private static string Payload(JudgedRollout rollout) => Convert.ToHexString(GroupPayload.Write(rollout));
}
