using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Hosting;

/// <summary>Passes a run's log to the host app's loggers, with the run's id as scope.</summary>
internal sealed class HostLoggerProvider(ILoggerFactory factory, string runId) : ILoggerProvider
{
    private readonly KeyValuePair<string, object>[] _scope = [new("RunId", runId)];

    public ILogger CreateLogger(string categoryName) => new RunScopedLogger(factory.CreateLogger(categoryName), _scope);

    public void Dispose() { }

    private sealed class RunScopedLogger(ILogger logger, KeyValuePair<string, object>[] scope) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            using (logger.BeginScope(scope))
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
