using TestSupport;

namespace ICPO.Actors.Soak.Clusters;

/// <summary>What a call does.</summary>
internal sealed record ClusterSoakOptions
{
    /// <summary>Faults of all runs together.</summary>
    public required int Faults { get; init; }

    /// <summary>No fault begins after this time, and no run; null for no limit.</summary>
    public required TimeSpan? Limit { get; init; }

    /// <summary>The kind of all faults; null for all kinds.</summary>
    public required FaultKind? Only { get; init; }

    /// <summary>Of the first run.</summary>
    public required int Seed { get; init; }

    /// <summary>Where runs are kept; null deletes them.</summary>
    public required string? Folder { get; init; }

    /// <summary>Runs are appended to this file; null for none.</summary>
    public required string? Record { get; init; }

    /// <summary>The table of all runs of the record, or of this call without one; null for none.</summary>
    public required string? Results { get; init; }

    /// <summary>The options that make the runs again.</summary>
    public required string Command { get; init; }
}

/// <summary>Makes runs until there were enough faults, and adds up those of several calls.</summary>
internal static class ClusterSoaks
{
    /// <summary>True where every run ended as it must.</summary>
    public static async Task<bool> RunAsync(ClusterSoakOptions options)
    {
        using var temporary = new TemporaryFolder();
        await using PostgresServer server = await PostgresServer.StartAsync();
        var soak = new ClusterSoak(server, Path.GetFullPath(options.Folder ?? temporary.Path), options.Command, options.Only);
        List<ClusterRunRecord> runs = [];
        int had = 0;
        long begun = TimeProvider.System.GetTimestamp();
        for (int seed = options.Seed; MayFail(had); seed++)
        {
            int before = had;
            ClusterRunRecord run = await soak.RunAsync(seed, faults => MayFail(before + faults));
            had += run.Faults.Count;
            Console.WriteLine(ClusterSoakTable.Line(run));
            runs.Add(run);
            if (options.Record is { } record)
            {
                run.AppendTo(record);
            }
        }

        string page = ClusterSoakTable.Page(options.Record is { } all ? ClusterRunRecord.ReadAll(all) : runs);
        Console.Write(page);
        if (options.Results is { } file)
        {
            await File.WriteAllTextAsync(file, page);
        }

        return runs.All(run => run.Holds);

        bool MayFail(int faults) => faults < options.Faults && !(TimeProvider.System.GetElapsedTime(begun) > options.Limit);
    }
}
