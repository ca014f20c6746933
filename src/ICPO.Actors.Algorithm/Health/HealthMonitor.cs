using System.Collections.Immutable;

namespace ICPO.Actors.Algorithm.Health;

/// <summary>Applies the health rules to the samples of a run, one after another. Pure: the same samples give the same findings.</summary>
/// <param name="Settings">The rules' bounds.</param>
/// <param name="Rules">Usually those of the registry.</param>
public sealed record HealthMonitor(HealthSettings Settings, ImmutableArray<IHealthRule> Rules)
{
    private ImmutableArray<HealthSample> Samples { get; init; } = [];

    /// <summary>All findings, in the order of their first report; a recurring one is listed once.</summary>
    public ImmutableArray<HealthFinding> Findings { get; private init; } = [];

    /// <summary>The current findings.</summary>
    public ImmutableArray<HealthFinding> Active { get; private init; } = [];

    /// <summary>The monitor after a sample, and the new findings.</summary>
    public (HealthMonitor Next, ImmutableArray<HealthFinding> New) Observe(HealthSample sample)
    {
        ImmutableArray<HealthSample> samples = [.. Samples.Add(sample).TakeLast(Settings.Updates)];
        var window = new HealthWindow(samples, Settings.Updates);
        ImmutableArray<HealthFinding> active =
        [
            .. Rules
                .Select(rule => (Rule: rule, Problem: rule.Check(window, Settings)))
                .Where(found => found.Problem is not null)
                .Select(found => Find(found.Rule, found.Problem!, sample.Update)),
        ];
        HealthMonitor next = this with
        {
            Samples = samples,
            Active = active,
            Findings =
            [
                .. Findings.Select(known => active.FirstOrDefault(finding => finding.Rule == known.Rule) ?? known),
                .. active.Where(finding => Findings.All(known => known.Rule != finding.Rule)),
            ],
        };
        return (next, [.. active.Where(finding => Active.All(before => before.Rule != finding.Rule))]);
    }

    private HealthFinding Find(IHealthRule rule, string problem, long update) =>
        new(rule.Name, Findings.FirstOrDefault(known => known.Rule == rule.Name)?.Since ?? update, update, problem, rule.Advice);
}
