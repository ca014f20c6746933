using System.Collections.Immutable;
using ICPO.Actors.Cluster.Core;
using ICPO.Actors.Cluster.Files;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>
/// How a run is resumed in a process that takes it over: with its own settings, and the model at its location on this machine.
/// </summary>
internal static class StandbyInputs
{
    /// <summary>Finds the model or fetches it.</summary>
    /// <param name="parts">The parts of the standby, whose directory contains the run's configuration and inputs.</param>
    /// <param name="download">The client of the core's HTTP server.</param>
    /// <param name="core">Its base address; null or empty if no core runs.</param>
    /// <param name="cancellationToken">Cancels fetching.</param>
    /// <exception cref="IOException">The model is not on this machine, and the core does not respond.</exception>
    public static async Task<ResumeOptions> FindAsync(
        StandbyParts parts,
        FileDownload download,
        string? core,
        CancellationToken cancellationToken
    )
    {
        ConfigurationSources given = parts.Resume.Changes;
        ConfigurationSources changes = given with { Overrides = [.. parts.Node.Overrides(), .. given.Overrides] };
        RunDirectory directory = parts.Run.Directory;
        ModelSettings named = ResumedConfiguration
            .Apply(StoredConfiguration.Load(directory).Configuration, changes)
            .Configuration.Settings.Model;
        var recorded = RunModelFiles.Read(directory);
        var files = new Uri(core is { Length: > 0 } ? core : "http://127.0.0.1/");
        var cache = new ModelCache(parts.Node.Directory, files, download);
        List<KeyValuePair<string, string>> places = [];
        await FindAsync("model", recorded.Model, [named.Path, BundledModel.Path]).ConfigureAwait(false);
        await FindAsync("adapter", recorded.Adapter, [named.Adapter, named.Path]).ConfigureAwait(false);
        return parts.Resume with { Changes = changes with { Code = [.. given.Code, .. places] } };

        async Task FindAsync(string kind, ImmutableArray<ModelFile> model, string[] candidates)
        {
            if (!model.IsEmpty && await cache.GetAsync(model, kind, candidates, cancellationToken).ConfigureAwait(false) is var path)
            {
                string key = kind == "model" ? "model.path" : "model.adapter";
                if (path != candidates[0] && !(kind == "model" && candidates[0].Length == 0 && path == BundledModel.Path))
                {
                    places.Add(KeyValuePair.Create(key, path));
                }
            }
        }
    }
}
