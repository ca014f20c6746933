using ICPO.Actors.Composition;
using ICPO.Actors.Host.Clusters;
using ICPO.Actors.Modeling.Torch;

namespace ICPO.Actors.Host.Diagnosis;

/// <summary>libtorch, GPU, PostgreSQL and the bundled model.</summary>
internal static class SoftwareFinding
{
    private const string Gpu = "GPU";
    private const string Driver = "/proc/driver/nvidia/version";

    /// <summary>Loads libtorch.</summary>
    public static Finding OfLibtorch()
    {
        const string Name = "libtorch";
        try
        {
            TorchRuntime.EnsureLoaded();
            return Finding.Good(Name, $"loaded, version {TorchRuntime.Version}, for {(TorchRuntime.HasCuda ? "CPU and CUDA" : "CPU")}");
        }
        catch (InvalidOperationException error)
        {
            return Finding.Problem(Name, "cannot be loaded", error.Message);
        }
    }

    /// <summary>The GPU, as far as it is visible without and with libtorch.</summary>
    public static Finding OfGpu(bool libtorchWorks) => OfGpu(File.Exists(Driver), libtorchWorks && TorchRuntime.HasCuda);

    /// <param name="driver">Whether a driver is loaded.</param>
    /// <param name="usable">Whether libtorch can compute on it.</param>
    internal static Finding OfGpu(bool driver, bool usable) =>
        (driver, usable) switch
        {
            (_, true) => Finding.Good(Gpu, "usable with model.device = cuda"),
            (true, false) => Finding.Note(
                Gpu,
                "a driver is loaded, but this build computes on the CPU",
                "Build with -p:Torch=cuda to use it."
            ),
            _ => Finding.Note(Gpu, "none; runs compute on the CPU"),
        };

    public static Finding OfPostgres()
    {
        const string Name = "PostgreSQL";
        return LocalPostgres.Programs is { } programs
            ? Finding.Good(Name, $"installed in {programs}")
            : Finding.Note(
                Name,
                "not installed; only clusters with a standby need a server",
                "apt-get install postgresql for icpo cluster up with a standby, or set journal.connection-string to a server."
            );
    }

    public static Finding OfModel()
    {
        const string Name = "bundled model";
        return Directory.Exists(BundledModel.Path)
            ? Finding.Good(Name, BundledModel.Path)
            : Finding.Problem(Name, $"missing in {BundledModel.Path}", "Build again, or name a model with --model PATH.");
    }
}
