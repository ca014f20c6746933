namespace ICPO.Actors.Host.CommandLine;

/// <summary>Ends this process when the one that started it has ended, so that a killed comparison leaves no run behind.</summary>
internal static class ParentWatch
{
    /// <summary>Given to a process whose standard input is a pipe of its parent, which never writes to it.</summary>
    public const string Option = "--end-with-input";

    /// <summary>Watches the input until its end, then ends the process at once: what is committed is kept.</summary>
    public static void Start(Stream input) => new Thread(() => Watch(input)) { IsBackground = true, Name = "parent watch" }.Start();

    private static void Watch(Stream input)
    {
        byte[] ignored = new byte[256];
        try
        {
            while (input.Read(ignored) > 0) { }
        }
        catch (IOException)
        {
            // A pipe that cannot be read any more has no other end.
        }

        Environment.Exit(ExitCode.Stopped);
    }
}
