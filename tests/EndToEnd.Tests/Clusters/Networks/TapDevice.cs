using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EndToEnd.Tests.Clusters.Networks;

/// <summary>A network device whose frames this process reads and writes, in the network namespace of another process.</summary>
internal sealed partial class TapDevice : IDisposable
{
    private const int MaxFrame = 1 << 16;
    private const int NameBytes = 16;
    private const int RequestBytes = 40;
    private const short TapWithoutHeader = 0x1002;
    private const uint SetInterface = 0x400454ca;
    private const int NetworkNamespace = 0x40000000;
    private const short Readable = 1;
    private const int WaitMilliseconds = 100;
    private readonly SafeFileHandle _device;
    private readonly byte[] _buffer = new byte[MaxFrame];

    private TapDevice(SafeFileHandle device) => _device = device;

    /// <summary>Creates the device. A namespace is entered by a thread that ends afterwards.</summary>
    public static TapDevice Open(int process, string name)
    {
        TapDevice? device = null;
        Exception? problem = null;
        var thread = new Thread(() =>
        {
            try
            {
                device = OpenHere(process, name);
            }
            catch (Exception error)
            {
                problem = error;
            }
        });
        thread.Start();
        thread.Join();
        return device ?? throw new IOException($"The device {name} cannot be opened.", problem);
    }

    /// <summary>The next frame; null where none has come for a while.</summary>
    public byte[]? Read()
    {
        var wait = new PollRequest { Descriptor = (int)_device.DangerousGetHandle(), Events = Readable };
        if (Poll(ref wait, 1, WaitMilliseconds) <= 0)
        {
            return null;
        }

        nint length = ReadFile(wait.Descriptor, _buffer, _buffer.Length);
        return length > 0 ? _buffer[..(int)length] : null;
    }

    /// <summary>A frame that the device cannot take is lost, as on any link.</summary>
    public void Write(byte[] frame)
    {
        if (!_device.IsClosed)
        {
            _ = WriteFile((int)_device.DangerousGetHandle(), frame, frame.Length);
        }
    }

    public void Dispose() => _device.Dispose();

    private static TapDevice OpenHere(int process, string name)
    {
        using SafeFileHandle space = File.OpenHandle($"/proc/{process}/ns/net");
        Require(SetNamespace((int)space.DangerousGetHandle(), NetworkNamespace) == 0, "setns");
        SafeFileHandle device = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite);
        byte[] request = new byte[RequestBytes];
        Encoding.ASCII.GetBytes(name).CopyTo(request, 0);
        BitConverter.GetBytes(TapWithoutHeader).CopyTo(request, NameBytes);
        Require(Control((int)device.DangerousGetHandle(), SetInterface, request) == 0, "TUNSETIFF");
        return new TapDevice(device);
    }

    private static void Require(bool works, string call)
    {
        if (!works)
        {
            throw new IOException($"{call}: error {Marshal.GetLastPInvokeError()}");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, byte[] argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollRequest requests, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadFile(int descriptor, byte[] buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteFile(int descriptor, byte[] buffer, nint length);
}
