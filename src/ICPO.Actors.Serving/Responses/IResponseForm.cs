using System.Text.Json.Nodes;
using ICPO.Actors.Serving.Requests;

namespace ICPO.Actors.Serving.Responses;

/// <summary>The form of the responses of one address.</summary>
internal interface IResponseForm
{
    /// <summary>The first part of a response's id.</summary>
    string IdPrefix { get; }

    /// <summary>The kind of a whole response.</summary>
    string Kind { get; }

    /// <summary>The kind of a part of a stream.</summary>
    string PartKind { get; }

    /// <summary>Fields of a response besides its choices.</summary>
    void AddFields(JsonObject response, TextRequest request);

    /// <summary>A choice that has ended.</summary>
    JsonObject Whole(Choice choice, TextRequest request, TokenTexts texts);

    /// <summary>What a stream sends before a choice's first token; null for nothing.</summary>
    JsonObject? First(Choice choice, TextRequest request);

    /// <summary>A choice's last token.</summary>
    JsonObject Part(Choice choice, TextRequest request, TokenTexts texts);
}
