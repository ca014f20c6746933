using System.Runtime.CompilerServices;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Inference;
using Microsoft.Extensions.AI;

namespace ICPO.Actors.Chat;

/// <summary>A model in this process as a chat client. Any number of callers may use it at once.</summary>
public sealed class IcpoChatClient : IChatClient, IAsyncDisposable
{
    private const string Provider = "icpo";
    private readonly ModelHolder _holder;

    /// <summary>A client of a model that is loaded with the first request, and released when the client is disposed.</summary>
    /// <param name="model">A path for <see cref="LanguageModel.LoadAsync"/>.</param>
    /// <param name="options">How it is loaded; null takes the defaults.</param>
    public IcpoChatClient(string model, LanguageModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        _holder = new ModelHolder(cancellation => LanguageModel.LoadAsync(model, options, cancellation));
        Metadata = new ChatClientMetadata(Provider, providerUri: null, model);
    }

    /// <summary>A client of a loaded model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="leaveOpen">Whether the model stays loaded when the client is disposed.</param>
    public IcpoChatClient(LanguageModel model, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        _holder = new ModelHolder(model, leaveOpen);
        Metadata = new ChatClientMetadata(Provider, providerUri: null, model.Path);
    }

    private ChatClientMetadata Metadata { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The conversation does not fit the context, or an option is out of range.</exception>
    /// <exception cref="InvalidDataException">The model cannot be loaded, or its chat template refuses the conversation.</exception>
    /// <exception cref="NotSupportedException">An option or a content is not supported; names it.</exception>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc cref="GetResponseAsync"/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(messages);
        var request = ChatRequest.Create(messages, options);
        LanguageModel model = await _holder.GetAsync(cancellationToken).ConfigureAwait(false);
        ModelPrompt prompt = model.Chat(request.Messages);
        string id = Guid.NewGuid().ToString("N");
        await foreach (CompletionPart part in model.StreamPartsAsync(prompt, request.Options, cancellationToken).ConfigureAwait(false))
        {
            var update = new ChatResponseUpdate(ChatRole.Assistant, part.Text)
            {
                ResponseId = id,
                MessageId = id,
                ModelId = Metadata.DefaultModelId,
                CreatedAt = TimeProvider.System.GetUtcNow(),
            };
            if (part.Finish is { } finish)
            {
                update.FinishReason = finish == FinishReason.Length ? ChatFinishReason.Length : ChatFinishReason.Stop;
                update.Contents.Add(new UsageContent(Usage(prompt.Ids.Length, part.Tokens)));
            }

            yield return update;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? Metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType == typeof(LanguageModel) ? _holder.Loaded
            : null;
    }

    /// <summary>Releases the model without waiting for it.</summary>
    public void Dispose() => _ = _holder.DisposeAsync().AsTask();

    /// <summary>Releases the model; responses that are being generated end with <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync() => _holder.DisposeAsync();

    private static UsageDetails Usage(int prompt, int response) =>
        new()
        {
            InputTokenCount = prompt,
            OutputTokenCount = response,
            TotalTokenCount = prompt + response,
        };
}
