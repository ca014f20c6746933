using System.Globalization;

namespace ICPO.Actors.Soak.Clusters;

/// <summary>Runs with faults as a Markdown page.</summary>
internal static class ClusterSoakTable
{
    /// <summary>The sum of several calls.</summary>
    public static string Page(IReadOnlyList<ClusterRunRecord> runs)
    {
        ClusterFault[] faults = [.. runs.SelectMany(run => run.Faults)];
        string commands = string.Join(
            '\n',
            runs.Select(run => run.Command)
                .Distinct()
                .Select(options => $"dotnet run -c Release --project tests/Soak -- {options} --record FILE")
        );
        return $"""
            # {faults.Length} faults in clusters

            ```sh
            {commands}
            ```

            Runs over two learners, two rollout nodes (one of which judges too), a verifier node and a PostgreSQL server on one machine with
            {Environment.ProcessorCount} cores, on which engines and learner compute all the time and other work ran. At random times one of
            them fails; what has ended is restarted, as a supervisor does. Seconds from the fault to the first lease of the next core, and
            to the next committed update. `cluster.failover-after` is 3 s. If both learners are killed, nodes end after
            `cluster.orphan-timeout`, which is 30 s here, and join the new core when they are restarted. A node that is killed keeps its
            leases until it has been removed (13 s), which the learner notices if its buffer is empty.

            | fault | times | next lease, median | worst | next update, median | worst |
            |---|---:|---:|---:|---:|---:|
            {string.Join('\n', faults.GroupBy(fault => fault.Kind).OrderBy(kind => kind.Key).Select(Row))}

            {Sum(runs)}

            """;
    }

    /// <summary>One line of a run.</summary>
    public static string Line(ClusterRunRecord run) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"run {run.Seed}: {run.Faults.Count} faults, {run.Starts} starts, {run.Updates} updates, {run.Admitted} admitted, "
                + $"{run.Lost} lost, {run.TrainedTwice} twice, {run.LeasedAgain} of {run.Rollouts} rollouts leased again, "
                + $"{run.Seconds:0} s{string.Concat(run.Findings.Select(finding => $"; {finding}"))}"
        );

    private static string Row(IGrouping<FaultKind, ClusterFault> kind)
    {
        double[] leases = [.. kind.Select(fault => fault.Lease).OfType<double>().Order()];
        double[] updates = [.. kind.Select(fault => fault.Update).Order()];
        return Text($"| {kind.Key.Describe()} | {updates.Length} | {Times(leases)} | {Times(updates)} |");
    }

    /// <summary>Median and worst, as two cells.</summary>
    private static string Times(double[] ascending) =>
        ascending.Length == 0 ? "– | –" : Text($"{ascending[ascending.Length / 2]:0.0} | {ascending[^1]:0.0}");

    private static string Sum(IReadOnlyList<ClusterRunRecord> runs)
    {
        int faults = runs.Sum(run => run.Faults.Count);
        int ended = runs.Sum(run => run.Faults.Count(fault => fault.Kind.EndsCore()));
        (long rollouts, long again) = (runs.Sum(run => run.Rollouts), runs.Sum(run => run.LeasedAgain));
        (int lost, int twice) = (runs.Sum(run => run.Lost), runs.Sum(run => run.TrainedTwice));
        (long updates, double seconds) = (runs.Sum(run => run.Updates), runs.Sum(run => run.Seconds));
        double perUpdate = seconds / runs.Sum(run => run.SecondsUpdates);
        double waited = runs.SelectMany(run => run.Faults).Sum(fault => Math.Max(0, fault.Update - perUpdate));
        double effective = 1 - (waited / seconds);
        int whole = runs.Count(run => run.Holds);
        int starts = runs.Sum(run => run.Starts - 1);
        double gap = runs.Max(run => run.LongestLeaseGap);
        return $"""
            - {runs.Count} runs, {whole} of which ended as expected: {updates} updates, {runs.Sum(run => run.Admitted)} groups admitted,
              {lost} lost, {twice} trained twice; versions never went back, and {runs.Count(run => run.LedgerCloses)} ledgers close.
            - {ended} faults ended a core; {starts} times a core was restarted or taken over. The longest time between two renewals
              of a lease by a working core was {Text($"{gap:0.0}")} s.
            - {again} of {rollouts} rollouts ({Text($"{100.0 * again / rollouts:0.0}")} %) were leased again.
            - Effective training time: {Text($"{100 * effective:0}")} % with a fault every {Text($"{seconds / faults:0}")} s, and
              {Text($"{waited / faults:0.0}")} s without an update per fault: the time from a fault to the next update, less that of an
              update ({Text($"{perUpdate:0.00}")} s on average). Slower updates with fewer nodes do not count.
            """;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
