using SchemaStream.Cli.Errors;

namespace SchemaStream.Cli.Contracts;

/// <summary>What a slot carries as a command line says it: <c>string</c>, <c>avro:com.acme.A</c>, <c>avro:com.acme.A|com.acme.B</c>, <c>json</c>.</summary>
/// <remarks>As the topic configs <c>schemastream.key.type</c> and <c>schemastream.value.type</c> have it.</remarks>
internal static class SlotText
{
    public const string Forms = "string, bytes, int32, int64, float32, float64, uuid, none, avro:TYPE, avro:TYPE|TYPE, protobuf:TYPE, json or json:TITLE";

    /// <exception cref="CliException">It is none of the forms.</exception>
    public static SlotContract Read(string option, string text, string? subject, bool isFrozen)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var word = colon < 0 ? text : text[..colon];
        var types = colon < 0 ? [] : text[(colon + 1)..].Split('|', StringSplitOptions.TrimEntries);
        if (!SchemaFormatNames.TryParse(word, out var format))
        {
            throw ErrorCatalog.Usage.Exception($"{option} {text}: '{word}' is no format.", nextStep: $"Say one of {Forms}.");
        }

        var isTyped = SchemaFormatNames.HasSchema(format);
        var isWrong = isTyped
            ? (types.Length == 0 && format != SchemaFormat.Json) || (types.Length > 1 && format != SchemaFormat.Avro) || types.Any(type => type.Length == 0)
            : colon >= 0 || subject is not null;
        if (isWrong)
        {
            throw ErrorCatalog.Usage.Exception(
                isTyped ? $"{option} {text}: {word} needs one type's name (Avro: or several, parted by '|')." : $"{option} {text}: {word} has neither a type nor a subject.",
                nextStep: $"Say one of {Forms}.");
        }

        return new SlotContract(
            format,
            types.Length == 0 ? null : string.Join(',', types.Order(StringComparer.Ordinal)),
            subject,
            isFrozen ? EvolutionPolicy.Frozen : null);
    }
}
