using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Comparing;

/// <summary>A run of a comparison that failed. Its arm is compared without this seed.</summary>
/// <param name="Cell">The cell of the grid; empty if there is only one.</param>
/// <param name="Arm">Label of the arm.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Message">Why it failed, in one line.</param>
/// <param name="HasStarted">False if its configuration or a file was rejected.</param>
internal sealed record FailedRun(string Cell, string Arm, ulong Seed, string Message, bool HasStarted)
{
    public static FailedRun Create(ArmChain chain, Exception error) =>
        new(chain.Cell, chain.Arm, chain.Seed, error.Message.ReplaceLineEndings(" ").Trim(), error is FailedRunException);

    /// <summary>Names the run in messages.</summary>
    public string Name => $"{(Cell.Length > 0 ? $"{Cell}, " : "")}{Arm}, seed {Seed}";
}
