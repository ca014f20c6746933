using System.CommandLine;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Actors.Modeling.Lora;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo convert</c>.</summary>
internal static class ConvertCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = new Argument<string>("IN")
        {
            Description =
                "GGUF file (llama, qwen2 or qwen3) or a directory that contains one, an adapter directory that names its base model, "
                + "or with --adapter any model.",
        };
        var output = new Argument<string>("OUT") { Description = "Hugging Face directory to create (must not exist)." };
        var dtype = new Option<string?>("--dtype")
        {
            Description = $"For a GGUF file: one of {string.Join(", ", GgufConversion.Dtypes)}; lossless if omitted.",
            HelpName = "DTYPE",
        };
        Option<string?> adapter = ModelOptions.Adapter();
        var command = new CommandWithExamples(
            "convert",
            "Converts a GGUF file, or a model with an adapter, to a Hugging Face directory (config, weights, tokenizer).",
            [
                "icpo convert SmolLM2-135M-Instruct.Q4_1.gguf models/smollm2",
                "icpo convert model.gguf models/mine --dtype bfloat16",
                "icpo convert models/base models/merged --adapter runs/lora/checkpoints/update-000150",
            ]
        )
        {
            input,
            output,
            dtype,
            adapter,
        };
        command.SetAction(parsed =>
        {
            string from = parsed.GetRequiredValue(input);
            string to = parsed.GetRequiredValue(output);
            string? type = parsed.GetValue(dtype);
            if (type is not null && !GgufConversion.Dtypes.Contains(type))
            {
                throw new UsageException($"--dtype {type}: must be one of {string.Join(", ", GgufConversion.Dtypes)}.");
            }

            if (Path.Exists(to))
            {
                throw new UsageException($"{to} already exists; name a directory that does not exist.");
            }

            if (parsed.GetValue(adapter) is not null || LoraAdapter.IsDirectory(from))
            {
                Merge(from, parsed.GetValue(adapter), to, terminal);
            }
            else
            {
                Convert(from, to, type, terminal);
            }
        });
        return command;
    }

    private static void Merge(string from, string? adapter, string to, Terminal terminal)
    {
        terminal.WriteNotes(ModelSource.Open(from, adapter).Notes());
        long bytes = AdapterMerge.Write(from, adapter, to).Length;
        terminal.Out.WriteLine($"{Megabytes(bytes)} with {adapter ?? from} merged: {Path.GetFullPath(to)}");
    }

    private static void Convert(string from, string to, string? dtype, Terminal terminal)
    {
        // Resolves a directory that contains a GGUF file to that file.
        from = ModelSource.Open(from).Path;
        if (Directory.Exists(from))
        {
            throw new UsageException(
                $"{from} is already a Hugging Face directory; name a GGUF file or an adapter directory, or merge an adapter with --adapter."
            );
        }

        ConversionReport report = GgufConversion.Convert(from, to, dtype);
        terminal.Out.WriteLine(
            $"{report.Config.Family.Name}, {report.Config.NumHiddenLayers} layers, {Megabytes(report.Weights.Length)} in {report.Dtype}: "
                + Path.GetFullPath(to)
        );
        if (report.WithoutTokenizer is { } reason)
        {
            terminal.WriteError($"tokenizer.json was not written: {reason} Copy the model's own tokenizer.json into {to}.");
        }
    }

    private static string Megabytes(long bytes) => $"{Format.Fixed(bytes / 1e6, 1)} MB";
}
