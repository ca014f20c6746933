using System.CommandLine;
using ICPO.Actors.Modeling;

namespace ICPO.Actors.Host;

/// <summary><c>icpo convert</c>.</summary>
internal static class ConvertCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = new Argument<string>("IN") { Description = "GGUF file (llama, qwen2 or qwen3)." };
        var output = new Argument<string>("OUT") { Description = "Hugging Face directory to write; it must not exist yet." };
        var dtype = new Option<string?>("--dtype") { Description = $"One of {string.Join(", ", GgufConversion.Dtypes)}; left out, nothing is lost.", HelpName = "DTYPE" };
        var command = new ExampledCommand(
            "convert",
            "Makes a Hugging Face directory of a GGUF file: config, weights, generation settings, tokenizer.",
            "icpo convert SmolLM2-135M-Instruct.Q4_1.gguf models/smollm2\nicpo convert model.gguf models/mine --dtype bfloat16") { input, output, dtype };
        command.SetAction(parsed =>
        {
            string from = parsed.GetRequiredValue(input), to = parsed.GetRequiredValue(output);
            if (parsed.GetValue(dtype) is { } name && !GgufConversion.Dtypes.Contains(name))
            {
                throw new UsageException($"--dtype {name}: it must be one of {string.Join(", ", GgufConversion.Dtypes)}.");
            }

            if (Path.Exists(to))
            {
                throw new UsageException($"{to} exists already; name a directory that does not.");
            }

            ConversionReport report = GgufConversion.Convert(from, to, parsed.GetValue(dtype));
            terminal.Out.WriteLine($"{report.Config.Architecture}, {report.Config.NumHiddenLayers} layers, {report.Weights.Length / 1e6:0.0} MB in {report.Dtype}: {Path.GetFullPath(to)}");
            if (report.WithoutTokenizer is { } why)
            {
                terminal.Error.WriteLine($"icpo: no tokenizer.json was written: {why} Copy the model's own beside config.json.");
            }
        });
        return command;
    }
}
