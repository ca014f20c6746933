using System.Diagnostics;
using ICPO.Actors.Faults;

namespace ICPO.Actors.Host.Commands;

/// <summary>
/// For recovery tests: with ICPO_FAULT=name or name:n the process kills itself, like <c>kill -9</c>, when a run reaches that
/// <see cref="FaultPoints">fault point</see> for the n-th time.
/// </summary>
internal static class FaultInjection
{
    private const string Variable = "ICPO_FAULT";

    public static FaultPoints FromEnvironment() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? FaultPoints.Parse(text, Kill) : FaultPoints.None;

    private static void Kill()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Environment.FailFast($"Requested by {Variable}.");
    }
}
