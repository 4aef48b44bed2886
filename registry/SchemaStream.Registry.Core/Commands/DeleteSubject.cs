using System.Collections.Immutable;
using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>Deletes all versions of a subject: first softly, then for good. Replies their numbers.</summary>
public sealed record DeleteSubject(Subject Subject, Deletion Deletion) : IRegistryCommand<ImmutableArray<int>>
{
    public Decision<ImmutableArray<int>> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        var subject = image.Subject(Subject);
        if (subject.Versions.IsEmpty)
        {
            return RegistryError.UnknownSubject(Subject);
        }

        if (Deletion == Deletion.Soft && !subject.HasLive)
        {
            return new RegistryError(
                ErrorCodes.SubjectSoftDeleted,
                $"Subject '{Subject}' is soft-deleted already; permanent=true removes it for good.");
        }

        if ((DeletionRules.CheckMode(image, Subject) ?? DeletionRules.CheckAssociations(image, Subject)) is { } refusal)
        {
            return refusal;
        }

        return Deletion == Deletion.Soft ? DeleteSoftly(image, subject) : DeleteForGood(image, subject);
    }

    private Decision<ImmutableArray<int>> DeleteSoftly(RegistryImage image, SubjectImage subject)
    {
        var live = subject.Live.Select(entry => entry.Version).ToImmutableArray();
        return (FromElsewhere(image, live, DeletionRules.LiveReferrers) ?? ContractGate.CheckDeletion(image, Subject))
            is { } refusal
            ? refusal
            : new Decision<ImmutableArray<int>>(live, [new DeleteSubjectRecord(Subject, live[^1])]);
    }

    private Decision<ImmutableArray<int>> DeleteForGood(RegistryImage image, SubjectImage subject)
    {
        var all = subject.Versions.Select(entry => entry.Version).ToImmutableArray();
        if ((FromElsewhere(image, all, DeletionRules.AllReferrers)
            ?? NotSoftDeleted(subject)
            ?? ContractGate.CheckDeletion(image, Subject)) is { } refusal)
        {
            return refusal;
        }

        return new(all,
        [
            // From the last on: a version may be referenced by a later one.
            .. all.Reverse().Select(version => new SchemaRecord(new SubjectVersion(Subject, version), null)),
            .. DeletionRules.ForgetSettings(subject),
        ]);
    }

    private RegistryError? NotSoftDeleted(SubjectImage subject) =>
        subject.HasLive
            ? new RegistryError(ErrorCodes.SubjectNotSoftDeleted, $"Subject '{Subject}' must be soft-deleted first.")
            : null;

    /// <summary>References within the subject go with it; those of other subjects stand in the way.</summary>
    private RegistryError? FromElsewhere(
        RegistryImage image,
        ImmutableArray<int> versions,
        Func<RegistryImage, SubjectVersion, IEnumerable<SubjectVersion>> referrers)
    {
        foreach (var version in versions)
        {
            var key = new SubjectVersion(Subject, version);
            foreach (var referrer in referrers(image, key))
            {
                if (referrer.Subject != Subject)
                {
                    return DeletionRules.Referenced(key)(referrer);
                }
            }
        }

        return null;
    }
}
