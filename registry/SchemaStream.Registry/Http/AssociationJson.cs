using System.Text.Json;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Associations;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Http;

/// <summary>Associations as JSON, in Confluent's order; what is empty is left out.</summary>
internal static class AssociationJson
{
    public static void Write(Utf8JsonWriter writer, Association association)
    {
        writer.WriteStartObject();
        writer.WriteString("subject", association.Subject.ToString());
        writer.WriteString("guid", association.Value.Guid);
        writer.WriteString("resourceName", association.Key.ResourceName);
        writer.WriteString("resourceNamespace", association.Key.ResourceNamespace);
        writer.WriteString("resourceId", association.Value.ResourceId);
        writer.WriteString("resourceType", association.Key.ResourceType);
        WriteTerms(writer, association);
        writer.WriteNumber("createTs", association.CreatedAt.ToUnixTimeMilliseconds());
        writer.WriteNumber("updateTs", association.UpdatedAt.ToUnixTimeMilliseconds());
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, ResourceAssociations resource)
    {
        writer.WriteStartObject();
        WriteName(writer, "resourceName", resource.Name);
        WriteName(writer, "resourceNamespace", resource.Namespace);
        WriteName(writer, "resourceId", resource.Id);
        WriteName(writer, "resourceType", resource.Type);
        if (resource.Associations.Count > 0)
        {
            writer.WritePropertyName("associations");
            Lists.Of(writer, resource.Associations, associated =>
            {
                writer.WriteStartObject();
                writer.WriteString("subject", associated.Association.Subject.ToString());
                WriteTerms(writer, associated.Association);
                if (associated.Schema is { } schema)
                {
                    writer.WritePropertyName("schema");
                    SchemaJson.WriteSchema(writer, schema, SchemaView.Stored(schema.Schema));
                }

                writer.WriteEndObject();
            });
        }

        writer.WriteEndObject();
    }

    /// <summary>The outcomes of a batch, each for itself.</summary>
    public static void WriteResults(Utf8JsonWriter writer, IReadOnlyList<Outcome<ResourceAssociations>> results)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("results");
        Lists.Of(writer, results, result =>
        {
            writer.WriteStartObject();
            if (result.TryGet(out var resource, out var error))
            {
                writer.WritePropertyName("result");
                Write(writer, resource);
            }
            else
            {
                writer.WriteStartObject("error");
                writer.WriteNumber("error_code", error.Code);
                writer.WriteString("message", error.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    public static ResourceName ReadResource(JsonFields fields) => new(
        fields.Text("resourceName"), fields.Text("resourceNamespace"), fields.Text("resourceId"), fields.Text("resourceType"));

    public static AssociationClaim ReadClaim(JsonFields fields)
    {
        var normalization = fields.Flag("normalize") == true ? Normalization.Requested : Normalization.AsConfigured;
        var schema = fields.Object("schema");
        return new AssociationClaim
        {
            Subject = fields.Text("subject"),
            Type = fields.Text("associationType"),
            Lifecycle = ReadLifecycle(fields),
            Frozen = fields.Flag("frozen"),
            Schema = schema is null ? null : ReadSchema(fields, schema, normalization),
        };
    }

    public static AssociationOp ReadOp(JsonFields fields)
    {
        var kind = fields.Text("opType")?.ToUpperInvariant() switch
        {
            "CREATE" => AssociationOpKind.Create,
            "UPSERT" => AssociationOpKind.Upsert,
            "DELETE" => AssociationOpKind.Delete,
            _ => (AssociationOpKind?)null,
        };
        if (kind is null)
        {
            fields.Refuse("'opType' must be CREATE, UPSERT or DELETE.");
        }

        return new AssociationOp(
            kind ?? default,
            kind == AssociationOpKind.Delete ? new AssociationClaim { Type = fields.Text("associationType") } : ReadClaim(fields))
        {
            Cascade = fields.Flag("cascadeLifecycle") == true ? Cascade.Subject : Cascade.None,
        };
    }

    public static AssociationLifecycle? ReadLifecycle(JsonFields fields)
    {
        var name = fields.Text("lifecycle");
        var lifecycle = AssociationNames.LifecycleOf(name);
        if (name is not null && lifecycle is null)
        {
            fields.Refuse("'lifecycle' must be STRONG or WEAK.");
        }

        return lifecycle;
    }

    private static SchemaRequest ReadSchema(JsonFields fields, JsonFields schema, Normalization normalization)
    {
        var request = SchemaJson.ReadRequest(schema, normalization);
        if (schema.Error is { } malformed)
        {
            fields.Refuse(malformed.Message);
        }

        return request;
    }

    private static void WriteTerms(Utf8JsonWriter writer, Association association)
    {
        writer.WriteString("associationType", association.Key.AssociationType);
        writer.WriteString("lifecycle", AssociationNames.NameOf(association.Value.Lifecycle));
        writer.WriteBoolean("frozen", association.Value.Frozen);
    }

    private static void WriteName(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }
}
