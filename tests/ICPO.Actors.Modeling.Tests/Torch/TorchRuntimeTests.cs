using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;

namespace ICPO.Actors.Modeling.Tests.Torch;

public static class TorchModule
{
    /// <summary>Tests make tensors of their own before they call into the project.</summary>
    [ModuleInitializer]
    public static void Load() => TorchRuntime.EnsureLoaded();
}

public sealed partial class TorchRuntimeTests
{
    private static readonly string Library = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");

    [Fact]
    public void Torch_computes_once_loaded()
    {
        TorchRuntime.EnsureLoaded();
        using torch.Tensor sum = torch.ones(3).sum();
        Assert.Equal(3, sum.ToDouble());
    }

    [Fact]
    public void A_loaded_library_needs_no_second_mend()
    {
        Assert.SkipUnless(File.Exists(Library), "No Linux build of the library beside the tests.");
        TorchRuntime.EnsureLoaded();
        Assert.Null(LibtorchCompatibility.Apply(AppContext.BaseDirectory));
    }

    [Fact]
    public async Task Processes_that_mend_at_once_leave_one_good_file_and_the_linked_original_untouched()
    {
        Assert.SkipUnless(File.Exists(Library), "No Linux build of the library beside the tests.");
        using var folder = new TemporaryFolder();
        string original = Path.Combine(folder.Path, "cache.so");
        byte[] unmended = File.ReadAllBytes(Library);
        int at = ElfVersionNeeds.FlagsOffset(unmended, "GLIBCXX_3.4.32")!.Value;
        unmended[at] &= 0xFD;
        File.WriteAllBytes(original, unmended);
        string copy = Path.Combine(folder.Path, "libLibTorchSharp.so");
        Assert.Equal(0, Link(original, copy));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => LibtorchCompatibility.MarkWeak(copy))));

        Assert.False(LibtorchCompatibility.MarkWeak(copy));
        Assert.Equal(unmended, File.ReadAllBytes(original));
        ElfVersionNeeds.MarkWeak(unmended, at);
        Assert.Equal(unmended, File.ReadAllBytes(copy));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Bytes_that_are_no_library_are_refused()
    {
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.FlagsOffset(bytes, "X")));
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string added);
}
