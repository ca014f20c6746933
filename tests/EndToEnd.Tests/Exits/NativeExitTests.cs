namespace EndToEnd.Tests.Exits;

/// <summary>
/// A process that exits while libtorch computes, in calls that do not end: it ends nevertheless, with its own exit code and without a
/// crash, and what the app has registered to run at the exit runs.
/// </summary>
public sealed class NativeExitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("return")]
    [InlineData("exit")]
    [InlineData("signal")]
    public async Task A_process_that_must_exit_does_not_wait_for_calls_that_do_not_end(string how)
    {
        using var app = SampleProcess.StartTestProgram(Repository.Root, "NativeExit", _folder.Path, how);
        await app.WaitForAsync("computing");
        if (how == "signal")
        {
            await app.WaitForAsync("waiting");
            app.Signal("TERM");
        }

        Assert.Equal((7, true), (await app.ExitAsync(), !OperatingSystem.IsLinux() || app.Output.Contains("saved its work")));
    }
}
