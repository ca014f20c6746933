using ICPO.Actors.Inference;

namespace ICPO.Actors.Chat;

/// <summary>Holds the model of a client, and loads it with the first request. An error is not kept: the next request loads again.</summary>
internal sealed class ModelHolder : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task<LanguageModel>>? _load;
    private readonly bool _leaveOpen;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile LanguageModel? _model;
    private volatile bool _disposed;

    public ModelHolder(Func<CancellationToken, Task<LanguageModel>> load) => _load = load;

    public ModelHolder(LanguageModel model, bool leaveOpen) => (_model, _leaveOpen) = (model, leaveOpen);

    /// <summary>The model; null before it is loaded.</summary>
    public LanguageModel? Loaded => _model;

    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public async Task<LanguageModel> GetAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(IcpoChatClient));
        if (_model is { } loaded)
        {
            return loaded;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(IcpoChatClient));
            return _model ??= await _load!(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_model is { } model && !_leaveOpen)
            {
                await model.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
