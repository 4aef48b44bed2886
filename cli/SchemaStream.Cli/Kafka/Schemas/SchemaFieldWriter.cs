using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SchemaStream.Cli.Formats;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Kafka.Schemas;

/// <summary>Makes a key or a value of a line's text, as Confluent's message readers do: JSON, written with one registered schema.</summary>
internal sealed class SchemaFieldWriter
{
    private const int MaxSchemaBytes = 16 * 1024 * 1024;

    private readonly ISchemaCodec _codec;
    private readonly int _id;

    private SchemaFieldWriter(ISchemaCodec codec, int id)
    {
        _codec = codec;
        _id = id;
    }

    /// <summary>How a key or value is written.</summary>
    /// <param name="registry">Where the schema is registered, or looked up.</param>
    /// <param name="properties">By the names of Confluent's readers.</param>
    /// <param name="format">The schema's format, unless it is named by its id.</param>
    /// <param name="topic">The topic, for the subject's name.</param>
    /// <param name="field"><c>key</c> or <c>value</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ToolFailedException">There is no schema, or the registry refuses it.</exception>
    public static async Task<Func<string, byte[]>> OfAsync(
        RegistryClient registry,
        IReadOnlyDictionary<string, string> properties,
        SchemaFormat format,
        string topic,
        string field,
        CancellationToken cancellationToken)
    {
        if (field == "key" && properties.TryGetValue("key.serializer", out var serializer))
        {
            return PlainOf(serializer);
        }

        try
        {
            var codecs = new RegistryCodecs(registry, JsonStyle.Encoded);
            var schema = await SchemaAsync(registry, properties, format, field, cancellationToken);
            var codec = await codecs.OfAsync(schema, null, cancellationToken);
            var subject = SubjectOf(properties, topic, field, codec.TypeName);
            var registered = await RegisteredAsync(registry, properties, subject, schema, cancellationToken);
            if (registered.Text != schema.Text)
            {
                codec = await codecs.OfAsync(registered, null, cancellationToken); // the subject's latest, in the place of one's own
            }

            return new SchemaFieldWriter(codec, registered.Id).Write;
        }
        catch (Exception refused) when (SchemaFormats.IsExpected(refused))
        {
            throw new ToolFailedException($"The schema of the {field}: {refused.Message}", refused);
        }
    }

    private byte[] Write(string text)
    {
        try
        {
            return WireFormat.Frame(_id, _codec.FromJson(Encoding.UTF8.GetBytes(text)));
        }
        catch (CodecException wrong)
        {
            throw new ToolFailedException(
                $"Error deserializing json {text} to {SchemaFormatNames.NameOf(_codec.Format)} of schema {_codec.TypeName}: {wrong.Message}", wrong);
        }
    }

    private static async Task<RegisteredSchema> SchemaAsync(
        RegistryClient registry, IReadOnlyDictionary<string, string> properties, SchemaFormat format, string field, CancellationToken cancellationToken)
    {
        if (properties.TryGetValue($"{field}.schema.id", out var id))
        {
            return int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? await registry.GetSchemaAsync(number, cancellationToken)
                : throw new ToolFailedException($"Error parsing {field}.schema.id as int");
        }

        var text = properties.TryGetValue($"{field}.schema", out var given) ? given
            : properties.TryGetValue($"{field}.schema.file", out var file) ? Read(file)
            : throw new ToolFailedException(
                $"Must provide the {field} schema in either {field}.schema, {field}.schema.id, or {field}.schema.file");
        return new RegisteredSchema(0, format, text, properties.TryGetValue($"{field}.refs", out var references) ? References(field, references) : []);
    }

    /// <summary>The schema with its id: registered, looked up, or the subject's latest.</summary>
    private static async Task<RegisteredSchema> RegisteredAsync(
        RegistryClient registry, IReadOnlyDictionary<string, string> properties, string subject, RegisteredSchema schema, CancellationToken cancellationToken)
    {
        var definition = new SchemaDefinition(schema.Format, schema.Text, schema.References);
        if (Is(properties, "auto.register.schemas", Is(properties, "auto.register", true)))
        {
            return schema with { Id = (await registry.RegisterAsync(subject, definition, cancellationToken)).Id };
        }

        if (Is(properties, "use.latest.version", false))
        {
            return await registry.GetLatestAsync(subject, cancellationToken)
                ?? throw new ToolFailedException($"Subject '{subject}' not found: use.latest.version has no version to use");
        }

        var found = await registry.FindSchemaAsync(subject, definition, cancellationToken)
            ?? throw new ToolFailedException($"Error retrieving {SchemaFormatNames.NameOf(schema.Format)} schema: subject '{subject}' does not hold it");
        return schema with { Id = found.Id };
    }

    private static string SubjectOf(IReadOnlyDictionary<string, string> properties, string topic, string field, string record)
    {
        var strategy = properties.GetValueOrDefault($"{field}.subject.name.strategy", "TopicNameStrategy");
        return strategy[(strategy.LastIndexOf('.') + 1)..] switch
        {
            "TopicNameStrategy" => $"{topic}-{field}",
            "RecordNameStrategy" => record,
            "TopicRecordNameStrategy" => $"{topic}-{record}",
            var other => throw new ToolFailedException(
                $"{field}.subject.name.strategy is {other}; TopicNameStrategy, RecordNameStrategy or TopicRecordNameStrategy was expected"),
        };
    }

    private static List<SchemaReference> References(string field, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(each => new SchemaReference(
                each.GetProperty("name").GetString()!, each.GetProperty("subject").GetString()!, each.GetProperty("version").GetInt32()))];
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ToolFailedException($"{field}.refs is no list such as [{{\"name\":\"…\",\"subject\":\"…\",\"version\":1}}]: {wrong.Message}", wrong);
        }
    }

    private static string Read(string file)
    {
        try
        {
            return new FileInfo(file).Length <= MaxSchemaBytes ? File.ReadAllText(file) : throw new ToolFailedException($"{file} has more than {MaxSchemaBytes} bytes");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ToolFailedException($"Error reading schema from {file}", unreadable);
        }
    }

    /// <summary>Keys need not have a schema.</summary>
    private static Func<string, byte[]> PlainOf(string serializer) => serializer[(serializer.LastIndexOf('.') + 1)..] switch
    {
        "StringSerializer" => Encoding.UTF8.GetBytes,
        "LongSerializer" => text => Number<long>(text, sizeof(long), BinaryPrimitives.WriteInt64BigEndian),
        "IntegerSerializer" => text => Number<int>(text, sizeof(int), BinaryPrimitives.WriteInt32BigEndian),
        "ShortSerializer" => text => Number<short>(text, sizeof(short), BinaryPrimitives.WriteInt16BigEndian),
        _ => throw new ToolFailedException($"Error initializing key.serializer: {serializer} is not known here; String, Long, Integer and ShortSerializer are"),
    };

    private static byte[] Number<T>(string text, int size, Action<Span<byte>, T> write)
        where T : struct, ISpanParsable<T>
    {
        if (!T.TryParse(text.AsSpan(), CultureInfo.InvariantCulture, out var number))
        {
            throw new ToolFailedException($"For input string: \"{text}\"");
        }

        var bytes = new byte[size];
        write(bytes, number);
        return bytes;
    }

    private static bool Is(IReadOnlyDictionary<string, string> properties, string name, bool otherwise) => properties.TryGetValue(name, out var text)
        ? text.Trim().Equals("true", StringComparison.OrdinalIgnoreCase)
        : otherwise;
}
