using System.Collections.Immutable;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;

namespace ICPO.Actors.Inference;

/// <summary>
/// A loaded model that generates text. Any number of callers may use it at once; their responses are generated together. It can be used
/// while training runs are active in the same process and is independent of them.
/// </summary>
public sealed partial class LanguageModel : IAsyncDisposable
{
    private readonly PolicyBackend _backend;
    private readonly GenerationEngine _engine;
    private readonly ModelChat _chat;

    internal LanguageModel(PolicyBackend backend)
    {
        (_backend, _chat) = (backend, new ModelChat(backend.Source));
        _engine = backend.CreateEngine(0, isolateRequests: false);
    }

    /// <summary>The directory or file of the weights; the checkpoint if a run directory was loaded.</summary>
    public string Path => _backend.Source.Path;

    /// <summary>The adapter that was added to the weights; null if there is none.</summary>
    public string? Adapter => _backend.Source.Adapter;

    /// <summary>Notes about the model's files, one sentence each.</summary>
    public ImmutableArray<string> Notes => _backend.Notes;

    public ITokenizer Tokenizer => _backend.Tokenizer;

    /// <summary>Longest prompt and response together, in tokens; a response ends where it is reached.</summary>
    public int Context => _backend.Context;

    /// <summary>Ids below it are tokens of the model.</summary>
    public int VocabularySize => _backend.Source.Config.VocabSize;

    /// <summary>True once the model has been disposed or cannot compute anymore; every further request fails.</summary>
    public bool HasEnded => _engine.HasEnded;

    /// <summary>True if the model has a chat template; otherwise conversations are put as plain text.</summary>
    public bool HasChatTemplate => _chat.HasTemplate;

    /// <summary>Loads a model.</summary>
    /// <param name="path">
    /// A run directory (its newest checkpoint), a checkpoint, a Hugging Face directory, a GGUF file, or an adapter directory that names its
    /// base model.
    /// </param>
    /// <param name="options">How it is loaded; null takes the defaults.</param>
    /// <param name="cancellationToken">Cancels the wait; parts that are loaded later are released.</param>
    /// <exception cref="ArgumentException">An option does not fit the model or the machine.</exception>
    /// <exception cref="InvalidDataException">The model is not there, cannot be read, or is not supported; names the file.</exception>
    public static async Task<LanguageModel> LoadAsync(
        string path,
        LanguageModelOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Task<LanguageModel> loading = Task.Run(() => ModelLoading.Load(path, options ?? new LanguageModelOptions()), cancellationToken);
        try
        {
            return await loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = ReleaseAsync(loading);
            throw;
        }
    }

    /// <summary>A text as a prompt to continue, with the special tokens that the model expects around a text.</summary>
    public ModelPrompt Text(string text) => new(text, [.. Tokenizer.EncodePrompt(text, isChat: false)]);

    /// <summary>A conversation as the prompt of the assistant's next message.</summary>
    /// <exception cref="ArgumentException">There is no message.</exception>
    /// <exception cref="InvalidDataException">The chat template cannot be read or refuses the conversation.</exception>
    public ModelPrompt Chat(params IEnumerable<ChatMessage> messages)
    {
        ImmutableArray<ChatMessage> chat = [.. messages];
        return chat.IsEmpty ? throw new ArgumentException("The conversation has no messages.", nameof(messages))
            : _chat.Render(chat) is { } text ? new(text, [.. Tokenizer.EncodePrompt(text, isChat: true)])
            : Text(ChatMessage.Text(chat));
    }

    /// <summary>Generates the response to a user's message.</summary>
    /// <inheritdoc cref="GenerateAsync(ModelPrompt, GenerationOptions?, CancellationToken)"/>
    public Task<Completion> GenerateAsync(
        string message,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) => GenerateAsync(Chat(new ChatMessage("user", message)), options, cancellationToken);

    /// <summary>Generates one response.</summary>
    /// <param name="prompt">From <see cref="Chat"/> or <see cref="Text"/>.</param>
    /// <param name="options">How it is sampled; null takes the defaults.</param>
    /// <param name="cancellationToken">Ends the generation.</param>
    /// <exception cref="ArgumentException">The prompt does not fit the context, or an option is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public async Task<Completion> GenerateAsync(
        ModelPrompt prompt,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) => (await GenerateAsync(prompt, 1, options, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Generates several responses to one prompt, which is computed once.</summary>
    /// <inheritdoc cref="GenerateAsync(ModelPrompt, GenerationOptions?, CancellationToken)" path="/exception"/>
    /// <param name="prompt">From <see cref="Chat"/> or <see cref="Text"/>.</param>
    /// <param name="samples">How many.</param>
    /// <param name="options">How they are sampled; null takes the defaults.</param>
    /// <param name="cancellationToken">Ends the generation.</param>
    public async Task<ImmutableArray<Completion>> GenerateAsync(
        ModelPrompt prompt,
        int samples,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        GenerationRequest request = Request(prompt, samples, options ?? new GenerationOptions());
        var completions = new Completion[samples];
        await foreach (GeneratedSequence sequence in _engine.GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            var text = new ResponseText(Tokenizer, request.Sampler.StopStrings);
            string written = string.Concat(sequence.Tokens.Where(token => !Ends(token, request.Sampler)).Select(text.Add)) + text.End();
            completions[sequence.Sibling] = new(written, sequence.Finish)
            {
                PromptTokens = prompt.Ids.Length,
                Tokens = sequence.Tokens,
                LogProbs = sequence.LogProbs,
            };
        }

        return [.. completions];
    }

    /// <summary>Releases the model; responses that are being generated end with <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static GenerationRequest Request(ModelPrompt prompt, int samples, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return new GenerationRequest(prompt.Ids, [.. options.Seeds(samples)], options.Sampler()) { Alternatives = options.Alternatives };
    }

    /// <summary>An end of text is not part of a response.</summary>
    private bool Ends(int token, SamplerSettings sampler) =>
        _backend.Source.Special.Eos.Contains(token) || sampler.StopTokens.Contains(token);

    private static async Task ReleaseAsync(Task<LanguageModel> loading)
    {
        // Observes the exception of a model that failed to load after the wait was canceled.
        await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loading.IsCompletedSuccessfully)
        {
            await (await loading.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }
}
