using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>Takes a schema with its id, as it was stored elsewhere: no validation, no compatibility.</summary>
internal sealed record ImportSchema(Subject Subject, SchemaRequest Request) : IRegistryCommand<SubjectSchema>
{
    public Decision<SubjectSchema> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if (Request.Id <= 0)
        {
            return RegistryError.NotPermitted(
                $"Subject '{Subject}' is in mode {RegistryNames.NameOf(image.ModeInForce(Subject))}: " +
                "schemas come with their ids there.");
        }

        if (ContractGate.CheckFormat(image, rules, Subject, Request.SchemaType) is { } otherFormat)
        {
            return otherFormat;
        }

        if (!rules.Formats.Find(Request.SchemaType).TryGet(out var support, out var error))
        {
            return error;
        }

        if (string.IsNullOrWhiteSpace(Request.Text))
        {
            return RegistryError.EmptySchema;
        }

        if (Request.Text.Length > rules.Settings.LargestSchemaLength)
        {
            return new RegistryError(
                ErrorCodes.SchemaTooLarge,
                $"The schema has {Request.Text.Length} characters; at most {rules.Settings.LargestSchemaLength} are taken.");
        }

        var context = image.Context(Subject.Context);
        var schema = new StoredSchema(
            context.Name,
            Request.Id,
            Content(support));
        if (context.Find(Request.Id) is { } holder && holder.Guid != schema.Guid)
        {
            return RegistryError.NotPermitted($"The id {Request.Id} stands for another schema in context '{context.Name}'.");
        }

        if (AlreadyThere(image, schema) is { } known)
        {
            return new(SubjectSchema.Of(Subject, known));
        }

        if (Request.Version <= 0 && !image.Subject(Subject).HasNextVersion)
        {
            return RegistryError.NotPermitted($"Subject '{Subject}' has no version left: {int.MaxValue} is taken.");
        }

        if (!Contract(image, rules, support, now).TryGet(out var admitted, out error))
        {
            return error;
        }

        var version = Request.Version > 0 ? Request.Version : image.Subject(Subject).NextVersion;
        return new(
            new SubjectSchema(Subject, version, schema, VersionState.Live, now),
            [
                .. admitted.Binding is { } binding ? [binding] : Array.Empty<RegistryRecord>(),
                .. ContextRules.Claim(image, Subject),
                new SchemaRecord(
                    new SubjectVersion(Subject, version),
                    new SchemaRecordValue(schema.Id, schema.Content, VersionState.Live)),
            ],
            admitted.Warnings);
    }

    /// <summary>Whoever imports again, after half of it failed perhaps, finds what has come already.</summary>
    private VersionEntry? AlreadyThere(RegistryImage image, StoredSchema schema) =>
        image.Subject(Subject).Live.LastOrDefault(entry =>
            entry.Schema.Id == schema.Id && (Request.Version <= 0 || Request.Version == entry.Version));

    private SchemaContent Content(ISchemaFormatSupport support) =>
        new(support.Format, Request.Text!, Request.References, Request.Metadata, Request.RuleSet);

    /// <summary>A contract holds for imports too, as far as the schema can be understood before its references are there.</summary>
    private Outcome<ContractAdmission> Contract(
        RegistryImage image, RegistryRules rules, ISchemaFormatSupport support, DateTimeOffset now)
    {
        var references = ReferenceResolver.ForNew(image, rules.Settings, Subject, Request.References);
        if (references.Error is { Code: ErrorCodes.OperationNotPermitted } owned)
        {
            return owned;
        }

        if (references.TryGet(out var resolved, out _)
            && support.Parse(Request.Text!, resolved.Resolved, SchemaStrictness.Lenient).TryGet(out var parsed, out _))
        {
            return ContractGate.Admit(
                image, rules, Subject, new Candidate(support, parsed, Content(support)), now);
        }

        return ContractGate.IsBound(image, Subject)
            ? RegistryError.InvalidSchema(
                $"Subject '{Subject}' is bound by a topic contract, and the schema cannot be read to compare its type. " +
                "Import the schemas that it references first.")
            : ContractAdmission.Free;
    }
}
