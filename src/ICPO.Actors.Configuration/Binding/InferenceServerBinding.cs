using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>Reads the section <c>engine.openai</c>.</summary>
internal static class InferenceServerBinding
{
    private const string Section = "engine.openai";

    /// <summary>The scheme of what is not a URL of a server.</summary>
    private const string Wrong = "wrong";

    public static InferenceServerSettings Bind(SettingsReader read)
    {
        return new InferenceServerSettings
        {
            Protocol = read.Choice<InferenceProtocol>($"{Section}.protocol"),
            Servers = [.. read.List($"{Section}.servers").Select(Parse)],
            Model = read.Text($"{Section}.model"),
            KeyVariable = read.Text($"{Section}.key-variable"),
            Timeout = read.Duration($"{Section}.timeout"),
            Weights = read.Choice<ServerWeights>($"{Section}.weights"),
            WeightsDirectory = read.Text($"{Section}.weights-directory"),
            MaxMismatch = read.Number($"{Section}.max-mismatch", 0, above: true),
        };
    }

    /// <summary>What prevents a run with these servers, as a sentence; null if nothing does.</summary>
    public static string? Problem(RunSettings settings)
    {
        if (settings.EngineKind != InferenceServerSettings.Kind)
        {
            return null;
        }

        InferenceServerSettings servers = settings.Servers;
        bool trainsAdapter = settings.Model.Lora is not null;
        return servers switch
        {
            { Servers: var urls } when urls.FirstOrDefault(url => url.Scheme == Wrong) is { } wrong =>
                $"icpo.{Section}.servers contains '{Uri.UnescapeDataString(wrong.AbsolutePath)}', which is not a URL; write the base URL "
                    + "of a server, such as http://127.0.0.1:8000.",
            { Servers: var urls } when urls.FirstOrDefault(url => url.UserInfo.Length > 0) is { } named =>
                $"icpo.{Section}.servers contains a password for {named.Host}; set icpo.{Section}.key-variable to an environment variable.",
            { KeyVariable.Length: > 0, Servers: var urls }
                when urls.FirstOrDefault(url => url.Scheme == "http" && !url.IsLoopback) is { } open =>
                $"icpo.{Section}.key-variable would be sent to {open} without encryption; use https.",
            { Servers.IsEmpty: true } => $"icpo.{Section}.servers is empty; list the base URLs of the servers.",
            _ when settings.Engines > 0 && settings.Engines != servers.Servers.Length =>
                $"icpo.engine.count = {settings.Engines} does not fit the {servers.Servers.Length} servers of icpo.{Section}.servers; "
                    + "set 0.",
            _ when settings.IsSynchronous =>
                "icpo.admission.max-staleness = 0 requires the same bytes in every run, which a server does not give; set at least 1.",
            { Weights: ServerWeights.None } when settings.Admission.MaxStaleness < settings.Updates =>
                $"icpo.{Section}.weights = none: all rollouts are sampled with the base weights; set icpo.admission.max-staleness to at "
                    + $"least the {settings.Updates} updates of the run, or have the servers take new weights (disk).",
            { Weights: ServerWeights.None } => null,
            { Protocol: InferenceProtocol.LlamaServer } =>
                $"icpo.{Section}.weights = disk: llama-server cannot load other weights while it runs; set none.",
            { Protocol: InferenceProtocol.Vllm } when !trainsAdapter =>
                $"icpo.{Section}.weights = disk: vLLM takes adapters while it runs, not whole models; set icpo.model.lora.rank.",
            { Protocol: InferenceProtocol.Sglang } when trainsAdapter =>
                $"icpo.{Section}.weights = disk: SGLang takes whole models here, not adapters; set icpo.model.lora.rank = 0.",
            { WeightsDirectory.Length: 0 } =>
                $"icpo.{Section}.weights-directory is empty; name a directory that this process and the servers have under the same path.",
            _ => null,
        };
    }

    private static Uri Parse(string text) =>
        Uri.TryCreate(text.EndsWith('/') ? text : $"{text}/", UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? url
            : new Uri($"{Wrong}:{Uri.EscapeDataString(text)}");
}
