namespace ICPO.Actors.Composition;

/// <summary>The base model that ships with the library.</summary>
public static class BundledModel
{
    /// <summary>Its directory, next to the executable.</summary>
    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules");
}
