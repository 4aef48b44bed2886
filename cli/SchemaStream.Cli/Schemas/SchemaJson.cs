using System.Text.Json;

namespace SchemaStream.Cli.Schemas;

/// <summary>Schemas as results for programs.</summary>
internal static class SchemaJson
{
    public static void Write(Utf8JsonWriter writer, RegisteredSchema schema, bool withText)
    {
        writer.WriteStartObject();
        if (schema.Subject is { } subject)
        {
            writer.WriteString("subject", subject);
            writer.WriteNumber("version", schema.Version);
        }

        writer.WriteNumber("id", schema.Id);
        writer.WriteString("type", SchemaFormatNames.NameOf(schema.Format));
        writer.WriteStartArray("references");
        foreach (var reference in schema.References)
        {
            writer.WriteStartObject();
            writer.WriteString("name", reference.Name);
            writer.WriteString("subject", reference.Subject);
            writer.WriteNumber("version", reference.Version);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (withText)
        {
            writer.WriteString("schema", schema.Text);
        }

        writer.WriteEndObject();
    }

    /// <summary>JSON over several lines for people; Protobuf stands on several already.</summary>
    public static string Pretty(RegisteredSchema schema)
    {
        if (schema.Format == SchemaFormat.Protobuf)
        {
            return schema.Text.TrimEnd();
        }

        try
        {
            using var document = JsonDocument.Parse(schema.Text, new JsonDocumentOptions { MaxDepth = 1000 });
            using var bytes = new MemoryStream();
            using (var writer = new Utf8JsonWriter(bytes, Formats.SchemaCodecs.Writing with { Indented = true }))
            {
                document.RootElement.WriteTo(writer);
            }

            return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return schema.Text; // another registry may hold what is no JSON
        }
    }
}
