using System.Diagnostics;
using ICPO.Actors.Soak;

namespace EndToEnd.Tests.Faults;

public sealed class FullDiskTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task On_a_full_disk_a_run_ends_in_a_sentence_and_goes_on_once_there_is_room(int staleness)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.UserName == "root",
            "A small file system is mounted, which takes Linux and root."
        );
        using var directory = new TemporaryDirectory();
        var run = new SmallRun(staleness, Updates: 12);
        string disk = Path.Combine(directory.Path, "disk"),
            path = Path.Combine(disk, "run");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            await MountAsync("-t", "tmpfs", "-o", "size=64m", "tmpfs", disk),
            "This machine lets nobody mount a file system."
        );
        try
        {
            // All but a little is taken; the journal, a payload, weights or a checkpoint find no room.
            await using (FileStream filler = File.Create(Path.Combine(disk, "filler")))
            {
                filler.Write(new byte[(64 - 17) << 20]);
            }

            ProcessEnd end = await RunProcess.RunAsync(run.Train(path));
            Assert.True(end.ExitCode == 1, end.ToString());
            Assert.StartsWith("icpo: The run failed: ", end.Errors);

            File.Delete(Path.Combine(disk, "filler"));
            await KilledRuns.EndsWellAsync(SmallRun.Resume(path));
            KilledRuns.ExpectWhole(path, run);
        }
        finally
        {
            using var unmount = Process.Start("umount", [disk]);
            await unmount.WaitForExitAsync();
        }
    }

    private static async Task<bool> MountAsync(params string[] arguments)
    {
        using Process mount = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
        await mount.WaitForExitAsync();
        return mount.ExitCode == 0;
    }
}
