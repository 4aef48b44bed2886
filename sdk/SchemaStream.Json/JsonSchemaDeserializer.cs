using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SchemaStream.Json.Types;
using SchemaStream.Json.Validation;

namespace SchemaStream.Json;

/// <summary>Reads values of one type from the JSON of one writer's schema.</summary>
/// <typeparam name="T">The C# type.</typeparam>
/// <remarks>
/// Members that the type does not know are passed over, and missing ones keep their default, as System.Text.Json's settings
/// have it. With validation on, what does not follow the writer's schema is refused before an object is made of it.
/// </remarks>
public sealed class JsonSchemaDeserializer<T> : ISchemaDeserializer<T>
{
    private readonly JsonTypeInfo<T> _type;
    private readonly JsonSchemaValidator? _validator;

    /// <summary>Makes a deserializer for what was written with a schema.</summary>
    /// <param name="writerSchema">The writer's schema.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="SchemaSerializationException">The type cannot be read, or the schema cannot be validated with.</exception>
    public JsonSchemaDeserializer(JsonSchema writerSchema, JsonFormatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(writerSchema);
        options ??= new JsonFormatOptions();
        _type = TypeContracts.Of<T>(options.SerializerOptions);
        try
        {
            _validator = options.Validation.HasFlag(JsonDataValidation.Reading)
                ? new JsonSchemaValidator(writerSchema, ValidationSettings.DepthOf(_type.Options))
                : null;
        }
        catch (JsonSchemaException unusable)
        {
            throw new SchemaSerializationException(
                $"Data cannot be held against the writer's schema: {unusable.Message} To read without, set " +
                $"{nameof(JsonFormatOptions)}.{nameof(JsonFormatOptions.Validation)}.", unusable);
        }
    }

    /// <inheritdoc/>
    public T Deserialize(ReadOnlySpan<byte> input, in SerializationContext context)
    {
        if (_validator?.Validate(input) is { } violation)
        {
            throw new SchemaSerializationException(
                $"A {context.Slot} of topic '{context.Topic}' does not follow its writer's schema: {violation}");
        }

        try
        {
            return System.Text.Json.JsonSerializer.Deserialize(input, _type) ?? throw new SchemaSerializationException(
                $"A {context.Slot} of topic '{context.Topic}' is JSON's null; a record without a value has no bytes at all.");
        }
        catch (Exception misfit) when (misfit is JsonException or NotSupportedException or InvalidOperationException
            or FormatException or ArgumentException or OverflowException)
        {
            throw new SchemaSerializationException(
                $"A {context.Slot} of topic '{context.Topic}' cannot be read as {typeof(T)}: {misfit.Message}", misfit);
        }
    }
}
