using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>A schema that was offered, understood and brought to the form in which it would be stored.</summary>
public sealed record Candidate(ISchemaFormatSupport Support, ParsedSchema Parsed, SchemaContent Content)
{
    public SchemaFormat Format => Support.Format;

    /// <summary>Its identity if it were stored.</summary>
    public Guid Guid => Content.Guid;

    /// <summary>Parses, validates, normalises and prints again; any refusal is 42201 or 42209.</summary>
    public static Outcome<Candidate> Prepare(
        RegistryImage image, RegistryRules rules, Subject subject, SchemaRequest request, SchemaStrictness strictness)
    {
        if (!rules.Formats.Find(request.SchemaType).TryGet(out var support, out var error))
        {
            return error;
        }

        if (string.IsNullOrWhiteSpace(request.Text))
        {
            return RegistryError.InvalidSchema("The schema is empty.");
        }

        if (request.Text.Length > rules.Settings.LargestSchemaLength)
        {
            return new RegistryError(
                ErrorCodes.SchemaTooLarge,
                $"The schema has {request.Text.Length} characters; at most {rules.Settings.LargestSchemaLength} are taken.");
        }

        if (!ReferenceResolver.ForNew(image, rules.Settings, subject, request.References)
                .TryGet(out var references, out error))
        {
            return error;
        }

        var config = image.ConfigInForce(subject, rules.Settings);
        var effective = config.ValidateNewSchemas == false ? SchemaStrictness.Lenient : strictness;
        if (!support.Parse(request.Text, references.Resolved, effective).TryGet(out var parsed, out error))
        {
            return error;
        }

        var normalize = request.Normalization == Normalization.Requested || config.Normalize == true;
        var content = new SchemaContent(
            support.Format,
            normalize ? parsed.NormalizedText : parsed.StoredText,
            normalize ? Sorted(references.Fixed) : references.Fixed,
            request.Metadata,
            request.RuleSet);
        return new Candidate(support, parsed, content);
    }

    /// <summary>Understands a stored schema again.</summary>
    public static Outcome<ParsedSchema> Reopen(RegistryImage image, RegistryRules rules, StoredSchema schema)
    {
        if (!rules.Formats.Find(schema.Format).TryGet(out var support, out var error)
            || !ReferenceResolver.ForStored(image, rules.Settings, schema).TryGet(out var references, out error))
        {
            return error;
        }

        return support.Parse(schema.Text, references.Resolved, SchemaStrictness.Lenient);
    }

    private static SchemaReference[] Sorted(IReadOnlyList<SchemaReference> references) =>
        [.. references.Distinct()
            .OrderBy(r => r.Name, StringComparer.Ordinal)
            .ThenBy(r => r.Subject, StringComparer.Ordinal)
            .ThenBy(r => r.Version)];
}
