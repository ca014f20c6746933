using System.Text.Json.Nodes;
using ICPO.Actors.Dashboard.Reading;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Dashboard.Api;

/// <summary>The nodes of a run and the faults of their workers.</summary>
internal static class NodesJson
{
    private const int MaxFaults = 100;

    public static JsonObject Create(RunSource run)
    {
        NodeRecords? records = run.Nodes;
        EventLine[] faults = [.. run.Events.Where(line => line.Kind == EventKinds.WorkerFault)];
        return new()
        {
            ["time"] = records?.Time.ToString("u"),
            ["update"] = records?.Update,
            ["nodes"] = records is null ? null : Json.Array(records.Nodes, node => ToJson(node, records.Update)),
            ["faults"] = Json.Array(faults.TakeLast(MaxFaults).Reverse(), RunJson.ToJson),
            ["fault_count"] = faults.Length,
        };
    }

    private static JsonObject ToJson(NodeRecord node, long update) =>
        new()
        {
            ["name"] = node.Name,
            ["roles"] = Json.Array(node.Roles, role => JsonValue.Create(role)),
            ["device"] = node.Device,
            ["slots"] = node.Slots,
            ["version"] = node.Version,
            ["behind"] = Math.Max(0, update - node.Version),
            ["leases"] = node.Leases,
            ["rollouts"] = node.Rollouts,
            ["cases"] = node.Cases,
            ["faults"] = node.Faults,
            ["last_fault"] = node.LastFault,
            ["joined"] = node.Joined.ToString("u"),
            ["left"] = node.Left?.ToString("u"),
        };
}
