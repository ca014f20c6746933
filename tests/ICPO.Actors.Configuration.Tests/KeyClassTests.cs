using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Tasks.Mixtures;

namespace ICPO.Actors.Configuration.Tests;

public sealed class KeyClassTests
{
    [Fact]
    public void The_reference_marks_every_key_that_may_change_and_no_other()
    {
        Dictionary<string, KeyClass> marked = Marks();
        foreach (string key in IcpoConfiguration.Load().Entries.Select(entry => entry.Key))
        {
            Assert.Equal((key, marked.GetValueOrDefault(key)), (key, KeyClasses.Of(key)));
        }
    }

    [Fact]
    public void A_run_can_be_made_longer_and_keeps_the_length_of_its_schedules()
    {
        IcpoConfiguration stored = Stored("run.updates=100", "optimizer.schedule=cosine");
        ResumedConfiguration resumed = Apply(stored, ["run.updates=300", "evaluation.every=5"]);
        Assert.Equal(300, resumed.Configuration.Settings.Updates);
        Assert.Equal(
            (100, 100),
            (resumed.Configuration.Settings.ScheduleUpdates, resumed.Configuration.Settings.Learner.Optimizer.TotalUpdates)
        );
        Assert.Equal(
            ["icpo.run.updates", "icpo.evaluation.every", "icpo.run.schedule-updates"],
            resumed.Changes.Select(change => change.Key)
        );
        IcpoConfiguration again = Reload(stored, resumed);
        Assert.Equal((300, 100), (again.Settings.Updates, again.Settings.ScheduleUpdates));
        ResumedConfiguration twice = Apply(again, ["run.updates=400"]);
        Assert.Equal((400, 100), (twice.Configuration.Settings.Updates, twice.Configuration.Settings.ScheduleUpdates));
    }

    [Theory]
    [InlineData("group.policy-rollouts=4", "icpo.group.policy-rollouts")]
    [InlineData("run.seed=2", "icpo.run.seed")]
    [InlineData("optimizer.learning-rate=1e-5", "icpo.optimizer.learning-rate")]
    [InlineData("verification.math.percent-is-number=false", "icpo.verification.math.percent-is-number")]
    [InlineData("preset=grpo", "icpo.preset")]
    [InlineData("run.schedule-updates=7", "icpo.run.schedule-updates")]
    [InlineData("journal.connection-string=\"Data Source=other.db\"", "icpo.journal.connection-string")]
    [InlineData("no.such-key=1", "icpo.no.such-key")]
    public void A_key_that_is_fixed_or_unknown_is_refused_by_name_whether_it_is_set_or_in_the_environment(string change, string key)
    {
        IcpoConfiguration stored = Stored();
        Assert.Contains(key, Assert.Throws<ConfigurationException>(() => Apply(stored, [change])).Message);
        string[] parts = change.Split('=', 2);
        string variable = "ICPO__" + parts[0].Replace(".", "__").Replace('-', '_').ToUpperInvariant();
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() =>
            ResumedConfiguration.Apply(
                stored,
                new ConfigurationSources { Environment = new Dictionary<string, string> { [variable] = parts[1] } }
            )
        );
        Assert.Contains(key, refused.Message);
        Assert.Contains(variable, refused.Message);
    }

    [Fact]
    public void A_value_that_the_run_has_already_is_no_change() =>
        Assert.Empty(Apply(Stored("group.policy-rollouts=4"), ["group.policy-rollouts=4", "run.seed=1"]).Changes);

    [Fact]
    public void Paths_are_stored_absolute_and_may_name_another_place()
    {
        IcpoConfiguration stored = Stored("task.name=jsonl", "task.jsonl.path=data/train.jsonl", "model.path=models/m").WithAbsolutePaths();
        Assert.Equal(Path.GetFullPath("data/train.jsonl"), stored.Settings.Task.Jsonl.Path);
        Assert.Equal(Path.GetFullPath("models/m"), stored.Settings.Model.Path);
        Assert.Equal("", stored.Settings.Model.Adapter);
        Assert.Empty(Apply(stored, ["task.jsonl.path=data/train.jsonl"]).Changes);
        KeyChange moved = Assert.Single(Apply(stored, ["task.jsonl.path=elsewhere/train.jsonl"]).Changes);
        Assert.Equal("icpo.task.jsonl.path", moved.Key);
        Assert.Contains(Path.GetFullPath("elsewhere/train.jsonl"), moved.After);
    }

    [Theory]
    [InlineData("data/train.jsonl")]
    [InlineData("my \"data\"/a b.jsonl")]
    [InlineData("a\\b.jsonl")]
    public void Data_sets_of_a_mixture_are_stored_absolute(string path)
    {
        string written = path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        IcpoConfiguration stored = Stored("task.name=mixture", $"task.mixture.parts=[\"{written} 0.000001\"]").WithAbsolutePaths();
        Assert.Equal(new MixturePart(Path.GetFullPath(path), 1e-6), Assert.Single(stored.Settings.Task.Mixture.Parts));
        Assert.Equal(stored.Entries, stored.WithAbsolutePaths().Entries);
    }

    [Fact]
    public void The_password_of_the_same_database_is_no_change()
    {
        IcpoConfiguration stored = Stored("journal.connection-string=postgres://me@host:5432/runs");
        ResumedConfiguration resumed = Apply(stored, ["journal.connection-string=postgres://me:secret@host:5432/runs"]);
        Assert.Empty(resumed.Changes);
        Assert.Contains("secret", resumed.Configuration.Settings.Journal.ConnectionString);
        Assert.Throws<ConfigurationException>(() => Apply(stored, ["journal.connection-string=postgres://me:secret@other:5432/runs"]));
    }

    private static IcpoConfiguration Stored(params string[] overrides) =>
        IcpoConfiguration.Load(new ConfigurationSources { Overrides = [.. overrides] });

    private static ResumedConfiguration Apply(IcpoConfiguration stored, string[] overrides) =>
        ResumedConfiguration.Apply(stored, new ConfigurationSources { Overrides = [.. overrides] });

    private static IcpoConfiguration Reload(IcpoConfiguration stored, ResumedConfiguration resumed) =>
        IcpoConfiguration.Load(
            new ConfigurationSources
            {
                Files = [new ConfigurationFile("effective.conf", stored.Render() + resumed.Appendix(DateTimeOffset.UnixEpoch))],
            }
        );

    /// <summary>The marks in the comments of reference.conf, by key.</summary>
    private static Dictionary<string, KeyClass> Marks()
    {
        Dictionary<string, KeyClass> marks = [];
        List<string> section = [];
        KeyClass mark = KeyClass.Fixed;
        foreach (string line in IcpoConfiguration.ReferenceText.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith('#'))
            {
                mark =
                    line.EndsWith("[extendable]", StringComparison.Ordinal) ? KeyClass.Extendable
                    : line.EndsWith("[relocatable]", StringComparison.Ordinal) ? KeyClass.Relocatable
                    : line.EndsWith("[node]", StringComparison.Ordinal) ? KeyClass.Node
                    : mark;
            }
            else if (line.EndsWith('{'))
            {
                section.Add(line.TrimEnd('{', ' '));
                mark = KeyClass.Fixed;
            }
            else if (line == "}")
            {
                section.RemoveAt(section.Count - 1);
            }
            else if (line.Contains(" = ", StringComparison.Ordinal))
            {
                marks[string.Join('.', section.Append(line.Split(" = ")[0]))] = mark;
                mark = KeyClass.Fixed;
            }
        }

        return marks;
    }
}
