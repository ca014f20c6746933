using System.CommandLine;
using ICPO.Actors.Host.CommandLine;
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
                "GGUF file (llama, qwen2 or qwen3) or a directory with one, adapter directory that names its base model, or a model of either kind with --adapter.",
        };
        var output = new Argument<string>("OUT") { Description = "Hugging Face directory to write; it must not exist yet." };
        var dtype = new Option<string?>("--dtype")
        {
            Description = $"For a GGUF file: one of {string.Join(", ", GgufConversion.Dtypes)}; left out, nothing is lost.",
            HelpName = "DTYPE",
        };
        var adapter = new Option<string?>("--adapter")
        {
            Description = "PEFT directory of a LoRA to merge into the model IN.",
            HelpName = "DIR",
        };
        var command = new ExampledCommand(
            "convert",
            "Makes a Hugging Face directory (config, weights, generation settings, tokenizer) of a GGUF file, or of a model and an adapter.",
            "icpo convert SmolLM2-135M-Instruct.Q4_1.gguf models/smollm2\nicpo convert model.gguf models/mine --dtype bfloat16\nicpo convert models/base models/merged --adapter runs/lora/checkpoints/update-000150"
        )
        {
            input,
            output,
            dtype,
            adapter,
        };
        command.SetAction(parsed =>
        {
            string from = parsed.GetRequiredValue(input),
                to = parsed.GetRequiredValue(output);
            if (parsed.GetValue(dtype) is { } name && !GgufConversion.Dtypes.Contains(name))
            {
                throw new UsageException($"--dtype {name}: it must be one of {string.Join(", ", GgufConversion.Dtypes)}.");
            }

            if (Path.Exists(to))
            {
                throw new UsageException($"{to} exists already; name a directory that does not.");
            }

            if (parsed.GetValue(adapter) is not null || LoraAdapter.IsDirectory(from))
            {
                terminal.Out.WriteLine(
                    $"{AdapterMerge.Write(from, parsed.GetValue(adapter), to).Length / 1e6:0.0} MB with {parsed.GetValue(adapter) ?? from} merged: {Path.GetFullPath(to)}"
                );
                return;
            }

            from = ModelSource.Open(from).Path; // of a directory that holds a GGUF file, the file
            if (Directory.Exists(from))
            {
                throw new UsageException(
                    $"{from} is a model directory; name a GGUF file or an adapter's directory, or an --adapter to merge into it."
                );
            }

            ConversionReport report = GgufConversion.Convert(from, to, parsed.GetValue(dtype));
            terminal.Out.WriteLine(
                $"{report.Config.Architecture}, {report.Config.NumHiddenLayers} layers, {report.Weights.Length / 1e6:0.0} MB in {report.Dtype}: {Path.GetFullPath(to)}"
            );
            if (report.WithoutTokenizer is { } why)
            {
                terminal.Error.WriteLine($"icpo: no tokenizer.json was written: {why} Copy the model's own beside config.json.");
            }
        });
        return command;
    }
}
