using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Engines.Remote;

/// <summary>The interfaces of inference servers; a new one is a file in this folder, a line here and a member of the enumeration.</summary>
internal static class ServerProtocols
{
    public static IServerProtocol Create(InferenceProtocol protocol) =>
        protocol switch
        {
            InferenceProtocol.Vllm => new VllmProtocol(),
            InferenceProtocol.Sglang => new SglangProtocol(),
            InferenceProtocol.LlamaServer => new LlamaServerProtocol(),
            _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, null),
        };
}
