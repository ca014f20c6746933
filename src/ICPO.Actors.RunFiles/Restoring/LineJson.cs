using System.Text.Json.Serialization;

namespace ICPO.Actors.RunFiles.Restoring;

[JsonSerializable(typeof(string))]
internal sealed partial class LineJson : JsonSerializerContext;
