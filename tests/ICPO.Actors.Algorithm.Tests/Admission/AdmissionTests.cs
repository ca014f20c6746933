using System.Text.Json;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.Admission;

public sealed class AdmissionTests
{
    private enum Step
    {
        Dispatch,
        Admit,
        Reject,
        Update,
        Expire,
        Restart,
    }

    [Fact]
    public void Capacity_equals_that_of_AReaL_after_every_event()
    {
        int compared = 0,
            skipped = 0;
        foreach (JsonElement document in ObjectiveFixtures.Documents.Where(d => d.TryGetProperty("columns", out _)))
        {
            string[] columns = [.. document.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)];
            foreach (JsonElement fixture in ObjectiveFixtures.Cases(document).Where(c => c.TryGetProperty("steps", out _)))
            {
                JsonElement given = fixture.GetProperty("settings");
                AdmissionSettings settings = new()
                {
                    MaxStaleness = (int)given.Number("max_staleness"),
                    MaxRunningGroups = (int)given.Number("max_concurrent"),
                };
                int batch = (int)given.Number("batch");
                AdmissionState state = default;
                int index = 0;
                foreach (JsonElement step in fixture.GetProperty("steps").EnumerateArray())
                {
                    var row = columns.Zip(step.EnumerateArray()).ToDictionary(p => p.First, p => p.Second);
                    PolicyVersion version = new(row["version"].GetInt64());
                    state = row["event"].GetString() switch
                    {
                        "start" => state with { Version = version },
                        "enqueue" => state,
                        "submit" => state.Dispatched(),
                        "accept" => state.Admitted(),
                        "reject" => state.Rejected(),
                        "version" => state.Advanced(version),
                        "recovered" => AdmissionState.Recovered(version, 0, batch),
                        var other => throw new InvalidDataException($"{fixture.Id()} step {index}: unknown event '{other}'."),
                    };
                    Assert.Equal(
                        (
                            fixture.Id(),
                            index++,
                            row["capacity_after"].GetInt64(),
                            row["running"].GetInt32(),
                            row["accepted"].GetInt64(),
                            row["rejected"].GetInt64()
                        ),
                        (fixture.Id(), index - 1, state.Capacity(settings, batch), state.Running, state.Accepted, state.Rejections)
                    );
                }

                compared++;
            }
        }

