using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Registry.Http;

/// <summary>A stored schema in the form that a client asked for.</summary>
/// <param name="Schema">The schema; its GUID is that of its stored text, whatever form it is shown in.</param>
/// <param name="OtherText">The text, as <c>format</c> has it; null for the stored text.</param>
/// <param name="References">The references, as <c>referenceFormat</c> has them.</param>
/// <param name="Tags">Parts of the schema that carry the tags in <c>findTags</c>.</param>
internal sealed record SchemaView(
    StoredSchema Schema, string? OtherText, IReadOnlyList<SchemaReference> References, IReadOnlyList<EntityTags> Tags)
{
    private const string AnyTag = "*";

    /// <summary>The text; unknown forms mean the stored one.</summary>
    public string Text => OtherText ?? Schema.Text;

    /// <summary>The schema as it is stored.</summary>
    public static SchemaView Stored(StoredSchema schema) => new(schema, OtherText: null, schema.References, []);

    /// <summary>The schema as all three parameters ask for.</summary>
    public static Outcome<SchemaView> Of(HttpContext context, RegistryWriter registry, StoredSchema schema)
    {
        var tags = context.Texts("findTags");
        if (!Parsed(context, registry, schema, tags).TryGet(out var seen, out var error))
        {
            return error;
        }

        return seen with
        {
            References = context.Text("referenceFormat") == "qualified" ? Qualified(schema) : schema.References,
        };
    }

    /// <summary>The schema's text alone.</summary>
    public static Outcome<string> TextOf(HttpContext context, RegistryWriter registry, StoredSchema schema) =>
        Parsed(context, registry, schema, tags: []).TryGet(out var seen, out var error) ? seen.Text : error;

    private static Outcome<SchemaView> Parsed(
        HttpContext context, RegistryWriter registry, StoredSchema schema, IReadOnlyList<string> tags)
    {
        var format = context.Text("format") ?? "";
        if (format.Length == 0 && tags.Count == 0)
        {
            return Stored(schema);
        }

        if (!Candidate.Reopen(registry.Image, registry.Rules, schema).TryGet(out var parsed, out var error))
        {
            return error;
        }

        return Stored(schema) with
        {
            OtherText = format.Length == 0 ? null : parsed.TextAs(format),
            Tags = tags.Count == 0 ? [] : [.. parsed.InlineTags.Where(part => Carries(part, tags))],
        };
    }

    private static bool Carries(EntityTags part, IReadOnlyList<string> tags) =>
        tags.Contains(AnyTag) || part.Tags.Any(tags.Contains);

    /// <summary>Subjects of references with the context of the schema that refers to them.</summary>
    private static SchemaReference[] Qualified(StoredSchema schema) =>
    [
        .. schema.References.Select(reference => reference with
        {
            Subject = Subject.ParseWithin(schema.Context, reference.Subject).ToString(),
        }),
    ];
}
