using System.Diagnostics.CodeAnalysis;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro;

/// <summary>Avro as the SDK's plug-in. A client has one by itself; give it one of your own to say which schema a type follows.</summary>
/// <example><code>
/// var options = new SchemaStreamOptions { Formats = [new AvroSerializerProvider().WithSchema&lt;AvroRecord&gt;(schema)] };
/// </code></example>
public sealed class AvroSerializerProvider : ISchemaSerializerProvider
{
    private readonly Dictionary<Type, Given> _given = [];

    /// <inheritdoc/>
    public SchemaFormat Format => SchemaFormat.Avro;

    /// <summary>Has values of a type follow a schema that is given, in place of the type's own. Not thread-safe: say it before the provider is used.</summary>
    /// <param name="schema">The schema: data is written with it, and read as it says, from whatever writer.</param>
    /// <typeparam name="T">The C# type; <see cref="AvroRecord"/>, which has no schema of its own, needs one.</typeparam>
    /// <returns>This provider.</returns>
    /// <exception cref="AvroSchemaException">The type does not fit the schema; the message names the member.</exception>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public AvroSerializerProvider WithSchema<T>(AvroSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        _given[typeof(T)] = new Given(new AvroSerializer<T>(schema), writer => new AvroDeserializer<T>(writer, schema));
        return this;
    }

    /// <inheritdoc/>
    public ISchemaSerializer<T> CreateSerializer<T>() =>
        _given.TryGetValue(typeof(T), out var given) ? (ISchemaSerializer<T>)given.Serializer : new AvroSerializer<T>();

    /// <inheritdoc/>
    public ISchemaDeserializer<T> CreateDeserializer<T>(RegisteredSchema writer, IReadOnlyList<RegisteredSchema> references)
    {
        var schema = Parse(writer, references);
        return _given.TryGetValue(typeof(T), out var given)
            ? (ISchemaDeserializer<T>)given.MakeDeserializer(schema)
            : new AvroDeserializer<T>(schema);
    }

    /// <inheritdoc/>
    public string? TypeNameOf(RegisteredSchema schema, IReadOnlyList<RegisteredSchema> references) =>
        Parse(schema, references).ContractName;

    private static AvroSchema Parse(RegisteredSchema schema, IReadOnlyList<RegisteredSchema> references)
    {
        if (schema.Format != SchemaFormat.Avro)
        {
            throw new AvroSchemaException($"The schema {schema.Id} is {schema.Format}, not Avro.");
        }

        // Some registry took these texts, perhaps by rules looser than ours: what can be used is used.
        var known = new List<AvroSchema>();
        foreach (var reference in references)
        {
            known.Add(AvroSchema.Parse(reference.Text, known, AvroValidation.Lenient));
        }

        return AvroSchema.Parse(schema.Text, known, AvroValidation.Lenient);
    }

    /// <summary>What a given schema makes of a type.</summary>
    private sealed record Given(object Serializer, Func<AvroSchema, object> MakeDeserializer);
}
