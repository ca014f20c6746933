using System.Text;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>The HOCON with which an actor system uses only <see cref="IcpoSerializer"/> for the project's messages.</summary>
public static class WireConfiguration
{
    private static readonly string Serializer = $"{typeof(IcpoSerializer).FullName}, {typeof(IcpoSerializer).Assembly.GetName().Name}";

    /// <summary>The serializer and its bindings, one per message: made from the codecs, so the two cannot drift apart.</summary>
    public static string Hocon { get; } = Compose();

    /// <summary>
    /// For an actor system that is the project's alone: sending or storing a type that no serializer is bound to throws.
    /// </summary>
    public const string Strict = "akka.actor.serialization-settings.allow-unregistered-types = false\n";

    private static string Compose()
    {
        StringBuilder hocon = new();
        hocon.Append("akka.actor {\n");
        hocon.Append($"  serializers.icpo = \"{Serializer}\"\n");
        hocon.Append($"  serialization-identifiers {{ \"{Serializer}\" = {IcpoSerializer.Id} }}\n");
        hocon.Append("  serialization-bindings {\n");
        foreach (Type type in CodecRegistry.ByType.Keys.OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            hocon.Append($"    \"{type.FullName}, {type.Assembly.GetName().Name}\" = icpo\n");
        }

        hocon.Append("  }\n");
        hocon.Append("}\n");
        return hocon.ToString();
    }
}
