using ICPO.Actors.Chat;
using ICPO.Actors.Composition;
using ICPO.Actors.Inference;
using Microsoft.Extensions.AI;

// A run directory, a checkpoint, a Hugging Face directory, a GGUF file or an adapter; the bundled model if none is named.
string path = args is [var named, ..] ? named : BundledModel.Path;
await using LanguageModel model = await LanguageModel.LoadAsync(path);

var options = new GenerationOptions
{
    Temperature = 0,
    MaxTokens = 32,
    StopStrings = [";"],
};
await foreach (string text in model.StreamAsync("AB3142=", options))
{
    Console.Write(text);
}

Console.WriteLine();

// Several responses to one prompt, which is computed once.
foreach (Completion sample in await model.GenerateAsync(model.Text("AB3142="), 3, options with { Temperature = 1, Seed = 1 }))
{
    Console.WriteLine($"{sample.Text}: {sample.Tokens.Length} tokens, finish reason {sample.Finish}");
}

// The same model for code that is written against Microsoft.Extensions.AI.
using IChatClient client = new IcpoChatClient(model, leaveOpen: true);
var chatOptions = new ChatOptions
{
    Temperature = 0,
    MaxOutputTokens = 32,
    StopSequences = [";"],
};
ChatResponse response = await client.GetResponseAsync("AB3142=", chatOptions);
Console.WriteLine($"{response.Text}: {response.Usage?.OutputTokenCount} tokens, finish reason {response.FinishReason}");
