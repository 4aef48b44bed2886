using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>
/// Values of generic records as C# types and back: through the bytes that both have in common, so that one set of rules
/// holds. The code for a schema and a type is compiled once and lives as long as the schema.
/// </summary>
internal static class StoredValues
{
    private static readonly SerializationContext None = new("", RecordSlot.Value);
    private static readonly ConditionalWeakTable<AvroSchema, ConcurrentDictionary<Type, object>> Writers = [];
    private static readonly ConditionalWeakTable<AvroSchema, ConcurrentDictionary<Type, object>> Readers = [];

    /// <summary>A stored value as a C# type.</summary>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public static T To<T>(AvroSchema schema, object? stored, string path)
    {
        if (stored is T same && typeof(T) != typeof(object))
        {
            return same;
        }

        try
        {
            return Reader<T>(schema).Deserialize(Write(Writer<object?>(schema), stored), None);
        }
        catch (AvroDataException e) when (e.Offset < 0)
        {
            throw new AvroDataException($"{path}: {e.Problem}", e);
        }
    }

    /// <summary>A C# value as it is stored.</summary>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public static object? From<T>(AvroSchema schema, T value) => Read(schema, Write(Writer<T>(schema), value));

    /// <summary>The stored value of some bytes.</summary>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public static object? Read(AvroSchema schema, ReadOnlySpan<byte> bytes) => Reader<object?>(schema).Deserialize(bytes, None);

    /// <summary>Whether two values are equal, looked at in depth.</summary>
    public static bool AreEqual(object? one, object? other)
    {
        switch (one, other)
        {
            case (byte[] a, byte[] b):
                return a.AsSpan().SequenceEqual(b);
            case (object?[] a, object?[] b):
                return a.Length == b.Length && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second));
            case (List<object?> a, List<object?> b):
                return a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second));
            case (Dictionary<string, object?> a, Dictionary<string, object?> b):
                return a.Count == b.Count && a.All(entry => b.TryGetValue(entry.Key, out var value) && AreEqual(entry.Value, value));
            default:
                return Equals(one, other);
        }
    }

    private static ReadOnlySpan<byte> Write<T>(AvroSerializer<T> serializer, T value)
    {
        var output = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, None, output);
        return output.WrittenSpan;
    }

    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    private static AvroSerializer<T> Writer<T>(AvroSchema schema) =>
        (AvroSerializer<T>)Writers.GetOrCreateValue(schema).GetOrAdd(typeof(T), static (_, schema) => new AvroSerializer<T>(schema), schema);

    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    private static AvroDeserializer<T> Reader<T>(AvroSchema schema) =>
        (AvroDeserializer<T>)Readers.GetOrCreateValue(schema).GetOrAdd(typeof(T), static (_, schema) => new AvroDeserializer<T>(schema, schema), schema);
}
