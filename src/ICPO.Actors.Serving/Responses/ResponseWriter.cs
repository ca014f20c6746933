using System.Text.Json.Nodes;
using ICPO.Actors.Inference;
using ICPO.Actors.Serving.Requests;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Serving.Responses;

/// <summary>Generates the responses of one request and writes them.</summary>
internal sealed class ResponseWriter
{
    private readonly HttpContext _context;
    private readonly ServedModel _served;
    private readonly TextRequest _request;
    private readonly IResponseForm _form;
    private readonly TokenTexts _texts;
    private readonly Choice[] _choices;
    private readonly string _id;
    private readonly long _created;

    /// <param name="context">The request and where its response is written.</param>
    /// <param name="served">The model.</param>
    /// <param name="request">What is generated.</param>
    /// <param name="form">The form of the response.</param>
    /// <param name="now">The time, in seconds since 1970.</param>
    public ResponseWriter(HttpContext context, ServedModel served, TextRequest request, IResponseForm form, long now)
    {
        (_context, _served, _request, _form, _created) = (context, served, request, form, now);
        _texts = new TokenTexts(served.Model.Tokenizer, request.Response.TokensAsIds);
        _id = form.IdPrefix + Guid.NewGuid().ToString("N");
        _choices =
        [
            .. request.Prompts.SelectMany(
                (prompt, index) => Enumerable.Range(index * request.Samples, request.Samples).Select(choice => new Choice(choice, prompt))
            ),
        ];
    }

    /// <summary>Writes the response, whole or as a stream. An error before its first token is thrown.</summary>
    public Task WriteAsync(CancellationToken cancellationToken) =>
        _request.Response.IsStreamed ? StreamAsync(cancellationToken) : WholeAsync(cancellationToken);

    private async Task WholeAsync(CancellationToken cancellationToken)
    {
        await foreach (
            (int choice, CompletionToken token) in ChoiceTokens.ReadAsync(_served.Model, _request, cancellationToken).ConfigureAwait(false)
        )
        {
            _choices[choice].Add(token);
        }

        JsonObject response = Create(_form.Kind, [.. _choices.Select(choice => (JsonNode)_form.Whole(choice, _request, _texts))]);
        response["usage"] = Usage();
        _form.AddFields(response, _request);
        _context.Response.ContentType = "application/json; charset=utf-8";
        await _context.Response.WriteAsync(response.ToJsonString(), cancellationToken).ConfigureAwait(false);
    }

    private async Task StreamAsync(CancellationToken cancellationToken)
    {
        bool isFirst = true;
        await foreach (
            (int at, CompletionToken token) in ChoiceTokens.ReadAsync(_served.Model, _request, cancellationToken).ConfigureAwait(false)
        )
        {
            Choice choice = _choices[at];
            if (choice.Tokens.Count == 0 && _form.First(choice, _request) is { } first)
            {
                await SendAsync(first, isFirst, cancellationToken).ConfigureAwait(false);
                isFirst = false;
            }

            choice.Add(token);
            bool isSent = token.Text.Length > 0 || token.Finish is not null;
            if (isSent || _request.Response.LogProbs || _request.Response.TokenIds)
            {
                await SendAsync(_form.Part(choice, _request, _texts), isFirst, cancellationToken).ConfigureAwait(false);
                isFirst = false;
            }
        }

        if (_request.Response.IncludeUsage)
        {
            JsonObject last = Create(_form.PartKind, []);
            last["usage"] = Usage();
            await EventStream.SendAsync(_context, last.ToJsonString(), cancellationToken).ConfigureAwait(false);
        }

        await EventStream.SendAsync(_context, EventStream.End, cancellationToken).ConfigureAwait(false);
    }

    private Task SendAsync(JsonObject choice, bool isFirst, CancellationToken cancellationToken)
    {
        JsonObject part = Create(_form.PartKind, [choice]);
        if (_request.Response.IncludeUsage)
        {
            part["usage"] = null;
        }

        if (isFirst)
        {
            _form.AddFields(part, _request);
        }

        return EventStream.SendAsync(_context, part.ToJsonString(), cancellationToken);
    }

    private JsonObject Create(string kind, JsonArray choices) =>
        new()
        {
            ["id"] = _id,
            ["object"] = kind,
            ["created"] = _created,
            ["model"] = _served.Name,
            ["choices"] = choices,
        };

    private JsonObject Usage()
    {
        int prompt = _request.PromptTokens;
        int completion = _choices.Sum(choice => choice.Tokens.Count);
        return new JsonObject
        {
            ["prompt_tokens"] = prompt,
            ["completion_tokens"] = completion,
            ["total_tokens"] = prompt + completion,
        };
    }
}
