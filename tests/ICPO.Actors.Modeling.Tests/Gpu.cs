using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests;

/// <summary>The GPU of tests that need one.</summary>
internal static class Gpu
{
    /// <summary>The first one; the test is skipped, with a reason, where there is none.</summary>
    public static Device Require()
    {
        TorchRuntime.EnsureLoaded();
        Assert.SkipUnless(cuda.is_available(), "libtorch finds no CUDA device (build with -p:Torch=cuda on a machine with a GPU).");
        return device("cuda");
    }
}
