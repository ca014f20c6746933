using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ICPO.Actors.Journaling;

/// <summary>
/// Retries what fails because a database does not respond, until it answers or a timeout has passed. Callers wait as long; nothing that
/// was acknowledged is affected.
/// </summary>
/// <param name="database">Its name in messages.</param>
/// <param name="timeout">Maximum duration of one outage.</param>
/// <param name="report">Called with a message when an outage begins (true) and ends.</param>
/// <param name="time">Clock of the timeout.</param>
internal sealed class OutageRetry(string database, TimeSpan timeout, Action<string, bool> report, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The same without reports, for background operations.</summary>
    public OutageRetry Quiet() => new(database, timeout, (_, _) => { }, time);

    /// <summary>True for errors of a database that is down or busy, false for errors in the request.</summary>
    public static bool Caused(Exception error) =>
        error switch
        {
            PostgresException refused => refused.IsTransient || refused.SqlState.StartsWith("57P", StringComparison.Ordinal),
            NpgsqlException broken => broken.IsTransient || (broken.InnerException is { } inner && Caused(inner)),
            SqliteException locked => locked.SqliteErrorCode is 5 or 6,
            SocketException or EndOfStreamException => true,

            // Npgsql, where a connection breaks while the reader of the one before is reset.
            NullReferenceException { Source: nameof(Npgsql) } => true,
            AggregateException several => several.InnerExceptions.Any(Caused),
            _ => error.InnerException is { } inner && Caused(inner),
        };

    /// <summary>True if a row was rejected because another process has written one with the same key.</summary>
    public static bool IsDuplicate(Exception error) =>
        error switch
        {
            EventTakenException => true,
            PostgresException refused => refused.SqlState == PostgresErrorCodes.UniqueViolation,
            SqliteException refused => refused.SqliteErrorCode == 19,
            AggregateException several => several.InnerExceptions.Any(IsDuplicate),
            _ => error.InnerException is { } inner && IsDuplicate(inner),
        };

    /// <summary>Runs an operation until it succeeds or fails for another reason.</summary>
    /// <param name="attempt">Called with the number of attempts before it.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <exception cref="IOException">The outage lasted longer than the timeout.</exception>
    public async Task<T> RunAsync<T>(Func<int, Task<T>> attempt, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        for (int tries = 0; ; tries++)
        {
            try
            {
                T result = await attempt(tries).ConfigureAwait(false);
                ReportEnd(tries, begun);
                return result;
            }
            catch (Exception error) when (Caused(error))
            {
                begun = ReportOutage(tries, begun, error);
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="RunAsync{T}"/>, on the calling thread, for reads on demand.</summary>
    /// <exception cref="IOException">The outage lasted longer than the timeout.</exception>
    /// <exception cref="OperationCanceledException">It was canceled while it waited.</exception>
    public T Run<T>(Func<T> attempt, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        for (int tries = 0; ; tries++)
        {
            try
            {
                T result = attempt();
                ReportEnd(tries, begun);
                return result;
            }
            catch (Exception error) when (Caused(error))
            {
                begun = ReportOutage(tries, begun, error);
            }

            cancellationToken.WaitHandle.WaitOne(Pause);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The operation has failed again; returns when the outage began.</summary>
    private long ReportOutage(int tries, long begun, Exception error)
    {
        if (tries == 0)
        {
            report($"{database} does not respond; the run waits at most {timeout.TotalSeconds:0} s ({Innermost(error).Message})", true);
            return time.GetTimestamp();
        }

        return time.GetElapsedTime(begun) <= timeout
            ? begun
            : throw new IOException(
                $"{database} has been unavailable for {time.GetElapsedTime(begun).TotalSeconds:0} s "
                    + $"({Innermost(error).Message}); start it and resume the run, or raise journal.outage-timeout.",
                error
            );
    }

    private void ReportEnd(int tries, long begun)
    {
        if (tries > 0)
        {
            report($"{database} responds again after {time.GetElapsedTime(begun).TotalSeconds:0.0} s; the run continues", false);
        }
    }

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
