namespace RunSupport;

/// <summary>How a process of the icpo executable ended.</summary>
/// <param name="ExitCode"><see cref="Killed"/> if it was killed.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
/// <param name="Lived">Time from its start to its end.</param>
public sealed record ProcessEnd(int ExitCode, string Output, string Errors, TimeSpan Lived)
{
    /// <summary>The exit code of a process that was killed.</summary>
    public const int Killed = 137;

    public string LastLine => Output.TrimEnd().Split('\n')[^1].TrimEnd('\r');

    public override string ToString() => $"exit code {ExitCode} after {Lived.TotalSeconds:0.0} s\n{Output}{Errors}";
}
