using System.Globalization;
using System.Text;
using RunSupport;

namespace ICPO.Actors.Soak;

/// <summary>A fault in a cluster and how long it took to go on.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Lease">Seconds until nodes had leases again.</param>
/// <param name="Update">Seconds until the next update was committed.</param>
internal sealed record ClusterFault(string Kind, double Lease, double Update)
{
    public const string CoreKilled = "kill -9 of the core";
    public const string CoreStopped = "core stopped for 5 to 12 s";
    public const string StandbyKilled = "kill -9 of the standby";
    public const string NodeKilled = "kill -9 of a node";
    public const string LearnersKilled = "kill -9 of both learners";
    public const string ServerKilled = "kill -9 and restart of PostgreSQL";

    public static readonly string[] Kinds = [CoreKilled, CoreStopped, StandbyKilled, NodeKilled, LearnersKilled, ServerKilled];

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind}: leases after {Lease:0.0} s, an update after {Update:0.0} s");

    /// <summary>A page with the times of every kind of fault and what became of the runs.</summary>
    public static string Page(string command, IReadOnlyList<ClusterFault> faults, IReadOnlyList<RunAudit> runs)
    {
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            # {faults.Count} faults in clusters

            ```sh
            dotnet run -c Release --project tests/Soak -- {command}
            ```

            Runs over two learners, two nodes and a PostgreSQL server on one machine with {Environment.ProcessorCount} cores, on which
            engines and learner compute all the time; `cluster.failover-after` is 4 s. Seconds from the fault.

            | fault | times | next lease, median | worst | next update, median | worst |
            |---|---:|---:|---:|---:|---:|

            """
        );
        foreach (
            IGrouping<string, ClusterFault> kind in faults.GroupBy(fault => fault.Kind).OrderBy(kind => Array.IndexOf(Kinds, kind.Key))
        )
        {
            (double[] leases, double[] updates) = ([.. kind.Select(f => f.Lease).Order()], [.. kind.Select(f => f.Update).Order()]);
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {kind.Key} | {leases.Length} | {leases[leases.Length / 2]:0.0} | {leases[^1]:0.0} "
            );
            page.Append(CultureInfo.InvariantCulture, $"| {updates[updates.Length / 2]:0.0} | {updates[^1]:0.0} |\n");
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"\n{runs.Count} runs, {runs.Count(run => run.Findings.Count == 0)} whole: {runs.Sum(run => run.Admitted)} groups admitted, "
        );
        page.Append(CultureInfo.InvariantCulture, $"{runs.Sum(run => run.Lost)} lost, {runs.Sum(run => run.TrainedTwice)} trained twice, ");
        page.Append(CultureInfo.InvariantCulture, $"{runs.Count(run => run.LedgerCloses)} ledgers close.\n");
        return page.ToString();
    }
}
