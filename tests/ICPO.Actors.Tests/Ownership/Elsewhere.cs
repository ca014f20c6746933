namespace ICPO.Actors.Tests.Ownership;

/// <summary>Work in the middle of an actor's handler that must not see its context.</summary>
internal static class Elsewhere
{
    /// <summary>Returns when the work is done, on a thread of its own: a pooled task would be done on this one.</summary>
    public static T Run<T>(Func<T> work) =>
        Task
            .Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .GetAwaiter()
            .GetResult();
}
