using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>A schema that was offered, understood and brought to the form in which it would be stored.</summary>
public sealed record Candidate(ISchemaFormatSupport Support, ParsedSchema Parsed, SchemaContent Content)
{
    public SchemaFormat Format => Support.Format;

    /// <summary>Its identity if it were stored.</summary>
    public Guid Guid => Content.Guid;

    /// <summary>Parses, validates, tags, normalises and prints again; any refusal is 42201, 42209 or 42210.</summary>
    public static Outcome<Candidate> Prepare(
        RegistryImage image, RegistryRules rules, Subject subject, SchemaRequest request, SchemaStrictness strictness)
    {
        if (!rules.Formats.Find(request.SchemaType).TryGet(out var support, out var error))
        {
            return error;
        }

        if ((CheckText(rules.Settings, request.Text)
            ?? DataContractRules.Check(rules.Settings, request.Metadata, request.RuleSet)) is { } unfit)
        {
            return unfit;
        }

        if (!ReferenceResolver.ForNew(image, rules.Settings, subject, request.References)
                .TryGet(out var references, out error))
        {
            return error;
        }

        var config = image.ConfigInForce(subject, rules.Settings);
        var effective = config.ValidateNewSchemas == false ? SchemaStrictness.Lenient : strictness;
        if (!support.Parse(request.Text!, references.Resolved, effective).TryGet(out var parsed, out error)
            || !Tagged(image, rules, subject, request, support, parsed, references).TryGet(out parsed, out error))
        {
            return error;
        }

        if (config.ValidateFields == true && ReservedNames.FieldFault(support.Format, parsed) is { } fault)
        {
            return fault;
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

    /// <summary>
    /// The candidate with what the configuration and the subject's latest version have to say: defaults, over them what
    /// the client said or else what the latest version says, over that what the configuration insists on.
    /// </summary>
    public Candidate Inheriting(SubjectConfig config, StoredSchema? latest) => this with
    {
        Content = Content.With(
            Metadata.Merge(
                Metadata.Merge(config.DefaultMetadata, Content.Metadata ?? latest?.Metadata), config.OverrideMetadata),
            RuleSet.Merge(
                RuleSet.Merge(config.DefaultRuleSet, Content.RuleSet ?? latest?.RuleSet), config.OverrideRuleSet)),
    };

    /// <summary>The candidate as it says which version it is.</summary>
    public Candidate Numbered(int version) =>
        this with { Content = Content.With(Metadata.WithVersion(Content.Metadata, version), Content.RuleSet) };

    private static RegistryError? CheckText(RegistrySettings settings, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return RegistryError.EmptySchema;
        }

        return text.Length > settings.LargestSchemaLength
            ? new RegistryError(
                ErrorCodes.SchemaTooLarge,
                $"The schema has {text.Length} characters; at most {settings.LargestSchemaLength} are taken.")
            : null;
    }

    /// <summary>The schema with its text's tags changed as asked, and with those that the latest version's text has.</summary>
    private static Outcome<ParsedSchema> Tagged(
        RegistryImage image,
        RegistryRules rules,
        Subject subject,
        SchemaRequest request,
        ISchemaFormatSupport support,
        ParsedSchema parsed,
        ResolvedReferences references)
    {
        var add = request.TagsToAdd;
        if (request.TagPropagation == TagPropagation.FromLatest && image.Subject(subject).Latest is { } latest)
        {
            if (!Reopen(image, rules, latest.Schema).TryGet(out var previous, out var unreadable))
            {
                return unreadable;
            }

            add = [.. add, .. previous.InlineTags];
        }

        if (add.Count == 0 && request.TagsToRemove.Count == 0)
        {
            return parsed;
        }

        return parsed.Retagged(add, request.TagsToRemove).TryGet(out var text, out var error)
            ? support.Parse(text, references.Resolved, SchemaStrictness.Lenient)
            : error;
    }

    private static SchemaReference[] Sorted(IReadOnlyList<SchemaReference> references) =>
        [.. references.Distinct()
            .OrderBy(r => r.Name, StringComparer.Ordinal)
            .ThenBy(r => r.Subject, StringComparer.Ordinal)
            .ThenBy(r => r.Version)];
}