        ObjectiveFixtures.Report(compared, skipped, "none; the waiting requests are not part of the formula");
    }

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (6, Gen.Const(Step.Dispatch)),
        (6, Gen.Const(Step.Admit)),
        (2, Gen.Const(Step.Reject)),
        (4, Gen.Const(Step.Update)),
        (1, Gen.Const(Step.Expire)),
        (1, Gen.Const(Step.Restart))
    );

    /// <summary>A run of the dispatcher and a learner that takes groups in their order of dispatch.</summary>
    private static readonly Gen<(AdmissionSettings Settings, int Batch, (Step Step, int Pick)[] Steps)> Runs =
        from staleness in Gen.Int[0, 4]
        from running in Gen.Int[1, 12]
        from batch in Gen.Int[1, 5]
        from steps in Gen.Select(Steps, Gen.Int[0, 1000]).Array[0, 300]
        select (new AdmissionSettings { MaxStaleness = staleness, MaxRunningGroups = running }, batch, steps);

    [Fact]
    public void Accepted_and_running_groups_stay_within_the_bound_at_every_instant() => Runs.Sample(run => Simulate(run, inOrder: false));

    [Fact]
    public void No_group_trains_at_a_staleness_above_eta_where_groups_train_in_order_of_dispatch() =>
        Runs.Sample(run => Assert.All(Simulate(run, inOrder: true), staleness => Assert.InRange(staleness, 0, run.Settings.MaxStaleness)));

    [Fact]
    public void With_eta_zero_no_group_is_stale_in_whatever_order_groups_train() =>
        Runs.Sample(run =>
            Assert.All(Simulate(run with { Settings = run.Settings with { MaxStaleness = 0 } }, inOrder: false), staleness =>
                Assert.Equal(0, staleness)
            )
        );

    /// <summary>Why the order matters: with η = 1 and one group an update, g2 overtakes g1, which was dispatched in time.</summary>
    [Fact]
    public void A_group_that_is_overtaken_can_be_staler_than_eta()
    {
        (Step, int)[] steps =
        [
            (Step.Dispatch, 0),
            (Step.Dispatch, 0),
            (Step.Admit, 0),
            (Step.Update, 0),
            (Step.Dispatch, 0),
            (Step.Admit, 1),
            (Step.Update, 0),
            (Step.Admit, 0),
            (Step.Update, 0),
        ];
        (AdmissionSettings, int, (Step, int)[] steps) run = (new AdmissionSettings { MaxStaleness = 1 }, 1, steps);
        Assert.Equal([0, 0, 2], Simulate(run, inOrder: false));
        Assert.Equal([0], Simulate(run with { Item3 = steps[..7] }, inOrder: true));
    }

    [Fact]
    public void A_run_in_which_every_group_is_decided_never_stalls() =>
        Runs.Sample(run =>
        {
            // However the run went so far, deciding what runs leaves either a full batch or room to dispatch.
            Simulate(run, inOrder: false, end: (state, buffered) =>
            {
                while (state.Running > 0)
                {
                    state = state.Admitted();
                    buffered++;
                }

                Assert.True(buffered >= run.Batch || state.Capacity(run.Settings, run.Batch) > 0);
            });
        });

    /// <summary>Asserts the bound after every step; returns the staleness of each group that trained.</summary>
    private static List<long> Simulate(
        (AdmissionSettings Settings, int Batch, (Step Step, int Pick)[] Steps) run,
        bool inOrder,
        Action<AdmissionState, int>? end = null
    )
    {
        AdmissionState state = default;
        List<(int Id, long Version)> running = [];
        List<(int Id, long Version)> buffered = [];
        List<long> trained = [];
        int next = 0;
        foreach ((Step step, int pick) in run.Steps)
        {
            switch (step)
            {
                case Step.Dispatch when state.Capacity(run.Settings, run.Batch) > 0:
                    running.Add((next++, state.Version.Value));
                    state = state.Dispatched();
                    break;
                case Step.Admit when running.Count > 0:
                    buffered.Add(running[pick % running.Count]);
                    running.RemoveAt(pick % running.Count);
                    state = state.Admitted();
                    break;
                case Step.Reject when running.Count > 0:
                    running.RemoveAt(pick % running.Count);
                    state = state.Rejected();
                    break;
                case Step.Expire when buffered.Count > 0:
                    buffered.RemoveAt(pick % buffered.Count);
                    state = state.Expired();
                    break;
                case Step.Restart:
                    running.Clear();
                    state = AdmissionState.Recovered(state.Version, buffered.Count, run.Batch);
                    break;
                case Step.Update:
                    buffered.Sort();
                    (int Id, long Version)[] batch = [.. buffered.Take(run.Batch)];
                    if (batch.Length == run.Batch && (!inOrder || running.All(r => r.Id > batch[^1].Id)))
                    {
                        trained.AddRange(batch.Select(g => state.Version.Value - g.Version));
                        buffered.RemoveRange(0, run.Batch);
                        state = state.Advanced(state.Version.Next());
                    }

                    break;
                default:
                    break;
            }

            Assert.Equal(running.Count, state.Running);
            Assert.Equal((state.Version.Value * run.Batch) + buffered.Count, state.Accepted);
            Assert.InRange(state.Running, 0, run.Settings.MaxRunningGroups);
            Assert.InRange(state.Accepted + state.Running, 0, (run.Settings.MaxStaleness + state.Version.Value + 1) * run.Batch);
        }

        end?.Invoke(state, buffered.Count);
        return trained;
    }
}
