using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ICPO.Actors.Journaling;

/// <summary>
/// Rides out the outage of a database: what fails because it is away is tried again until it is back or a deadline has passed.
/// Whoever waits for an answer waits as long; nothing that was acknowledged is concerned.
/// </summary>
/// <param name="database">Which one, for what is said.</param>
/// <param name="timeout">The deadline of one outage.</param>
/// <param name="say">Hears when an outage begins (true) and ends.</param>
/// <param name="time">The clock of the deadline.</param>
internal sealed class Outage(string database, TimeSpan timeout, Action<string, bool> say, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Where an error says that the database is away or busy, not that something is wrong with what was asked.</summary>
    public static bool Caused(Exception error) =>
        error switch
        {
            PostgresException refused => refused.IsTransient || refused.SqlState.StartsWith("57P", StringComparison.Ordinal),
            NpgsqlException broken => broken.IsTransient || (broken.InnerException is { } inner && Caused(inner)),
            SqliteException locked => locked.SqliteErrorCode is 5 or 6,
            SocketException or EndOfStreamException => true,
            AggregateException several => several.InnerExceptions.Any(Caused),
            _ => error.InnerException is { } inner && Caused(inner),
        };

    /// <summary>Does something until it works or fails for another reason.</summary>
    /// <param name="attempt">Told how often it was tried before.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IOException">The database was away for longer than the deadline.</exception>
    public async Task<T> RideOutAsync<T>(Func<int, Task<T>> attempt, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        for (int tries = 0; ; tries++)
        {
            try
            {
                T result = await attempt(tries).ConfigureAwait(false);
                if (tries > 0)
                {
                    say($"{database} answers again after {time.GetElapsedTime(begun).TotalSeconds:0.0} s; the run goes on", false);
                }

                return result;
            }
            catch (Exception error) when (Caused(error))
            {
                if (tries == 0)
                {
                    begun = time.GetTimestamp();
                    say(
                        $"{database} does not answer; the run waits for it, at most {timeout.TotalSeconds:0} s ({Innermost(error).Message})",
                        true
                    );
                }
                else if (time.GetElapsedTime(begun) > timeout)
                {
                    throw new IOException(
                        $"{database} has been away for {time.GetElapsedTime(begun).TotalSeconds:0} s ({Innermost(error).Message}); start it and go on with --resume, or raise journal.outage-timeout.",
                        error
                    );
                }
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
