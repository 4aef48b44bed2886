using System.Buffers;
using SchemaStream.Avro.Schemas;
using SchemaStream.Json;
using SchemaStream.Protobuf;

namespace SchemaStream.Cli.Formats;

/// <summary>Reads schemas as a registry stored them, which is more lenient than what it takes today.</summary>
internal static class SchemaTexts
{
    private static readonly SearchValues<char> DescriptorCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n");

    public static AvroSchema Avro(string text, IReadOnlyList<NamedReference> references)
    {
        var known = new List<AvroSchema>(references.Count);
        foreach (var reference in references)
        {
            known.Add(AvroSchema.Parse(reference.Text, known, AvroValidation.Lenient));
        }

        return AvroSchema.Parse(text, known, AvroValidation.Lenient);
    }

    public static JsonSchema Json(string text, IReadOnlyList<NamedReference> references) =>
        JsonSchema.Parse(text, [.. references.Select(reference => new JsonSchemaReference(reference.Name, reference.Text))], JsonSchemaValidation.Lenient);

    public static ProtoSchema Protobuf(string text, IReadOnlyList<NamedReference> references)
    {
        var imports = references
            .Select(reference => IsDescriptor(reference.Text)
                ? ProtoImport.FromDescriptor(reference.Name, reference.Text)
                : ProtoImport.FromText(reference.Name, reference.Text))
            .ToList();
        return IsDescriptor(text) ? ProtoSchema.ParseDescriptor(text, imports) : ProtoSchema.Parse(text, imports);
    }

    private static bool IsDescriptor(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExcept(DescriptorCharacters) < 0;
}
