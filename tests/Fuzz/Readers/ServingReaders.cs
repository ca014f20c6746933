using ICPO.Actors.Composition;
using ICPO.Actors.Inference;
using ICPO.Actors.Serving.Errors;
using ICPO.Actors.Serving.Requests;
using Microsoft.AspNetCore.Http;

namespace Fuzz.Readers;

/// <summary>Reader of the requests to <c>icpo serve</c>; nothing is generated.</summary>
internal static class ServingReaders
{
    private static readonly Lazy<ServedModel> Model = new(() =>
        new ServedModel(LanguageModel.LoadAsync(BundledModel.Path).GetAwaiter().GetResult(), "symbol-rules", Created: 0, MaxChoices: 128)
    );

    /// <summary>A body, read as a request for a completion and as one for a chat; it fits one of them at most.</summary>
    public static void Request(byte[] input)
    {
        ApiException? chat = Try(input, ChatFields.Read);
        if (Try(input, CompletionFields.Read) is { } completion && chat is not null)
        {
            throw completion;
        }
    }

    private static ApiException? Try(byte[] input, Func<RequestFields, ServedModel, TextRequest> read)
    {
        try
        {
            var context = new DefaultHttpContext();
            context.Request.Body = new MemoryStream(input);
            read(RequestBody.ReadAsync(context.Request, CancellationToken.None).GetAwaiter().GetResult(), Model.Value);
            return null;
        }
        catch (ApiException error)
        {
            return error;
        }
    }
}
