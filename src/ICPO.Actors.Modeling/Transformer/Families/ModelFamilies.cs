using System.Collections.Immutable;

namespace ICPO.Actors.Modeling.Transformer.Families;

/// <summary>The families that model files can name. Immutable: <see cref="With"/> returns an extended registry.</summary>
public sealed class ModelFamilies
{
    private ModelFamilies(ImmutableArray<ModelFamily> all) => All = all;

    /// <summary>The families of this library, in the order in which errors list them.</summary>
    public static ModelFamilies BuiltIn { get; } = new([Qwen3.Family, Qwen2.Family, Llama.Family, Phi3.Family]);

    public ImmutableArray<ModelFamily> All { get; }

    /// <summary>The family of a <c>model_type</c>; null if it is unknown.</summary>
    public ModelFamily? FindModelType(string? modelType) => All.FirstOrDefault(family => family.ModelType == modelType);

    /// <summary>The family of a <c>general.architecture</c>; null if it is unknown.</summary>
    public ModelFamily? FindGguf(string architecture) => All.FirstOrDefault(family => family.GgufArchitecture == architecture);

    /// <summary>This registry and one more family.</summary>
    /// <exception cref="ArgumentException">A family of the same model type is registered.</exception>
    public ModelFamilies With(ModelFamily family) =>
        FindModelType(family.ModelType) is null
            ? new(All.Add(family))
            : throw new ArgumentException($"A family with model_type '{family.ModelType}' is already registered.", nameof(family));
}
