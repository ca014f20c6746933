using ICPO.Actors.Inference;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Chat;

/// <summary>Registers chat clients in a host app.</summary>
public static class IcpoChatServices
{
    /// <summary>
    /// Registers an <see cref="IChatClient"/> of a model. The model is loaded with the first request and released with the services.
    /// </summary>
    /// <param name="services">The host app's services.</param>
    /// <param name="model">
    /// A run directory (its newest checkpoint), a checkpoint, a Hugging Face directory, a GGUF file, or an adapter directory.
    /// </param>
    /// <param name="options">How the model is loaded; null takes the defaults.</param>
    /// <param name="serviceKey">Registers it under a key, where an app has several clients; null is without one.</param>
    public static IServiceCollection AddIcpoChatClient(
        this IServiceCollection services,
        string model,
        LanguageModelOptions? options = null,
        object? serviceKey = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        return services.AddKeyedSingleton<IChatClient>(serviceKey, (_, _) => new IcpoChatClient(model, options));
    }
}
