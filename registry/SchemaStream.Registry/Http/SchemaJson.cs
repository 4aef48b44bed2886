using System.Text.Json;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Http;

/// <summary>The API's entities, property by property in Confluent's order; what is empty is left out.</summary>
internal static class SchemaJson
{
    public static void WriteSchema(Utf8JsonWriter writer, SubjectSchema found, SchemaView view)
    {
        writer.WriteStartObject();
        WriteSchemaFields(writer, found, view);
        writer.WriteEndObject();
    }

    /// <summary>A schema in a list, with what is known around it.</summary>
    public static void WriteListed(Utf8JsonWriter writer, ListedSchema listed)
    {
        writer.WriteStartObject();
        WriteSchemaFields(writer, listed.Schema, SchemaView.Stored(listed.Schema.Schema));
        if (listed.Aliases.Count > 0)
        {
            writer.WritePropertyName("aliases");
            Lists.Subjects(writer, listed.Aliases);
        }

        if (listed.Associations.Count > 0)
        {
            writer.WritePropertyName("associations");
            Lists.Of(writer, listed.Associations, association => AssociationJson.Write(writer, association));
        }

        writer.WriteEndObject();
    }

    /// <summary>The reply of a registration: old clients read its id and nothing else.</summary>
    public static void WriteRegistered(Utf8JsonWriter writer, SubjectSchema registered, SchemaView view)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", registered.Schema.Id);
        writer.WriteNumber("version", registered.Version);
        WriteContent(writer, view);
        WriteRecordFacts(writer, registered);
        writer.WriteEndObject();
    }

    /// <summary>A schema by its id; subject and version only if a subject was named.</summary>
    public static void WriteById(
        Utf8JsonWriter writer, SchemaView view, SubjectVersion? named, int? maxId)
    {
        writer.WriteStartObject();
        if (named is { } use)
        {
            writer.WriteString("subject", use.Subject.ToString());
            writer.WriteNumber("version", use.Version);
        }

        WriteContent(writer, view);
        SchemaTagsJson.Write(writer, "schemaTags", view.Tags);
        if (maxId is { } max)
        {
            writer.WriteNumber("maxId", max);
        }

        writer.WriteEndObject();
    }

    public static SchemaRequest ReadRequest(JsonFields fields, Normalization normalization) => new()
    {
        SchemaType = fields.Text("schemaType"),
        Text = fields.Text("schema"),
        References = fields.List(
            "references",
            reference => new SchemaReference(
                reference.Text("name") ?? "", reference.Text("subject") ?? "", reference.Number("version"))),
        Metadata = fields.Part("metadata", DataContractJson.ReadMetadata),
        RuleSet = fields.Part("ruleSet", DataContractJson.ReadRuleSet),
        TagsToAdd = SchemaTagsJson.Read(fields, "schemaTagsToAdd"),
        TagsToRemove = SchemaTagsJson.Read(fields, "schemaTagsToRemove"),
        TagPropagation = fields.Flag("propagateSchemaTags") == true ? TagPropagation.FromLatest : TagPropagation.None,
        Id = fields.Number("id"),
        Version = fields.Number("version"),
        Normalization = normalization,
    };

    private static void WriteSchemaFields(Utf8JsonWriter writer, SubjectSchema found, SchemaView view)
    {
        writer.WriteString("subject", found.Subject.ToString());
        writer.WriteNumber("version", found.Version);
        writer.WriteNumber("id", found.Schema.Id);
        WriteContent(writer, view);
        SchemaTagsJson.Write(writer, "schemaTags", view.Tags);
        WriteRecordFacts(writer, found);
    }

    private static void WriteContent(Utf8JsonWriter writer, SchemaView view)
    {
        var schema = view.Schema;
        writer.WriteString("guid", schema.Guid.ToString());
        writer.WriteString("schemaType", SchemaFormatNames.NameOf(schema.Format));
        if (view.References.Count > 0)
        {
            writer.WriteStartArray("references");
            foreach (var reference in view.References)
            {
                writer.WriteStartObject();
                writer.WriteString("name", reference.Name);
                writer.WriteString("subject", reference.Subject);
                writer.WriteNumber("version", reference.Version);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        WritePart(writer, "metadata", schema.Metadata is { } metadata ? DataContractJson.Render(metadata) : null);
        WritePart(writer, "ruleSet", schema.RuleSet is { } ruleSet ? DataContractJson.Render(ruleSet) : null);
        if (view.OtherText is { } text)
        {
            writer.WriteString("schema", text);
        }
        else
        {
            writer.WriteString("schema", schema.Content.Utf8Text);
        }
    }

    private static void WritePart(Utf8JsonWriter writer, string name, byte[]? json)
    {
        if (json is not null)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json, skipInputValidation: true);
        }
    }

    private static void WriteRecordFacts(Utf8JsonWriter writer, SubjectSchema found)
    {
        writer.WriteNumber("ts", found.Timestamp.ToUnixTimeMilliseconds());
        writer.WriteBoolean("deleted", found.State == VersionState.SoftDeleted);
    }
}
