namespace ICPO.Actors;

/// <summary>The base model that comes with the program: what <c>icpo pretrain</c> makes, a Hugging Face directory.</summary>
public static class BundledModel
{
    /// <summary>Where the build puts it, beside the program.</summary>
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules");
}
