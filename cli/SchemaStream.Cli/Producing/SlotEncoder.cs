using System.Text;
using System.Text.Json;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Formats.Primitives;
using SchemaStream.Cli.Schemas;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Producing;

/// <summary>How a command line says what keys or values are written as.</summary>
/// <param name="Format">auto or a primitive.</param>
/// <param name="Subject">Null: the topic's.</param>
/// <param name="Version">Null: the latest.</param>
/// <param name="Message">The Protobuf message; null: the contract's, else the file's first.</param>
internal sealed record SlotChoice(SlotFormat Format, string? Subject = null, int? Version = null, string? Message = null);

/// <summary>Makes a slot's bytes of JSON values and of texts.</summary>
internal sealed class SlotEncoder
{
    private readonly ISchemaCodec _codec;
    private readonly int? _schemaId;

    private SlotEncoder(ISchemaCodec codec, int? schemaId)
    {
        _codec = codec;
        _schemaId = schemaId;
    }

    /// <summary>Whether lines are taken as they stand: there is no schema that would have them be JSON.</summary>
    public bool IsText => _codec is PrimitiveCodec;

    /// <summary>As messages name it: <c>AVRO com.acme.Order (schema 3)</c>.</summary>
    public string Description => _schemaId is { } id
        ? $"{SchemaFormatNames.NameOf(_codec.Format)} {_codec.TypeName} (schema {id})"
        : _codec.TypeName;

    /// <summary>As told; else as the topic's contract has it; else with the latest schema under its subject; else as text.</summary>
    /// <exception cref="CliException">A schema that is needed is not there.</exception>
    public static async Task<SlotEncoder> OpenAsync(
        RegistryClient registry, TopicContract? contract, string topic, RecordSlot slot, SlotChoice choice, CancellationToken cancellationToken)
    {
        if (choice.Format.Primitive is { } told)
        {
            return new SlotEncoder(new PrimitiveCodec(told), null);
        }

        var bound = contract?[slot];
        if (choice.Subject is null && bound is not null && !SchemaFormatNames.HasSchema(bound.Format))
        {
            return new SlotEncoder(new PrimitiveCodec(bound.Format), null);
        }

        var subject = choice.Subject ?? bound?.Subject ?? $"{topic}-{(slot == RecordSlot.Key ? "key" : "value")}";
        var schema = choice.Subject is null && choice.Version is null
            ? await registry.GetLatestAsync(subject, cancellationToken)
            : await RegistryLookup.VersionAsync(registry, subject, choice.Version, cancellationToken);
        if (schema is null)
        {
            return bound is null
                ? new SlotEncoder(new PrimitiveCodec(SchemaFormat.String), null)
                : throw ErrorCatalog.SubjectUnknown.Exception(
                    $"Topic '{topic}' carries {bound.Describe()}, but subject '{subject}' has no schema of it yet.",
                    nextStep: $"Register it: `schemastream schemas register {subject} --file FILE`.");
        }

        if (bound is not null && bound.Format != schema.Format)
        {
            throw ErrorCatalog.ContractViolated.Exception(
                $"Topic '{topic}' carries {bound.Describe()}, and '{subject}' holds {SchemaFormatNames.NameOf(schema.Format)}.");
        }

        var message = choice.Message ?? (schema.Format == SchemaFormat.Protobuf ? bound?.Type : null);
        return new SlotEncoder(await new RegistryCodecs(registry, JsonStyle.Readable).OfAsync(schema, message, cancellationToken), schema.Id);
    }

    /// <exception cref="CodecException">The value does not fit.</exception>
    public byte[]? Encode(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : Frame(_codec.FromJson(value));

    /// <summary>A line: JSON where there is a schema, text as it stands where there is none.</summary>
    /// <exception cref="CodecException">The value does not fit.</exception>
    public byte[]? EncodeText(string text) => _codec is PrimitiveCodec primitive
        ? primitive.EncodeText(text)
        : Frame(_codec.FromJson(Encoding.UTF8.GetBytes(text)));

    /// <summary>A key as a command line has it: JSON, or else a text that need not stand in quotes.</summary>
    public byte[]? EncodeLoosely(string text)
    {
        if (_codec is PrimitiveCodec)
        {
            return EncodeText(text);
        }

        try
        {
            return EncodeText(text);
        }
        catch (CodecException)
        {
            return Frame(_codec.FromJson(Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text)}\"")));
        }
    }

    private byte[] Frame(byte[] payload) => _schemaId is { } id ? WireFormat.Frame(id, payload) : payload;
}
