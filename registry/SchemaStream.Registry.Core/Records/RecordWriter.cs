using System.Globalization;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Records;

/// <summary>Facts to JSON, with Confluent's properties in Confluent's order: the key's bytes are its identity.</summary>
public static class RecordWriter
{
    public static LogRecord Write(RegistryRecord record, DateTimeOffset timestamp) => record switch
    {
        SchemaRecord r => Make(r, timestamp, w => WriteKey(w, r.Key), r.Value is { } v ? w => WriteValue(w, r.Key, v) : null),
        ConfigRecord r => Make(
            r, timestamp, w => WriteKey(w, "CONFIG", r.Subject), r.Value is { } v ? w => WriteValue(w, r.Subject, v) : null),
        ModeRecord r => Make(
            r, timestamp, w => WriteKey(w, "MODE", r.Subject), r.Mode is { } m ? w => WriteValue(w, r.Subject, m) : null),
        DeleteSubjectRecord r => Make(
            r, timestamp, w => WriteKey(w, "DELETE_SUBJECT", r.Subject), w => WriteValue(w, r)),
        ClearSubjectRecord r => Make(
            r, timestamp, w => WriteKey(w, "CLEAR_SUBJECT", r.Subject), w => w.WriteString("subject", r.Subject.ToString())),
        ContextRecord r => Make(
            r,
            timestamp,
            w =>
            {
                w.WriteString("keytype", "CONTEXT");
                WriteContext(w, r.Context);
                w.WriteNumber("magic", 0);
            },
            r.Presence == ContextPresence.Listed ? w => WriteContext(w, r.Context) : null),
        AssociationRecord r => Make(
            r,
            timestamp,
            w =>
            {
                w.WriteString("keytype", "ASSOC");
                WriteResource(w, r.Key, resourceId: null);
                w.WriteString("subject", r.Key.Subject.ToString());
                w.WriteNumber("magic", 0);
            },
            r.Value is { } v ? w => WriteValue(w, r.Key, v) : null),
        BindRecord r => Make(r, timestamp, w => WriteKey(w, "BIND", r.Topic), w => WriteValue(w, r)),
        UnbindRecord r => Make(r, timestamp, w => WriteKey(w, "UNBIND", r.Topic), w => WriteValue(w, r)),
        _ => throw new ArgumentException($"{record.GetType().Name} has no form in the log.", nameof(record)),
    };

    private static LogRecord Make(
        RegistryRecord record, DateTimeOffset timestamp, Action<CompactJsonWriter> key, Action<CompactJsonWriter>? value) =>
        new(
            record.Log,
            CompactJsonWriter.RenderObject(key),
            value is null ? null : CompactJsonWriter.RenderObject(value),
            timestamp);

    private static void WriteKey(CompactJsonWriter writer, SubjectVersion key)
    {
        writer.WriteString("keytype", "SCHEMA");
        writer.WriteString("subject", key.Subject.ToString());
        writer.WriteNumber("version", key.Version);
        writer.WriteNumber("magic", 1);
    }

    /// <summary>There is one tenant, which Confluent calls the default.</summary>
    private static void WriteContext(CompactJsonWriter writer, string context)
    {
        writer.WriteString("tenant", "default");
        writer.WriteString("context", context);
    }

    private static void WriteKey(CompactJsonWriter writer, string keyType, Subject? subject)
    {
        writer.WriteString("keytype", keyType);
        WriteSubject(writer, subject);
        writer.WriteNumber("magic", 0);
    }

    private static void WriteKey(CompactJsonWriter writer, string keyType, string topic)
    {
        writer.WriteString("keytype", keyType);
        writer.WriteString("topic", topic);
        writer.WriteNumber("magic", 1);
    }

    private static void WriteSubject(CompactJsonWriter writer, Subject? subject)
    {
        if (subject?.ToString() is { Length: > 0 } name)
        {
            writer.WriteString("subject", name);
        }
    }

