using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text.Json;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Metrics;
using ICPO.Actors.Metrics.Sinks;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Inspection;

namespace ICPO.Actors.Tests.Metrics;

public sealed class MetricSinkTests : IDisposable
{
    private static readonly AssembledBatch Batch = new BatchAssembler(new GroupSettings(), new ExpertSettings(), 10).Assemble(
        PolicyVersion.Base,
        [Make.Group(0), Make.Group(1), Make.Group(2)]
    );

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_sink_class_is_registered_and_gets_every_update()
    {
        var directory = new RunDirectory(_folder.Path);
        Directory.CreateDirectory(directory.TensorBoard);
        using (
            var recorder = new RunRecorder(
                new MetricSinkContext(directory, new MetricsSettings(SamplesPerUpdate: 2, RejectedPerUpdate: 8), TimeProvider.System)
            )
        )
        {
            recorder.Update(Update(("loss", 0.5), ("grad_norm", double.NaN)));
            recorder.Evaluation(new EvaluationRecord(new PolicyVersion(1), 2, new EvaluationReport([Question(4, 1)], 0)));
        }

        JsonElement[] lines = [.. File.ReadAllLines(directory.Metrics).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(0.5, lines[0].GetProperty("loss").GetDouble());
        Assert.False(lines[0].TryGetProperty("grad_norm", out _));
        Assert.Equal(0.25, lines[1].GetProperty("accuracy").GetDouble());
        Assert.Equal(2, File.ReadAllLines(directory.Samples).Length);
        Assert.NotEqual(0, new FileInfo(Assert.Single(Directory.GetFiles(directory.TensorBoard))).Length);

        Type[] classes =
        [
            .. typeof(IMetricSink).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IMetricSink))),
        ];
        Assert.Equal(classes.Length, MetricSinks.All.Length);
    }

    [Fact]
    public void Texts_of_rejected_rollouts_are_written_up_to_the_bound_and_found_by_group()
    {
        var directory = new RunDirectory(_folder.Path);
        GroupSpec spec = Make.Spec(3, policy: 2, expert: 1);
        JudgedRollout[] judged =
        [
            Make.Judged(spec, Origin.Policy, 0, 0),
            Make.Judged(spec, Origin.Policy, 1, 1),
            Make.Judged(spec, Origin.Expert, 0, 0),
        ];
        DroppedRollout Drop(JudgedRollout member, DropReason reason) => new(member.Rollout.Id, 3, reason);
        using (var sink = new RejectedSink(directory.Rejected, perUpdate: 2))
        {
            sink.Rejected(new RolloutsRejected(spec, [.. judged], [Drop(judged[2], DropReason.OutsideExpertRegion)]));
            sink.Rejected(new RolloutsRejected(Make.Spec(4), [], [Drop(judged[0], DropReason.GenerationFailed)]));
            sink.Rejected(
                new RolloutsRejected(
                    spec,
                    [.. judged],
                    [Drop(judged[0], DropReason.GroupRejected), Drop(judged[1], DropReason.GroupRejected)]
                )
            );
            sink.Update(Update(("loss", 1)));
            sink.Rejected(new RolloutsRejected(spec, [.. judged], [Drop(judged[2], DropReason.ReplacedByExpert)]));
        }

        File.AppendAllText(directory.Rejected, "{\"group\":3,\"origin\":7}\n{\"group\":3");
        var rejected = RejectedRollouts.Open(directory);
        Assert.Empty(rejected.Find(new GroupId(4)));
        RejectedRollout[] found = [.. rejected.Find(new GroupId(3))];
        Assert.Equal(
            [(Origin.Expert, 0, DropReason.ReplacedByExpert), (Origin.Policy, 0, DropReason.GroupRejected)],
            found.Select(rollout => (rollout.Id.Origin, rollout.Id.Sibling, rollout.Reason))
        );
        Assert.Equal(
            (judged[2].Rollout.Text, "Wrong", spec.Question.Text, 0.0),
            (found[0].Text, found[0].Verdict, found[0].Question, found[0].Reward!.Value)
        );
    }

    [Fact]
    public void A_recorder_passes_updates_to_any_sink_and_disposes_it()
    {
        var sink = new FakeSink();
        using (var recorder = new RunRecorder([sink]))
        {
            recorder.Update(Update(("loss", 1)));
            recorder.Evaluation(new EvaluationRecord(new PolicyVersion(1), 2, new EvaluationReport([Question(1, 1)], 0)));
        }

        Assert.Equal([1], sink.Updates);
        Assert.True(sink.IsDisposed);
    }

    [Fact]
    public void The_meter_measures_updates_and_evaluations_by_run()
    {
        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == MeterSink.MeterName)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
        using var sink = new MeterSink("measured");
        sink.Update(Update(("loss", 0.5), ("grad_norm", double.NaN), ("tokens/trained", 12)));
        sink.Evaluation(new EvaluationRecord(new PolicyVersion(1), 2, new EvaluationReport([Question(4, 1)], 0)));

        Assert.Equal(
            new Dictionary<string, double>
            {
                ["icpo.updates"] = 1,
                ["icpo.update"] = 1,
                ["icpo.tokens.trained"] = 12,
                ["icpo.worker.faults"] = 0,
                ["icpo.rollouts.leased_again"] = 0,
                ["icpo.loss"] = 0.5,
                ["icpo.accuracy"] = 0.25,
            },
            measured
        );

        // Runs of other tests measure too.
        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags[0] is { Key: "icpo.run", Value: "measured" })
            {
                measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value;
            }
        }
    }

    private static UpdateRecord Update(params (string Name, double Value)[] metrics) =>
        new(new PolicyVersion(1), 1.5, metrics.ToDictionary(m => m.Name, m => m.Value), Batch);

    private static EvaluatedQuestion Question(int samples, int correct) =>
        new("q", ImmutableSortedDictionary<string, string>.Empty, samples, correct, 0);

    private sealed class FakeSink : IMetricSink
    {
        public List<long> Updates { get; } = [];

        public bool IsDisposed { get; private set; }

        public void Update(UpdateRecord update) => Updates.Add(update.Version.Value);

        public void Dispose() => IsDisposed = true;
    }
}
