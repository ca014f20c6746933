using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Inspection;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Tests.Journals;

public sealed class GroupInspectorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Every_group_of_a_run_is_told_once_with_what_became_of_it()
    {
        var journal = RunJournal.Open(await FinishedRun.MakeAsync(_folder.In("run")));
        InspectedGroup[] groups = [.. new GroupInspector(journal).Groups(new InspectionFilter())];
        Assert.Equal(groups.Select(group => group.Id).Order().Distinct(), groups.Select(group => group.Id));
        Assert.Equal(journal.State.Ledger.GroupsConsumed, groups.Count(group => group.Fate == GroupFate.Consumed));
        Assert.Equal(journal.State.Buffered, groups.Count(group => group.Fate == GroupFate.Buffered));
        Assert.Equal(journal.State.Ledger.GroupsRejected, groups.Count(group => group.Fate == GroupFate.Rejected));
        Assert.All(groups, group => Assert.Equal(4, group.Rollouts.Length + group.Dropped.Length));
        foreach (InspectedGroup trained in groups.Where(group => group.Fate == GroupFate.Consumed))
        {
            Assert.Contains(
                trained.Id,
                journal.Updates.Single(update => update.Version == trained.Update).Groups.Select(stored => stored.Group)
            );
            Assert.Equal(0, trained.Rollouts.Sum(rollout => rollout.Advantage!.Value), 9);
            Assert.All(trained.Rollouts, rollout => Assert.InRange(rollout.Staleness, 0, trained.Update!.Value.Value - 1));
        }
    }

    [Fact]
    public async Task Advantages_are_those_that_the_run_wrote_down()
    {
        var journal = RunJournal.Open(await FinishedRun.MakeAsync(_folder.In("run")));
        SampleLine[] written = [.. RunHistory.Read(journal.Directory.Path).Samples.Where(line => line.Update == 3)];
        (string, double)[] told =
        [
            .. new GroupInspector(journal)
                .Groups(new InspectionFilter(Update: new PolicyVersion(3)))
                .SelectMany(group => group.Rollouts)
                .Select(rollout => (rollout.Member.Rollout.Text, Math.Round(rollout.Advantage!.Value, 4))),
        ];
        Assert.NotEmpty(written);
        Assert.All(written, line => Assert.Contains((line.Response, line.Advantage), told));
    }

    [Fact]
    public async Task A_filter_takes_what_it_says()
    {
        var journal = RunJournal.Open(await FinishedRun.MakeAsync(_folder.In("run")));
        var inspector = new GroupInspector(journal);
        InspectedGroup one = Assert.Single(inspector.Groups(new InspectionFilter(Group: new GroupId(1))));
        Assert.Equal(1, one.Id.Value);
        Assert.Equal(2, inspector.Groups(new InspectionFilter(Update: new PolicyVersion(2))).Count());
        InspectedGroup[] correct = [.. inspector.Groups(new InspectionFilter(Origin: Origin.Policy, Verdict: Verdict.Correct))];
        Assert.NotEmpty(correct);
        Assert.All(correct, group => Assert.NotEmpty(group.Rollouts));
        Assert.All(correct.SelectMany(group => group.Rollouts), rollout =>
            Assert.Equal((Origin.Policy, Verdict.Correct), (rollout.Member.Rollout.Origin, rollout.Member.Judgment.Verdict))
        );
        Assert.All(correct, group => Assert.Empty(group.Dropped));
    }

    public void Dispose() => _folder.Dispose();
}
