using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Engines.Remote;

/// <summary>How an inference server is asked for tokens and given weights. Implementations keep no state.</summary>
internal interface IServerProtocol
{
    /// <summary>The path of requests for tokens, relative to the base URL.</summary>
    string GeneratePath { get; }

    /// <summary>The body of a request for one sequence.</summary>
    JsonObject Request(SequenceRequest request);

    /// <summary>Reads the sequence from the answer to a request.</summary>
    /// <exception cref="InvalidDataException">The answer lacks tokens or log-probabilities.</exception>
    ServerSequence Read(JsonElement answer);

    /// <summary>The requests that make the server use the weights in a directory, in order.</summary>
    /// <param name="directory">The directory, under the path that the server uses.</param>
    /// <param name="model">The name of the weights in later requests.</param>
    IEnumerable<(string Path, JsonObject Body)> LoadRequests(string directory, string model);

    /// <summary>The requests that remove earlier weights; empty if the server keeps one set only.</summary>
    IEnumerable<(string Path, JsonObject Body)> UnloadRequests(string model) => [];

    /// <summary>True if weights have names that requests must use.</summary>
    bool NamesWeights => false;
}