    private static void WriteValue(CompactJsonWriter writer, SubjectVersion key, SchemaRecordValue value)
    {
        writer.WriteString("subject", key.Subject.ToString());
        writer.WriteNumber("version", key.Version);
        writer.WriteNumber("id", value.Id);
        if (value.Content.Declared is { } declared)
        {
            writer.WriteString("md5", Convert.ToBase64String(declared.ToByteArray(bigEndian: true)));
        }

        writer.WriteString("schemaType", SchemaFormatNames.NameOf(value.Content.Format));
        WriteReferences(writer, value.Content.References);
        DataContractJson.Write(writer, "metadata", value.Content.Metadata);
        DataContractJson.Write(writer, "ruleSet", value.Content.RuleSet);
        writer.WriteString("schema", value.Content.Text);
        writer.WriteBoolean("deleted", value.State == VersionState.SoftDeleted);
    }

    private static void WriteReferences(CompactJsonWriter writer, IReadOnlyList<SchemaReference> references)
    {
        if (references.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("references");
        foreach (var reference in references)
        {
            writer.WriteStartObject();
            writer.WriteString("name", reference.Name);
            writer.WriteString("subject", reference.Subject);
            writer.WriteNumber("version", reference.Version);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteValue(CompactJsonWriter writer, Subject? subject, SubjectConfig config)
    {
        WriteSubject(writer, subject);
        ConfigJson.WriteProperties(writer, config, "compatibilityLevel");
    }

    private static void WriteValue(CompactJsonWriter writer, Subject? subject, RegistryMode mode)
    {
        WriteSubject(writer, subject);
        writer.WriteString("mode", RegistryNames.NameOf(mode));
    }

    private static void WriteValue(CompactJsonWriter writer, AssociationKey key, AssociationValue value)
    {
        writer.WriteString("guid", value.Guid);
        WriteResource(writer, key, value.ResourceId);
        writer.WriteString("subject", key.Subject.ToString());
        writer.WriteString("lifecycle", AssociationNames.NameOf(value.Lifecycle));
        writer.WriteBoolean("frozen", value.Frozen);
    }

    private static void WriteResource(CompactJsonWriter writer, AssociationKey key, string? resourceId)
    {
        writer.WriteString("tenant", "default");
        writer.WriteString("resourceName", key.ResourceName);
        writer.WriteString("resourceNamespace", key.ResourceNamespace);
        if (resourceId is not null)
        {
            writer.WriteString("resourceId", resourceId);
        }

        writer.WriteString("resourceType", key.ResourceType);
        writer.WriteString("associationType", key.AssociationType);
    }

    private static void WriteValue(CompactJsonWriter writer, DeleteSubjectRecord record)
    {
        writer.WriteString("subject", record.Subject.ToString());
        writer.WriteNumber("version", record.UpToVersion);
    }

    private static void WriteValue(CompactJsonWriter writer, BindRecord record)
    {
        writer.WriteString("topic", record.Topic);
        WriteSlot(writer, "key", record.Key);
        WriteSlot(writer, "value", record.Value);
        writer.WriteString("binding", ContractNames.NameOf(record.Binding));
        WriteStamp(writer, record.At, record.By);
        if (record.Predecessor is not null)
        {
            writer.WriteString("predecessor", record.Predecessor);
        }
    }

    private static void WriteValue(CompactJsonWriter writer, UnbindRecord record)
    {
        writer.WriteString("topic", record.Topic);
        WriteStamp(writer, record.At, record.By);
    }

    private static void WriteSlot(CompactJsonWriter writer, string name, SlotContract? slot)
    {
        if (slot is null)
        {
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteString("format", SchemaFormatNames.NameOf(slot.Format));
        if (slot.Type is not null)
        {
            writer.WriteString("type", slot.Type);
        }

        if (slot.Subject is not null)
        {
            writer.WriteString("subject", slot.Subject);
        }

        if (slot.Evolution is { } evolution)
        {
            writer.WriteString("evolution", ContractNames.NameOf(evolution));
        }

        writer.WriteEndObject();
    }

    private static void WriteStamp(CompactJsonWriter writer, DateTimeOffset at, string by)
    {
        writer.WriteString("at", at.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteString("by", by);
    }
}
