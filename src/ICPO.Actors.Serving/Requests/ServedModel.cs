using ICPO.Actors.Inference;

namespace ICPO.Actors.Serving.Requests;

/// <summary>The model of a server.</summary>
/// <param name="Model">The model.</param>
/// <param name="Name">The name that requests may give.</param>
/// <param name="Created">When the server started, in seconds since 1970.</param>
/// <param name="MaxChoices">Responses of one request, over all its prompts.</param>
internal sealed record ServedModel(LanguageModel Model, string Name, long Created, int MaxChoices);
