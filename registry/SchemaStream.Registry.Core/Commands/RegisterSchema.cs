using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>Registers a schema under a subject, or finds it there.</summary>
/// <remarks>
/// In Confluent's order: known content is answered before mode, version and compatibility are asked. The topic's
/// contract is asked before compatibility, since no level can lift it.
/// </remarks>
public sealed record RegisterSchema(Subject Subject, SchemaRequest Request, Admission Admission = Admission.Checked)
    : IRegistryCommand<SubjectSchema>
{
    public Decision<SubjectSchema> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if (Subject.Fault() is { } fault)
        {
            return fault;
        }

        var mode = image.ModeInForce(Subject);
        if (mode.TakesIds())
        {
            return new ImportSchema(Subject, Request).Decide(image, rules, now);
        }

        var subject = image.Subject(Subject);
        var request = Completed(subject);
        if (ContractGate.CheckFormat(image, rules, Subject, request.SchemaType) is { } otherFormat)
        {
            return otherFormat;
        }

        if (!Candidate.Prepare(image, rules, Subject, request, SchemaStrictness.Strict).TryGet(out var candidate, out var error))
        {
            return error;
        }

        if (SchemaLookup.FindLive(subject, candidate) is { } known && (Request.Id is 0 || Request.Id == known.Schema.Id))
        {
            return new(SubjectSchema.Of(Subject, known));
        }

        if ((CheckMode(mode) ?? CheckVersion(subject)) is { } refusal)
        {
            return refusal;
        }

        if (!ContractGate.Admit(image, rules, Subject, candidate, now).TryGet(out var admitted, out error))
        {
            return error;
        }

        var level = image.LevelInForce(Subject, rules.Settings);
        var against = Admission == Admission.Forced
            ? []
            : CompatibilityCheck.Run(
                image, rules, candidate, CompatibilityCheck.VersionsToTest(subject, level), level);
        return against.Count > 0
            ? new RegistryError(
                ErrorCodes.Incompatible,
                $"The schema is incompatible with an earlier one of subject '{Subject}', " +
                $"details: [{string.Join(", ", against)}]")
            : Accept(image, candidate, admitted, now);
    }

    /// <summary>Without a text, the latest version's content is meant.</summary>
    private SchemaRequest Completed(SubjectImage subject) =>
        string.IsNullOrWhiteSpace(Request.Text) && subject.Latest is { } latest
            ? Request with
            {
                SchemaType = SchemaFormatNames.NameOf(latest.Schema.Format),
                Text = latest.Schema.Text,
                References = latest.Schema.References,
            }
            : Request;

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

        records.Add(new SchemaRecord(
            new SubjectVersion(Subject, version),
            new SchemaRecordValue(id, candidate.Content, VersionState.Live)));

        // Content that comes back takes a new number; its soft-deleted one goes unless something refers to it.
        records.AddRange(
            from entry in subject.Versions
            where !entry.IsLive && entry.Schema.Id == id
            let old = new SubjectVersion(Subject, entry.Version)
            where !image.Referrers.ContainsKey(old)
            select new SchemaRecord(old, null));

        var schema = context.Find(id)
            ?? new StoredSchema(context.Name, id, candidate.Content);
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
