using System.Collections.Immutable;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Prompts;

namespace ICPO.Actors.Inference;

/// <summary>A configuration's model with its sampler, and the limits and stop strings of its task.</summary>
public sealed class ConfiguredGeneration : IAsyncDisposable
{
    private readonly RunSettings _settings;
    private readonly ITask _task;

    private ConfiguredGeneration(RunSettings settings, ITask task, LanguageModel model) =>
        (_settings, _task, Model) = (settings, task, model);

    public LanguageModel Model { get; }

    /// <summary>Messages for the user about task and model, one sentence each.</summary>
    public ImmutableArray<string> Notes => [.. _task.Notes, .. Model.Notes];

    /// <summary>Loads the model.</summary>
    /// <exception cref="ArgumentException">A setting does not fit the model.</exception>
    /// <exception cref="InvalidDataException">The model or the data set cannot be read; names the file and the place.</exception>
    public static ConfiguredGeneration Open(RunSettings settings)
    {
        ITask task = ConfiguredTask.Create(settings);
        return new ConfiguredGeneration(settings, task, new LanguageModel(settings.OpenModel()));
    }

    /// <summary>
    /// How a text is sent: as a user turn of the model's chat template if it has one and the settings do not ask for plain text, otherwise
    /// unchanged.
    /// </summary>
    /// <exception cref="ArgumentException">The tokenizer cannot encode it.</exception>
    /// <exception cref="InvalidDataException">The chat template cannot be read or refuses it, or the tokenizer cannot encode
    /// it.</exception>
    public FirstPrompt Put(string text)
    {
        QuestionPrompts? chats = ConfiguredTask.Chats(_settings);
        return FirstPrompt.Of(text, chats?.Prompt(text, []) ?? text, chats is not null, Model.Tokenizer);
    }

    /// <summary>Samples of one prompt, in the order of their index.</summary>
    /// <param name="prompt">The prompt, from <see cref="Put"/>.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="cancellationToken">Ends sampling.</param>
    /// <exception cref="ArgumentException">The prompt is empty or does not fit the context.</exception>
    public Task<ImmutableArray<Completion>> GenerateAsync(FirstPrompt prompt, int samples, CancellationToken cancellationToken)
    {
        SamplerSettings sampler = _settings.Sampler;

        // A task with its own format, such as symbol-rules, has limits for that format.
        bool isOther = prompt.IsChat && !_task.UsesChatTemplate;
        int limit = isOther ? _settings.Task.Jsonl.MaxTokens : _task.MaxTokens;
        var options = new GenerationOptions
        {
            Temperature = sampler.Temperature,
            TopP = sampler.TopP,
            TopK = sampler.TopK,
            MinP = sampler.MinP,
            MaxTokens = sampler.MaxTokens > 0 ? sampler.MaxTokens : limit,
            Seed = _settings.Seed,
            StopStrings = isOther ? [] : _task.StopStrings,
        };
        return Model.GenerateAsync(new ModelPrompt(prompt.Text, prompt.Ids), samples, options, cancellationToken);
    }

    public ValueTask DisposeAsync() => Model.DisposeAsync();
}
