namespace ICPO.Actors.Tests.Ownership;

/// <summary>Work in the middle of an actor's handler that must not see its context.</summary>
internal static class Elsewhere
{
    /// <summary>Returns when the work is done, on another thread.</summary>
    public static T Run<T>(Func<T> work) => Task.Run(work).GetAwaiter().GetResult();
}
