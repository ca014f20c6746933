using ICPO.DataFiles.Json;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints.Safetensors;

/// <summary>Names of number formats in safetensors files and in config.json.</summary>
internal static class TensorDtype
{
    private const int Floating = 4; // the first of Known

    private static readonly (string Safetensors, string Config, ScalarType Type)[] Known =
    [
        ("F64", "float64", ScalarType.Float64),
        ("F32", "float32", ScalarType.Float32),
        ("F16", "float16", ScalarType.Float16),
        ("BF16", "bfloat16", ScalarType.BFloat16),
        ("I64", "int64", ScalarType.Int64),
        ("I32", "int32", ScalarType.Int32),
        ("I16", "int16", ScalarType.Int16),
        ("I8", "int8", ScalarType.Int8),
        ("U8", "uint8", ScalarType.Byte),
        ("BOOL", "bool", ScalarType.Bool),
    ];

    /// <exception cref="InvalidDataException">torch has no such format (U16, U32, U64).</exception>
    public static ScalarType Of(string safetensors, string path, string name) =>
        Known.Where(k => k.Safetensors == safetensors).Select(k => (ScalarType?)k.Type).FirstOrDefault()
        ?? throw new InvalidDataException($"{path}: tensor {name} is stored as {safetensors}, which cannot be computed with; convert it.");

    /// <summary>Fails unless a tensor holds floating-point numbers that weights can be read from.</summary>
    /// <exception cref="InvalidDataException">It holds integers or float8; names it.</exception>
    public static void RequireWeight(TensorEntry tensor, string path)
    {
        if (!Known.Take(Floating).Any(k => k.Safetensors == tensor.Dtype))
        {
            throw new InvalidDataException(
                $"{path}: tensor {OneLine.Of(tensor.Name)} is stored as {tensor.Dtype}, as weights of a quantized model are, and this "
                    + "quantization is not read; save the model in float32, bfloat16 or float16."
            );
        }
    }

    public static string Safetensors(ScalarType type) => Known.First(k => k.Type == type).Safetensors;

    public static string Config(ScalarType type) => Known.First(k => k.Type == type).Config;

    /// <summary>The format a config.json names; null if it is none of floating point.</summary>
    public static ScalarType? FromConfig(string name) =>
        Known.Take(Floating).Where(k => k.Config == name).Select(k => (ScalarType?)k.Type).FirstOrDefault();
}
