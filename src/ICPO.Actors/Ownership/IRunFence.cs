namespace ICPO.Actors.Ownership;

/// <summary>Says whether this core still owns its run, where a database decides that.</summary>
public interface IRunFence
{
    /// <summary>The epoch of this core's ownership; 0 where nothing but the directory's lock decides.</summary>
    long Epoch { get; }

    /// <summary>Ends normally if this core owns the run.</summary>
    /// <exception cref="RunFencedException">Another core owns the run.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}

/// <summary>The fence of a run whose directory has one owner and whose journal is a file of it.</summary>
public sealed class NoFence : IRunFence
{
    public static NoFence Instance { get; } = new();

    public long Epoch => 0;

    public Task CheckAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
