namespace ICPO.Actors.Ownership;

/// <summary>Says whether this core still owns its run, where a database decides that.</summary>
public interface IRunFence
{
    /// <summary>The epoch of this core's ownership; 0 where nothing but the directory's lock decides.</summary>
    long Epoch { get; }

    /// <summary>Keeps the ownership with this core until the result is disposed: another one that takes the run waits as long.</summary>
    /// <exception cref="RunFencedException">Another core owns the run.</exception>
    Task<IAsyncDisposable> HoldAsync(CancellationToken cancellationToken);
}

/// <summary>The fence of a run whose directory has one owner and whose journal is a file of it.</summary>
public sealed class NoFence : IRunFence, IAsyncDisposable
{
    public static NoFence Instance { get; } = new();

    public long Epoch => 0;

    public Task<IAsyncDisposable> HoldAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable>(this);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
