using System.Buffers;

namespace SchemaStream.Protobuf.Tests.Messages;

/// <summary>A generated class with its serializer, and the registry's part played: references get ids and versions.</summary>
internal static class Codec
{
    private static readonly ProtobufSerializerProvider Provider = new();

    public static ISchemaDeserializer<T> Deserializer<T>()
    {
        var serializer = Provider.CreateSerializer<T>();
        var (schema, references) = Registered(serializer.SchemaText!, serializer.References);
        return Provider.CreateDeserializer<T>(schema, references);
    }

    /// <summary>A schema and its references as a registry gives them back: each after what it needs.</summary>
    public static (RegisteredSchema Schema, IReadOnlyList<RegisteredSchema> References) Registered(
        string text, IReadOnlyList<ReferencedSchema> references)
    {
        var ordered = new List<RegisteredSchema>();
        return (Register(text, references, subject: null, ordered), ordered.Where(schema => schema.Subject is not null).ToArray());
    }

    public static byte[] Write<T>(ISchemaSerializer<T> serializer, T value)
    {
        var output = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, new SerializationContext("orders", RecordSlot.Value), output);
        return output.WrittenSpan.ToArray();
    }

    private static RegisteredSchema Register(
        string text, IReadOnlyList<ReferencedSchema> references, string? subject, List<RegisteredSchema> ordered)
    {
        var named = new List<SchemaReference>();
        foreach (var reference in references)
        {
            var known = ordered.Find(schema => schema.Subject == reference.Subject)
                ?? Register(reference.Text, reference.References, reference.Subject, ordered);
            named.Add(new SchemaReference(reference.Name, known.Subject!, known.Version));
        }

        var registered = new RegisteredSchema(ordered.Count + 1, SchemaFormat.Protobuf, text, named, subject, 1);
        ordered.Add(registered);
        return registered;
    }
}
