using System.Collections.Immutable;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Inputs;

namespace ICPO.Actors.Cluster.Core;

/// <summary>The files of a run's base model and adapter, as recorded when the run started.</summary>
internal sealed class RunModelFiles
{
    private const string AdapterPrefix = "adapter_";
    private readonly Dictionary<string, string> _paths = [];

    private RunModelFiles(IEnumerable<RunInput> inputs)
    {
        ImmutableArray<ModelFile>.Builder model = ImmutableArray.CreateBuilder<ModelFile>();
        ImmutableArray<ModelFile>.Builder adapter = ImmutableArray.CreateBuilder<ModelFile>();
        foreach (RunInput input in inputs)
        {
            if (input is { Kind: InputKind.Model or InputKind.Tokenizer or InputKind.ChatTemplate, Path: { } path, Length: { } length })
            {
                _paths[input.Name] = path;
                bool ofAdapter = input.Name.StartsWith(AdapterPrefix, StringComparison.Ordinal);
                (ofAdapter ? adapter : model).Add(new ModelFile(input.Name, input.Sha256, length));
            }
        }

        (Model, Adapter) = (model.ToImmutable(), adapter.ToImmutable());
    }

    public ImmutableArray<ModelFile> Model { get; }

    public ImmutableArray<ModelFile> Adapter { get; }

    /// <exception cref="InvalidDataException">The record cannot be read.</exception>
    public static RunModelFiles Read(RunDirectory directory) => new(RunInputs.Read(directory)?.Inputs ?? []);

    /// <summary>The path of a file that is part of the model; null for any other name.</summary>
    public string? PathOf(ImmutableArray<ModelFile> files, string name) =>
        files.Any(file => file.Name == name) ? _paths.GetValueOrDefault(name) : null;
}
