using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;
using OpenTelemetry.Resources;

namespace ICPO.Actors.Host.Telemetry;

/// <summary>The process that traces, metrics and log lines describe.</summary>
/// <param name="Service"><c>service.name</c>.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Roles">The node's roles.</param>
/// <param name="Run">The run's id; empty if it is not known yet.</param>
internal sealed record TelemetryIdentity(string Service, string Node, ImmutableArray<string> Roles, string Run)
{
    /// <param name="settings">The settings of the process.</param>
    /// <param name="run">The run's id; empty if it is not known yet.</param>
    public static TelemetryIdentity Create(RunSettings settings, string run) =>
        new(
            settings.Telemetry.Service,
            settings.Cluster.Name.Length > 0 ? settings.Cluster.Name : $"{Environment.MachineName}-{Environment.ProcessId}",
            [.. settings.Cluster.Roles.Select(role => role.ToString().ToLowerInvariant())],
            run
        );

    /// <summary>The fields of log lines.</summary>
    public IEnumerable<KeyValuePair<string, string>> Fields => [new("node", Node), new("run", Run)];

    /// <summary>The attributes of all exported data; those of OTEL_RESOURCE_ATTRIBUTES are added.</summary>
    public ResourceBuilder Resource()
    {
        string? version = typeof(TelemetryIdentity).Assembly.GetName().Version?.ToString(3);
        Dictionary<string, object> attributes = new() { ["icpo.node"] = Node, ["icpo.roles"] = string.Join(',', Roles) };
        if (Run.Length > 0)
        {
            attributes["icpo.run"] = Run;
        }

        return ResourceBuilder
            .CreateDefault()
            .AddService(Service, serviceVersion: version, autoGenerateServiceInstanceId: false, serviceInstanceId: Node)
            .AddAttributes(attributes);
    }
}
