using System.Globalization;
using System.Text.Json;
using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Records;

/// <summary>JSON to facts, as tolerant as Confluent's own reader: order, nulls and extra properties do not matter.</summary>
public static class RecordReader
{
    /// <summary>Reads a record; null if it is of a kind that changes nothing here (NOOP, kinds of others).</summary>
    /// <exception cref="RegistryLogException">The record is not what the log promises.</exception>
    public static RegistryRecord? Read(LogRecord record)
    {
        try
        {
            if (SchemaRecordReader.TryReadKey(record.Key, out var version))
            {
                return SchemaRecordReader.Read(version, record.Value);
            }

            using var key = JsonDocument.Parse(record.Key);
            using var value = record.Value is null ? null : JsonDocument.Parse(record.Value);
            return Read(key.RootElement, value?.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new RegistryLogException(
                $"A record of the log {record.Log} cannot be read: {fault.Message} " +
                $"Its key is {System.Text.Encoding.UTF8.GetString(record.Key)}", fault);
        }
    }

    private static RegistryRecord? Read(JsonElement key, JsonElement? value)
    {
        // A value that is the JSON word null says the same as none.
        var present = value is { ValueKind: JsonValueKind.Object } ? value : null;
        return Text(key, "keytype") switch
        {
            "CONFIG" => new ConfigRecord(SubjectOf(key), present is { } v ? ReadConfig(v) : null),
            "MODE" => new ModeRecord(SubjectOf(key), present is { } v ? RegistryNames.ModeOf(Text(v, "mode")) : null),
            "DELETE_SUBJECT" => present is { } v
                ? new DeleteSubjectRecord(RequireSubject(key), Number(v, "version"))
                : null,
            "CLEAR_SUBJECT" => present is null ? null : new ClearSubjectRecord(RequireSubject(key)),
            "CONTEXT" => new ContextRecord(
                Require(key, "context"), present is null ? ContextPresence.Gone : ContextPresence.Listed),
            "ASSOC" => new AssociationRecord(ReadAssociationKey(key), present is { } v ? ReadAssociation(v) : null),
            "BIND" => present is { } v ? ReadBind(v) : null,
            "UNBIND" => present is { } v ? new UnbindRecord(Require(v, "topic"), At(v), Require(v, "by")) : null,
            _ => null,
        };
    }

    private static SubjectConfig ReadConfig(JsonElement value) => new()
    {
        Alias = Text(value, "alias"),
        AliasForDeks = Text(value, "aliasForDeks"),
        Normalize = Flag(value, "normalize"),
        ValidateFields = Flag(value, "validateFields"),
        ValidateNewSchemas = Flag(value, "validateNewSchemas"),
        ValidateRules = Flag(value, "validateRules"),
        CompatibilityLevel = RegistryNames.LevelOf(Text(value, "compatibilityLevel")),
        CompatibilityPolicy = CompatibilityPolicyNames.Find(Text(value, "compatibilityPolicy")),
        CompatibilityGroup = Text(value, "compatibilityGroup"),
        DefaultMetadata = Part(value, "defaultMetadata", DataContractJson.ReadMetadata),
        OverrideMetadata = Part(value, "overrideMetadata", DataContractJson.ReadMetadata),
        DefaultRuleSet = Part(value, "defaultRuleSet", DataContractJson.ReadRuleSet),
        OverrideRuleSet = Part(value, "overrideRuleSet", DataContractJson.ReadRuleSet),
    };

    private static AssociationKey ReadAssociationKey(JsonElement key) => new(
        Require(key, "resourceName"),
        Require(key, "resourceNamespace"),
        Require(key, "resourceType"),
        Require(key, "associationType"),
        RequireSubject(key));

    private static AssociationValue ReadAssociation(JsonElement value) => new(
        Require(value, "guid"),
        Require(value, "resourceId"),
        AssociationNames.LifecycleOf(Text(value, "lifecycle")) ?? throw new FormatException("The lifecycle is unknown."),
        Flag(value, "frozen") ?? false);

    private static BindRecord ReadBind(JsonElement value) => new(
        Require(value, "topic"),
        ReadSlot(value, "key"),
        ReadSlot(value, "value"),
        ContractNames.BindingOf(Text(value, "binding")) ?? throw new FormatException("The binding is unknown."),
        At(value),
        Require(value, "by"))
    {
        Predecessor = Text(value, "predecessor"),
    };

    private static SlotContract? ReadSlot(JsonElement value, string name)
    {
        if (!value.TryGetProperty(name, out var slot) || slot.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return SchemaFormatNames.TryParse(Text(slot, "format"), out var format)
            ? new SlotContract(
                format, Text(slot, "type"), Text(slot, "subject"), ContractNames.EvolutionOf(Text(slot, "evolution")))
            : throw new FormatException($"The format of the {name} is unknown.");
    }

    private static DateTimeOffset At(JsonElement value) =>
        DateTimeOffset.Parse(Require(value, "at"), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private static Subject? SubjectOf(JsonElement key) => Text(key, "subject") is { } name ? Subject.Parse(name) : null;

    private static Subject RequireSubject(JsonElement key) => Subject.Parse(Text(key, "subject") ?? "");

    private static T? Part<T>(JsonElement element, string name, Func<JsonElement, T> read)
        where T : class =>
        element.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? read(part) : null;

    private static bool? Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? flag.GetBoolean()
            : null;

    private static int Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var number)
            ? number.GetInt32()
            : throw new FormatException($"'{name}' is missing.");

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static string Require(JsonElement element, string name) =>
        Text(element, name) ?? throw new FormatException($"'{name}' is missing.");
}
