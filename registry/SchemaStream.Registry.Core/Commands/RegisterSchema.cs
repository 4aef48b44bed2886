using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>Registers a schema under a subject, or finds it there.</summary>
/// <remarks>
/// In Confluent's order: known content is answered before mode, version and compatibility are asked, first as it was
/// sent, then with what configuration and latest version add to it. The topic's contract is asked before
/// compatibility, since no level can lift it.
/// </remarks>
public sealed record RegisterSchema(Subject Subject, SchemaRequest Request, Admission Admission = Admission.Checked)
    : IRegistryCommand<SubjectSchema>
{
    /// <summary>Who registers, where that is known: a contract that this implies says so.</summary>
    public string? Caller { get; init; }

    public Decision<SubjectSchema> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if ((Subject.Fault() ?? DataContractRules.Check(rules.Settings, Request.Metadata, Request.RuleSet)) is { } fault)
        {
            return fault;
        }

        var mode = image.ModeInForce(Subject);
        if (mode.TakesIds())
        {
            return new ImportSchema(Subject, Request).Decide(image, rules, now);
        }

        var subject = image.Subject(Subject);
        var config = image.ConfigInForce(Subject, rules.Settings);
        var request = Request.CompletedFrom(subject.Latest?.Schema);
        if (ContractGate.CheckFormat(image, rules, Subject, request.SchemaType) is { } otherFormat)
        {
            return otherFormat;
        }

        var known = Find(image, rules, config, request, out var candidate, out var invalid);
        if (known is not null)
        {
            return new(SubjectSchema.Of(Subject, known));
        }

        if ((invalid ?? CheckMode(mode)) is { } refusal)
        {
            return refusal;
        }

        var numbered = IsNumbered(candidate!) ? candidate!.Numbered(subject.NextVersion) : candidate!;
        if (!ContractGate.Admit(image, rules, Subject, numbered, now, Caller).TryGet(out var admitted, out var error))
        {
            return error;
        }

        return (CheckRoom(image, numbered) ?? CheckCompatibility(image, rules, config, numbered) ?? CheckVersion(subject)) is { } against
            ? against
            : Accept(image, numbered, admitted, now);
    }

    /// <summary>
    /// The version that holds the content already: as it was sent, unless configuration or tags are to change that; then
    /// as it would be stored. What was stored under laxer rules is still found.
    /// </summary>
    private VersionEntry? Find(
        RegistryImage image,
        RegistryRules rules,
        SubjectConfig config,
        SchemaRequest request,
        out Candidate? candidate,
        out RegistryError? invalid)
    {
        var subject = image.Subject(Subject);
        var asSent = request.IsLookedUpAsSent(config);
        if (!Candidate.Prepare(image, rules, Subject, request, SchemaStrictness.Strict).TryGet(out var strict, out invalid))
        {
            candidate = null;
            return asSent
                && Candidate.Prepare(image, rules, Subject, request, SchemaStrictness.Lenient).TryGet(out var lenient, out _)
                    ? KnownContent.Registered(image, rules, subject, lenient, request)
                    : null;
        }

        candidate = strict.Inheriting(config, subject.Latest?.Schema);
        return (asSent ? KnownContent.Registered(image, rules, subject, strict, request) : null)
            ?? (candidate != strict ? KnownContent.Registered(image, rules, subject, candidate, request) : null);
    }

    private RegistryError? CheckMode(RegistryMode mode)
    {
        if (mode.IsReadOnly())
        {
            return RegistryError.NotPermitted($"Subject '{Subject}' is in mode {RegistryNames.NameOf(mode)}.");
        }

        return Request.Id > 0
            ? RegistryError.NotPermitted(
                $"Subject '{Subject}' is in mode {RegistryNames.NameOf(mode)}: ids are given out here. " +
                "Only mode IMPORT takes schemas with their ids.")
            : null;
    }

    /// <summary>Whoever speaks of versions, or changes tags, gets a schema that says which version it is.</summary>
    private bool IsNumbered(Candidate candidate) =>
        Request.Version != 0
        || Request.TagsToAdd.Count > 0
        || Request.TagsToRemove.Count > 0
        || candidate.Content.Metadata?.Properties.ContainsKey(Metadata.ConfluentVersion) == true;

    private RegistryError? CheckCompatibility(
        RegistryImage image, RegistryRules rules, SubjectConfig config, Candidate candidate)
    {
        if (Admission == Admission.Forced)
        {
            return null;
        }

        var against = CompatibilityCheck.Run(image, rules, candidate, image.Subject(Subject).NewestFirst, config);
        return against.Count == 0
            ? null
            : new RegistryError(
                ErrorCodes.Incompatible,
                $"The schema is incompatible with an earlier one of subject '{Subject}', " +
                $"details: [{string.Join(", ", against)}]");
    }

    /// <summary>An import may have brought the largest number there is, and none is given out that is not larger.</summary>
    private RegistryError? CheckRoom(RegistryImage image, Candidate candidate)
    {
        var context = image.Context(Subject.Context);
        if (context.MaxId == int.MaxValue && !context.IdByGuid.ContainsKey(candidate.Guid))
        {
            return RegistryError.NotPermitted($"Context '{context.Name}' has no id left to give out: {int.MaxValue} is taken.");
        }

        return image.Subject(Subject).HasNextVersion
            ? null
            : RegistryError.NotPermitted($"Subject '{Subject}' has no version left: {int.MaxValue} is taken.");
    }

    private RegistryError? CheckVersion(SubjectImage subject) =>
        Request.Version is 0 or -1 || Request.Version == subject.NextVersion
            ? null
            : RegistryError.InvalidSchema(
                $"The schema asks for version {Request.Version}, but the next one of subject '{Subject}' is " +
                $"{subject.NextVersion}.");

    private Decision<SubjectSchema> Accept(
        RegistryImage image, Candidate candidate, ContractAdmission admitted, DateTimeOffset now)
    {
        var subject = image.Subject(Subject);
        var context = image.Context(Subject.Context);
        var id = context.IdByGuid.TryGetValue(candidate.Guid, out var known) ? known : context.MaxId + 1;
        var version = subject.NextVersion;
        var records = new List<RegistryRecord>();
        if (admitted.Binding is { } binding)
        {
            // The claim goes first: on a log with several writers a schema must not outrun it.
            records.Add(binding);
        }

        records.AddRange(ContextRules.Claim(image, Subject));
        records.Add(new SchemaRecord(
            new SubjectVersion(Subject, version), new SchemaRecordValue(id, candidate.Content, VersionState.Live)));

        // Content that comes back takes a new number; its soft-deleted one goes unless something refers to it.
        records.AddRange(
            from entry in subject.Versions
            where !entry.IsLive && entry.Schema.Id == id
            let old = new SubjectVersion(Subject, entry.Version)
            where !image.Referrers.ContainsKey(old)
            select new SchemaRecord(old, null));

        var schema = context.Find(id) ?? new StoredSchema(context.Name, id, candidate.Content);
        return new(new SubjectSchema(Subject, version, schema, VersionState.Live, now), records, admitted.Warnings);
    }
}

/// <summary>Whether compatibility is asked for when a schema is registered.</summary>
public enum Admission
{
    /// <summary>As the subject's level demands.</summary>
    Checked = 0,

    /// <summary>Not at all: <c>force=true</c>. Contracts still hold.</summary>
    Forced = 1,
}
