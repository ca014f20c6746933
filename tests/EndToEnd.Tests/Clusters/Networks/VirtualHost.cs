namespace EndToEnd.Tests.Clusters.Networks;

/// <summary>A host of a <see cref="VirtualNetwork"/>.</summary>
internal sealed class VirtualHost(VirtualNetwork network, int number, LineProcess holder) : IAsyncDisposable
{
    /// <summary>Its network device.</summary>
    public const string Device = "eth0";
    private readonly List<LineProcess> _processes = [];

    public string Address { get; } = VirtualNetwork.Subnet + number;

    /// <summary>The other end of its link, at the bridge.</summary>
    internal string Port { get; } = $"port{number}";

    /// <summary>Starts icpo on this host.</summary>
    public LineProcess Start(params string[] arguments) => StartProgram(IcpoProcess.Executable, arguments);

    /// <summary>Starts a program on this host.</summary>
    public LineProcess StartProgram(string program, params string[] arguments)
    {
        var process = LineProcess.StartProgram("nsenter", [.. VirtualNetwork.Enter(holder), program, .. arguments]);
        _processes.Add(process);
        return process;
    }

    /// <summary>Runs a program on this host; it must succeed.</summary>
    public Task RunAsync(string program, params string[] arguments) => VirtualNetwork.RunAsync(holder, program, arguments);

    /// <summary>Nothing passes its link any more, in both directions, and nobody is told.</summary>
    public Task CutAsync() => network.SwitchAsync("bridge", "link", "set", "dev", Port, "state", "0");

    public Task RestoreAsync() => network.SwitchAsync("bridge", "link", "set", "dev", Port, "state", "3");

    /// <summary>What this host sends to another one is lost; the other direction works.</summary>
    public Task BlockAsync(VirtualHost to) => RunAsync("ip", "route", "add", "blackhole", to.Address + "/32");

    public Task UnblockAsync(VirtualHost to) => RunAsync("ip", "route", "del", "blackhole", to.Address + "/32");

    public async ValueTask DisposeAsync()
    {
        foreach (LineProcess process in _processes)
        {
            await process.DisposeAsync();
        }

        await holder.DisposeAsync();
    }
}
