using System.Diagnostics;

namespace EndToEnd.Tests.Faults;

public sealed class FullDiskTests
{
    [Fact]
    public async Task On_a_full_disk_a_run_fails_and_can_be_resumed_once_there_is_space()
    {
        LongTests.Require();
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.UserName == "root",
            "Mounting a small file system requires Linux and root."
        );
        using var directory = new TemporaryFolder();
        var run = new SmallRun(Staleness: 1, Updates: 12);
        string disk = Path.Combine(directory.Path, "disk"),
            path = Path.Combine(disk, "run");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            await MountAsync("-t", "tmpfs", "-o", "size=64m", "tmpfs", disk),
            "File systems cannot be mounted on this machine."
        );
        try
        {
            // Leaves 17 MB, too little for the journal, the payloads, the weights and a checkpoint together.
            await using (FileStream filler = File.Create(Path.Combine(disk, "filler")))
            {
                filler.Write(new byte[(64 - 17) << 20]);
            }

            ProcessEnd end = await IcpoProcess.RunAsync(run.Train(path));
            Assert.True(end.ExitCode == 1, end.ToString());
            Assert.StartsWith("icpo: ", end.Errors);
            Assert.Contains(Path.Combine(path, "run.log"), end.Errors);

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
