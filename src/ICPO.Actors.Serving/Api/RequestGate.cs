using ICPO.Actors.Serving.Errors;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Serving.Api;

/// <summary>Bounds the requests that are being answered, and waits for them when the server stops. Thread-safe.</summary>
/// <param name="max">How many may be answered at once.</param>
internal sealed class RequestGate(int max)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private bool _isClosed;

    /// <summary>Begins a request, which ends when the result is disposed.</summary>
    /// <exception cref="ApiException">There are too many, or the server stops.</exception>
    public IDisposable Enter()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                throw Stopping();
            }

            if (_open == max)
            {
                throw new ApiException(
                    StatusCodes.Status429TooManyRequests,
                    $"The server is answering {max} requests already; send this one again later.",
                    code: "rate_limit_exceeded"
                );
            }

            _open++;
            return new Entered(this);
        }
    }

    /// <summary>Begins no more requests.</summary>
    /// <returns>Completes when none is open.</returns>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            if (_open == 0)
            {
                _idle.TrySetResult();
            }
        }

        return _idle.Task;
    }

    /// <summary>The error of a request that is not answered because the server stops.</summary>
    public static ApiException Stopping() =>
        new(StatusCodes.Status503ServiceUnavailable, "The server is stopping; send the request again later.", code: "server_stopping");

    private void Leave()
    {
        lock (_lock)
        {
            if (--_open == 0 && _isClosed)
            {
                _idle.TrySetResult();
            }
        }
    }

    private sealed class Entered(RequestGate gate) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                gate.Leave();
            }
        }
    }
}
