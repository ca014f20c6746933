using System.Text.RegularExpressions;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Faults;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Wire.Segments;

namespace EndToEnd.Tests.Faults;

/// <summary>The process is killed while groups are incomplete.</summary>
public sealed class KeptRolloutTests
{
    /// <summary>
    /// The resumed run has another seed (its configuration is changed in between), so a rollout that was sampled again would differ: the
    /// stored ones must be in their groups byte for byte.
    /// </summary>
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 9)]
    public async Task Rollouts_of_incomplete_groups_are_trained_on_as_they_were_sampled_before_the_kill(int staleness, int times)
    {
        if (staleness > 0)
        {
            LongTests.Require();
        }

        using var directory = new TemporaryFolder();
        var run = new SmallRun(staleness, Updates: 8) { Slots = 2 };
        string killed = await directory.KilledAsync(run, $"{FaultPoints.RolloutStored}:{times}");
        Dictionary<RolloutId, byte[]> kept = KilledRuns.Kept(killed);
        Assert.NotEmpty(kept);
        string configuration = Path.Combine(killed, "effective.conf");
        string text = await File.ReadAllTextAsync(configuration);
        string other = Regex.Replace(text, @"\bseed = 1\b", "seed = 77");
        Assert.NotEqual(text, other);
        await File.WriteAllTextAsync(configuration, other);

        string output = await KilledRuns.EndsWellAsync(SmallRun.Resume(killed));
        Assert.Matches($@"\b{kept.Count} rollouts", output);
        KilledRuns.ExpectWhole(killed, run);
        var journal = RunJournal.Open(killed);
        Assert.Empty(JournalAudit.Check(journal).Faults);
        (int trained, int dropped) = (0, 0);
        foreach (GroupAdmittedEvent stored in journal.Events.OfType<GroupAdmittedEvent>())
        {
            TrainingGroup group = journal.Read(stored);
            trained += group.Members.Count(member =>
                kept.TryGetValue(member.Rollout.Id, out byte[]? bytes) && bytes.AsSpan().SequenceEqual(GroupPayload.Write(member))
            );
            dropped += group.Dropped.Count(Same);
        }

        dropped += journal.Events.OfType<GroupRejectedEvent>().Sum(down => down.Dropped.Count(Same));
        Assert.Equal(kept.Count, trained + dropped);

        bool Same(DroppedRollout rollout) =>
            kept.TryGetValue(rollout.Id, out byte[]? bytes) && GroupPayload.ReadRollout(bytes).Rollout.Tokens.Length == rollout.Tokens;
    }
}
