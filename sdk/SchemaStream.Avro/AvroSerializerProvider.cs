using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro;

/// <summary>Avro as the SDK's plug-in.</summary>
public sealed class AvroSerializerProvider : ISchemaSerializerProvider
{
    /// <inheritdoc/>
    public SchemaFormat Format => SchemaFormat.Avro;

    /// <inheritdoc/>
    public ISchemaSerializer<T> CreateSerializer<T>() => new AvroSerializer<T>();

    /// <inheritdoc/>
    public ISchemaDeserializer<T> CreateDeserializer<T>(RegisteredSchema writer, IReadOnlyList<RegisteredSchema> references) =>
        new AvroDeserializer<T>(Parse(writer, references));

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
}
