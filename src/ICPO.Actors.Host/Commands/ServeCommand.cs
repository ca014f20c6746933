using System.CommandLine;
using ICPO.Actors.Composition;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Inference;
using ICPO.Actors.Serving;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo serve</c>.</summary>
internal sealed class ServeCommand(Terminal terminal, StopSignals signals)
{
    /// <summary>The key that requests must have; on an address that other machines reach a random one if it is not set.</summary>
    private const string KeyVariable = "ICPO_SERVE_KEY";

    private static readonly LanguageModelOptions Loading = new();
    private static readonly ServingOptions Serving = new();

    private readonly Option<string?> _model = ModelOptions.Model();
    private readonly Option<string?> _adapter = ModelOptions.Adapter();
    private readonly Option<string?> _listen = ListenOption.Create(ServingOptions.Default, KeyVariable);
    private readonly Option<string?> _name = new("--name")
    {
        Description = "The name that requests give the model; that of its file or directory if omitted.",
        HelpName = "NAME",
    };
    private readonly Option<int> _context = Number(
        "--context",
        $"Longest prompt and response together, in tokens; 0 uses the model's limit, up to {LanguageModelOptions.DefaultContext}.",
        Loading.Context
    );
    private readonly Option<int> _slots = Number("--slots", "Responses that are generated at once; further ones wait.", Loading.Slots);
    private readonly Option<int> _threads = Number(
        "--threads",
        "Threads of a matrix product; more than one pays off from about 100 million parameters on.",
        Loading.Threads
    );
    private readonly Option<string> _device = new("--device")
    {
        Description = "cpu, cuda or cuda:N.",
        DefaultValueFactory = _ => Loading.Device,
        HelpName = "DEVICE",
    };
    private readonly Option<string> _dtype = new("--dtype")
    {
        Description = "float32, bfloat16, or auto for the faster of them.",
        DefaultValueFactory = _ => Loading.Dtype,
        HelpName = "DTYPE",
    };
    private readonly Option<int> _timeout = Number(
        "--timeout",
        "Longest time until a response is complete, in seconds.",
        (int)Serving.RequestTimeout.TotalSeconds
    );

    public static Command Create(Terminal terminal, StopSignals signals) => new ServeCommand(terminal, signals).Create();

    private CommandWithExamples Create()
    {
        var command = new CommandWithExamples(
            "serve",
            "Serves a model over HTTP as OpenAI-compatible servers do: /v1/chat/completions, /v1/completions with texts or token ids, "
                + "/v1/models; with log-probabilities and streams. Ctrl-C stops it after the responses that are being generated.",
            ["icpo serve --model runs/mine", "icpo serve --model model.gguf --name mine --slots 16 --listen 0.0.0.0:8000"]
        )
        {
            _model,
            _adapter,
            _listen,
            _name,
            _context,
            _slots,
            _threads,
            _device,
            _dtype,
            _timeout,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        (ServingOptions serving, LanguageModelOptions loading) = (Server(parsed), Model(parsed));
        string path = parsed.GetValue(_model) ?? BundledModel.Path;
        await using LanguageModel model = await LanguageModel.LoadAsync(path, loading, signals.Token);
        terminal.WriteNotes(model.Notes);
        await using ModelServer server = await ModelServer.StartAsync(
            model,
            serving with
            {
                // A run's directory names the model, not the checkpoint in it.
                Name = serving.Name ?? ModelServer.NameOf(path),
            },
            signals.Token
        );
        terminal.Out.WriteLine($"Serving {server.Name} at {server.Address}");
        if (server.Key is { } key)
        {
            terminal.Out.WriteLine($"Key: {(serving.Key is null ? key : $"that of {KeyVariable}")}");
        }

        await Task.WhenAny(server.Completion, Task.Delay(Timeout.InfiniteTimeSpan, signals.Token));
        if (server.Completion.IsFaulted)
        {
            await server.Completion;
        }

        return ExitCode.Done;
    }

    private ServingOptions Server(ParseResult parsed)
    {
        UsageException.ThrowIfLess(parsed.GetValue(_timeout), 1, _timeout.Name);
        if (parsed.GetValue(_name) is { Length: 0 })
        {
            throw new UsageException($"{_name.Name} '': must not be empty.");
        }

        return new ServingOptions
        {
            Listen = ListenOption.Parse(parsed.GetValue(_listen), _listen.Name, ServingOptions.Default),
            Key = AccessKey.Read(KeyVariable),
            Name = parsed.GetValue(_name),
            RequestTimeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
        };
    }

    private LanguageModelOptions Model(ParseResult parsed)
    {
        UsageException.ThrowIfLess(parsed.GetValue(_context), 0, _context.Name);
        UsageException.ThrowIfLess(parsed.GetValue(_slots), 1, _slots.Name);
        UsageException.ThrowIfLess(parsed.GetValue(_threads), 1, _threads.Name);
        return new LanguageModelOptions
        {
            Adapter = parsed.GetValue(_adapter),
            Context = parsed.GetValue(_context),
            Slots = parsed.GetValue(_slots),
            Threads = parsed.GetValue(_threads),
            Device = parsed.GetRequiredValue(_device),
            Dtype = parsed.GetRequiredValue(_dtype),
        };
    }

    private static Option<int> Number(string name, string description, int usual) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
}
