using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Tests.Clusters.Networks;

/// <summary>
/// Hosts with addresses of their own on this machine: a network namespace each, joined by a bridge in a namespace of its own. Links can be
/// cut. Everything ends with the processes that hold the namespaces.
/// </summary>
internal sealed class VirtualNetwork : IAsyncDisposable
{
    public const string Subnet = "10.77.0.";
    private const string Bridge = "br0";
    private readonly LineProcess _switch;
    private readonly List<VirtualHost> _hosts = [];

    private VirtualNetwork(LineProcess holder) => _switch = holder;

    /// <summary>Skips the test where namespaces or the program ip are not to be had.</summary>
    public static async Task<VirtualNetwork> CreateAsync()
    {
        LongTests.Require();
        if (!OperatingSystem.IsLinux() || !await WorksAsync(UnshareProgram, [.. UnshareArguments, "ip", "link", "show"]))
        {
            Assert.Skip("Network namespaces are not permitted here, or the program ip (iproute2) is not installed.");
        }

        string setup = $"ip link set lo up && ip link add {Bridge} type bridge && ip link set {Bridge} up";
        return new VirtualNetwork(await HoldAsync(UnshareProgram, UnshareArguments, setup));
    }

    /// <summary>True where devices can be opened in a namespace from outside, which a slow link needs.</summary>
    public static bool HasDevices => Environment.IsPrivilegedProcess && File.Exists("/dev/net/tun");

    /// <summary>Adds a host with the next address.</summary>
    /// <param name="link">What its link does to frames; null for an ordinary one.</param>
    public async Task<VirtualHost> AddAsync(SlowLink? link = null)
    {
        int number = _hosts.Count + 1;
        LineProcess holder = await HoldAsync("nsenter", [.. Enter(_switch), "unshare", "--net"], "ip link set lo up");
        var host = new VirtualHost(this, number, holder);
        _hosts.Add(host);
        if (link is null)
        {
            await SwitchAsync("ip", "link", "add", host.Port, "type", "veth", "peer", "name", VirtualHost.Device, "netns", $"{holder.Id}");
        }
        else
        {
            link.Start(_switch.Id, host.Port, holder.Id, VirtualHost.Device);
        }

        await SwitchAsync("ip", "link", "set", host.Port, "master", Bridge, "up");
        await host.RunAsync("ip", "addr", "add", $"{host.Address}/24", "dev", VirtualHost.Device);
        await host.RunAsync("ip", "link", "set", VirtualHost.Device, "up");
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (VirtualHost host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _switch.DisposeAsync();
    }

    /// <summary>Runs a program where the bridge is.</summary>
    internal Task SwitchAsync(string program, params string[] arguments) => RunAsync(_switch, program, arguments);

    /// <summary>Runs a program in a namespace; it must succeed.</summary>
    internal static async Task RunAsync(LineProcess holder, string program, params string[] arguments)
    {
        await using var process = LineProcess.StartProgram("nsenter", [.. Enter(holder), program, .. arguments]);
        int code = await process.ExitAsync();
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: exit code {code}\n{process.Output}");
    }

    /// <summary>The options of nsenter for the namespaces that a process holds.</summary>
    internal static string[] Enter(LineProcess holder)
    {
        string id = holder.Id.ToString(CultureInfo.InvariantCulture);
        return Environment.IsPrivilegedProcess ? ["-t", id, "-n"] : ["-t", id, "-U", "--preserve-credentials", "-n"];
    }

    private const string UnshareProgram = "unshare";

    private static string[] UnshareArguments => Environment.IsPrivilegedProcess ? ["--net"] : ["--user", "--map-root-user", "--net"];

    /// <summary>Starts a process that holds namespaces until it is ended, at most for ten minutes.</summary>
    private static async Task<LineProcess> HoldAsync(string program, string[] arguments, string setup)
    {
        var holder = LineProcess.StartProgram(program, [.. arguments, "sh", "-c", $"{setup} && echo ready && exec sleep 600"]);
        await holder.WaitForAsync("ready");
        return holder;
    }

    private static async Task<bool> WorksAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
