using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SchemaStream.Json.Types;
using SchemaStream.Json.Validation;

namespace SchemaStream.Json;

/// <summary>Writes values of one type as JSON.</summary>
/// <typeparam name="T">The C# type.</typeparam>
/// <remarks>
/// System.Text.Json writes straight into the output's memory. With validation on, it writes into a buffer of the thread,
/// which is copied to the output once it was found valid.
/// </remarks>
public sealed class JsonSchemaSerializer<T> : ISchemaSerializer<T>
{
    private readonly JsonTypeInfo<T> _type;
    private readonly JsonSerializerOptions _settings;
    private readonly JsonSchemaValidator? _validator;

    /// <summary>Makes the serializer.</summary>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <exception cref="SchemaSerializationException">The type cannot be written as JSON, or the schema given for it is none.</exception>
    public JsonSchemaSerializer(JsonFormatOptions? options = null)
    {
        options ??= new JsonFormatOptions();
        _type = TypeContracts.Of<T>(options.SerializerOptions);
        _settings = _type.Options;
        SchemaText = options.Schemas.TryGetValue(typeof(T), out var given) ? given : SchemaDerivation.Derive(_type, options);
        try
        {
            var schema = JsonSchema.Parse(SchemaText);
            TypeName = schema.ContractName;
            _validator = options.Validation.HasFlag(JsonDataValidation.Writing)
                ? new JsonSchemaValidator(schema, ValidationSettings.DepthOf(_settings))
                : null;
        }
        catch (JsonSchemaException invalid)
        {
            throw new SchemaSerializationException($"The schema of {typeof(T)} is no JSON Schema: {invalid.Message}", invalid);
        }
    }

    /// <inheritdoc/>
    public SchemaFormat Format => SchemaFormat.Json;

    /// <summary>The schema: the one given for the type, else the one derived from it.</summary>
    public string SchemaText { get; }

    /// <summary>The schema's title, else its id.</summary>
    public string? TypeName { get; }

    /// <inheritdoc/>
    public void Serialize(T value, in SerializationContext context, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        try
        {
            if (_validator is null)
            {
                Write(value, output);
            }
            else
            {
                WriteValid(_validator, value, in context, output);
            }
        }
        catch (Exception misfit) when (misfit is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            // A cycle or too deep, a type that the settings do not know, NaN, text with half a surrogate pair.
            throw new SchemaSerializationException(
                $"A {context.Slot} of topic '{context.Topic}' cannot be written as {TypeName}: {misfit.Message}", misfit);
        }
    }

    private void WriteValid(JsonSchemaValidator validator, T value, in SerializationContext context, IBufferWriter<byte> output)
    {
        var scratch = ScratchBuffer.Rent();
        try
        {
            Write(value, scratch);
            if (validator.Validate(scratch.Written) is { } violation)
            {
                throw new SchemaSerializationException(
                    $"A {context.Slot} of topic '{context.Topic}' does not follow its schema {TypeName}: {violation}");
            }

            scratch.CopyTo(output);
        }
        finally
        {
            scratch.Return();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(T value, IBufferWriter<byte> output)
    {
        // A writer with which something failed is not given back.
        var pooled = PooledJsonWriter.Rent(_settings, output);
        System.Text.Json.JsonSerializer.Serialize(pooled.Writer, value, _type);
        pooled.Writer.Flush();
        pooled.Return();
    }
}
