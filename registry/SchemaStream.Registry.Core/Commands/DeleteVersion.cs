using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>Deletes one version: first softly, then for good. Replies its number.</summary>
public sealed record DeleteVersion(Subject Subject, VersionSelector Version, Deletion Deletion) : IRegistryCommand<int>
{
    public Decision<int> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        var subject = image.Subject(Subject);
        if (subject.Versions.IsEmpty)
        {
            return RegistryError.UnknownSubject(Subject);
        }

        var entry = Version.IsLatest ? subject.Latest : subject.Find(Version.Number);
        if (entry is null)
        {
            return new RegistryError(
                ErrorCodes.VersionNotFound,
                Version.IsLatest
                    ? $"Subject '{Subject}' has no live version."
                    : $"Version {Version.Number} not found.");
        }

        if (Deletion == Deletion.Soft && !entry.IsLive)
        {
            return new RegistryError(
                ErrorCodes.VersionSoftDeleted,
                $"Subject '{Subject}' version {entry.Version} is soft-deleted already; permanent=true removes it for good.");
        }

        if (DeletionRules.CheckMode(image, Subject) is { } readOnly)
        {
            return readOnly;
        }

        return Deletion == Deletion.Soft ? DeleteSoftly(image, entry) : DeleteForGood(image, subject, entry);
    }

    private Decision<int> DeleteSoftly(RegistryImage image, VersionEntry entry)
    {
        var key = new SubjectVersion(Subject, entry.Version);
        var isLast = image.Subject(Subject).Live.All(other => other == entry);
        if ((DeletionRules.LiveReferrers(image, key).Select(DeletionRules.Referenced(key)).FirstOrDefault()
            ?? (isLast ? DeletionRules.CheckAssociations(image, Subject) : null)
            ?? ContractGate.CheckDeletion(image, Subject)) is { } refusal)
        {
            return refusal;
        }

        var schema = entry.Schema;
        return new(entry.Version,
        [
            new SchemaRecord(key, new SchemaRecordValue(schema.Id, schema.Content, VersionState.SoftDeleted)),
        ]);
    }

    private Decision<int> DeleteForGood(RegistryImage image, SubjectImage subject, VersionEntry entry)
    {
        var key = new SubjectVersion(Subject, entry.Version);
        if ((DeletionRules.AllReferrers(image, key).Select(DeletionRules.Referenced(key)).FirstOrDefault()
            ?? NotSoftDeleted(entry)
            ?? ContractGate.CheckDeletion(image, Subject)) is { } refusal)
        {
            return refusal;
        }

        var records = new List<RegistryRecord> { new SchemaRecord(key, null) };
        if (subject.Versions.Length == 1)
        {
            records.AddRange(DeletionRules.ForgetSettings(subject));
        }

        return new(entry.Version, records);
    }

    private RegistryError? NotSoftDeleted(VersionEntry entry) =>
        entry.IsLive
            ? new RegistryError(
                ErrorCodes.VersionNotSoftDeleted,
                $"Subject '{Subject}' version {entry.Version} must be soft-deleted first.")
            : null;
}
