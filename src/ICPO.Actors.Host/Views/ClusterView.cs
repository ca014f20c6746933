using System.Globalization;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Nodes;
using Spectre.Console;

namespace ICPO.Actors.Host.Views;

/// <summary>The state of a cluster as tables, or as lines if the output is not a terminal.</summary>
internal sealed class ClusterView(Terminal terminal)
{
    /// <param name="status">What to show.</param>
    /// <param name="again">True to replace the previous output.</param>
    public void Show(ClusterStatus status, bool again)
    {
        if (terminal.Rich is not { } rich)
        {
            WriteLines(status);
            return;
        }

        if (again)
        {
            rich.Clear();
        }

        rich.MarkupLineInterpolated($"[bold]{status.Run}[/] {Summary(status)}");
        foreach (string finding in status.Health)
        {
            rich.MarkupLineInterpolated($"[yellow]{finding}[/]");
        }

        rich.Write(Members(status));
        rich.Write(Nodes(status));
        if (!status.Standbys.IsEmpty)
        {
            rich.Write(Standbys(status));
        }
    }

    private void WriteLines(ClusterStatus status)
    {
        terminal.Out.WriteLine($"{status.Run} {Summary(status)}");
        foreach (MemberStatus member in status.Members)
        {
            terminal.Out.WriteLine($"member {member.Address} {string.Join(',', member.Roles)} {StateOf(member)}");
        }

        foreach (StandbyStatus standby in status.Standbys)
        {
            terminal.Out.WriteLine($"standby {standby.Name} checkpoint {standby.Checkpoint?.ToString() ?? "none"} {StateOf(standby)}");
        }

        foreach (NodeStatus node in status.Nodes)
        {
            terminal.Out.WriteLine(
                $"node {node.Name} {string.Join(',', node.Roles)} {node.Device} slots {node.Slots} weights {node.Version} "
                    + $"leases {node.Leases} rollouts {node.Rollouts} cases {node.Cases}"
            );
        }
    }

    private static string Summary(ClusterStatus status)
    {
        string accuracy = status.Accuracy is { } share
            ? string.Create(CultureInfo.InvariantCulture, $", accuracy {100 * share:0.0} %")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{status.Phase}, update {status.Update} of {status.Updates}{accuracy}, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{status.GeneratedTokensPerSecond:0} tok/s sampled, {status.TrainedTokensPerSecond:0} trained"
            )
            + (status.RolloutsLeasedAgain > 0 ? $", {status.RolloutsLeasedAgain} rollouts leased again" : "")
            + (
                status.LongestLeaseGap is { } gap
                    ? string.Create(CultureInfo.InvariantCulture, $", core lease renewed within {gap:0.0} s")
                    : ""
            );
    }

    private static Table Members(ClusterStatus status)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title("Members").AddColumns("address", "roles", "state");
        foreach (MemberStatus member in status.Members)
        {
            table.AddRow(member.Address, string.Join(' ', member.Roles), StateOf(member));
        }

        return table;
    }

    private static Table Standbys(ClusterStatus status)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title("Standbys").AddColumns("node", "checkpoint", "state");
        foreach (StandbyStatus standby in status.Standbys)
        {
            table.AddRow(Markup.Escape(standby.Name), standby.Checkpoint?.ToString() ?? "none", Markup.Escape(StateOf(standby)));
        }

        return table;
    }

    private static string StateOf(StandbyStatus standby) => standby.Problem ?? (standby.IsReady ? "ready" : "preparing");

    private static Table Nodes(ClusterStatus status)
    {
        Table table = new Table()
            .Border(TableBorder.Rounded)
            .Title("Nodes")
            .AddColumns("node", "roles", "device", "slots", "weights", "leases", "rollouts", "cases");
        foreach (int column in Enumerable.Range(3, 5))
        {
            table.Columns[column].RightAligned();
        }

        foreach (NodeStatus node in status.Nodes)
        {
            table.AddRow(
                Markup.Escape(node.Name),
                string.Join(' ', node.Roles),
                node.Device,
                $"{node.Slots}",
                $"{node.Version}",
                $"{node.Leases}",
                $"{node.Rollouts}",
                $"{node.Cases}"
            );
        }

        return table;
    }

    private static string StateOf(MemberStatus member) =>
        $"{member.State}{(member.IsCore ? ", core" : "")}{(member.IsReachable ? "" : ", unreachable")}";
}
