using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Hosting;

/// <summary>Appends log lines to the run's <c>run.log</c>: time, level, category, message.</summary>
/// <param name="path">The file.</param>
/// <param name="time">The clock of time stamps.</param>
/// <param name="format">Formats a message as a line.</param>
internal sealed class RunLogProvider(string path, TimeProvider time, Func<RunLogEntry, string> format) : ILoggerProvider
{
    private const string Akka = "Akka";
    private readonly Lock _gate = new();
    private readonly LogLimit _limit = new(time);
    private readonly StreamWriter _file = new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
    {
        AutoFlush = true,
    };

    public ILogger CreateLogger(string categoryName) => new RunLog(this, categoryName);

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private void Write(LogLevel level, string category, string message, Exception? error)
    {
        lock (_gate)
        {
            int? leftOut = category.StartsWith(Akka, StringComparison.Ordinal) ? _limit.Admit(message) : 0;
            if (leftOut is { } count && _file.BaseStream is { CanWrite: true })
            {
                message += count > 0 ? $" ({count} earlier messages of this kind were omitted)" : "";
                _file.WriteLine(format(new RunLogEntry(time.GetUtcNow(), level, category, message, error)));
            }
        }
    }

    private sealed class RunLog(RunLogProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                owner.Write(logLevel, category, formatter(state, exception), exception);
            }
        }
    }
}
