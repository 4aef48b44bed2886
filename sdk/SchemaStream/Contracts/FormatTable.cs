using System.Runtime.CompilerServices;
using SchemaStream.Avro;
using SchemaStream.Json;
using SchemaStream.Primitives;
using SchemaStream.Protobuf;

namespace SchemaStream.Contracts;

/// <summary>The formats that a client has: those that it was given, then the built-in ones.</summary>
/// <param name="providers">Those that it was given; the last of a format wins.</param>
internal sealed class FormatTable(IEnumerable<ISchemaSerializerProvider> providers)
{
    private readonly Dictionary<SchemaFormat, ISchemaSerializerProvider> _providers = Index(providers);
    private readonly Lock _lock = new();

    /// <summary>The provider of a format.</summary>
    /// <param name="format">The format.</param>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public ISchemaSerializerProvider Of(SchemaFormat format)
    {
        lock (_lock)
        {
            if (!_providers.TryGetValue(format, out var provider))
            {
                provider = BuiltIn(format) ?? throw new NotSupportedException(
                    $"This client has no serializers for {SchemaFormatNames.NameOf(format)}: add a provider to "
                    + $"{nameof(SchemaStreamOptions)}.{nameof(SchemaStreamOptions.Formats)}.");
                _providers[format] = provider;
            }

            return provider;
        }
    }

    /// <summary>Whether a C# type in a format is one of Kafka's own primitives, which need no provider.</summary>
    /// <param name="type">The C# type.</param>
    /// <param name="format">The format.</param>
    public static bool IsPrimitive(Type type, SchemaFormat format) =>
        !SchemaFormatNames.HasSchema(format) && (Topic.PrimitiveOf(type) == format || format != SchemaFormat.Bytes);

    /// <summary>The deserializer of a format whose bytes name no schema: a primitive's, or a custom format's.</summary>
    /// <typeparam name="T">The C# type.</typeparam>
    /// <param name="format">The format.</param>
    public ISchemaDeserializer<T> PlainDeserializer<T>(SchemaFormat format) => IsPrimitive(typeof(T), format)
        ? PrimitiveSerializers.Deserializer<T>(format)
        : Of(format).CreateDeserializer<T>(new RegisteredSchema(0, format, "", []), []);

    private static ISchemaSerializerProvider? BuiltIn(SchemaFormat format) => format switch
    {
        SchemaFormat.Avro => Avro(),
        SchemaFormat.Json => Json(),
        SchemaFormat.Protobuf => Protobuf(),
        _ => null,
    };

    // Each in a method of its own: an assembly is loaded when the first method that names its types is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AvroSerializerProvider Avro() => new();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static JsonSerializerProvider Json() => new();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ProtobufSerializerProvider Protobuf() => new();

    private static Dictionary<SchemaFormat, ISchemaSerializerProvider> Index(IEnumerable<ISchemaSerializerProvider> providers)
    {
        var index = new Dictionary<SchemaFormat, ISchemaSerializerProvider>();
        foreach (var provider in providers)
        {
            index[provider.Format] = provider;
        }

        return index;
    }
}
