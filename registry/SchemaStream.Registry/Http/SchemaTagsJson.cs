using System.Text.Json;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Http;

/// <summary>Tags on parts of a schema, as the API has them.</summary>
internal static class SchemaTagsJson
{
    private const string Record = "sr_record";
    private const string Field = "sr_field";

    public static IReadOnlyList<EntityTags> Read(JsonFields fields, string name) => fields.List(name, item =>
    {
        var entity = item.Object("schemaEntity");
        var (path, type) = (entity?.Text("entityPath"), entity?.Text("entityType"));
        if (item.Error is null && (path is null || type is not (Record or Field)))
        {
            item.Refuse($"'{name}' names its entities by 'entityPath' and 'entityType', which is {Record} or {Field}.");
        }

        return new EntityTags(
            path ?? "", type == Record ? SchemaEntityType.Record : SchemaEntityType.Field, item.Strings("tags") ?? []);
    });

    public static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<EntityTags> parts)
    {
        if (parts.Count == 0)
        {
            return;
        }

        writer.WritePropertyName(name);
        Lists.Of(writer, parts, part =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("schemaEntity");
            writer.WriteString("entityPath", part.EntityPath);
            writer.WriteString("entityType", part.Type == SchemaEntityType.Record ? Record : Field);
            writer.WriteEndObject();
            writer.WritePropertyName("tags");
            Lists.Strings(writer, part.Tags);
            writer.WriteEndObject();
        });
    }
}
