using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;
using static SchemaStream.Registry.Core.Associations.AssociationRefusals;

namespace SchemaStream.Registry.Core.Associations;

/// <summary>Associations that are given up.</summary>
internal static class AssociationReleases
{
    public static RegistryError? Release(AssociationDraft draft, IReadOnlyList<Association> associations, Cascade cascade)
    {
        foreach (var association in associations)
        {
            if ((Check(draft.Image, association, cascade) ?? Release(draft, association, cascade)) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static RegistryError? Check(RegistryImage image, Association association, Cascade cascade)
    {
        if (association.Origin == AssociationOrigin.Contract)
        {
            return ByContract(association.Key.ResourceName);
        }

        return DeletionRules.CheckMode(image, association.Subject)
            ?? (cascade == Cascade.None && association.Value.Frozen
                ? Frozen(association.Key.AssociationType, association.Subject)
                : null);
    }

    /// <summary>The subject goes after its association, which would hold it.</summary>
    private static RegistryError? Release(AssociationDraft draft, Association association, Cascade cascade)
    {
        draft.Write(new AssociationRecord(association.Key, null));
        if (cascade == Cascade.None
            || !association.IsStrong
            || draft.Image.ModeInForce(association.Subject) == RegistryMode.Import)
        {
            return null;
        }

        var subject = association.Subject;
        var softly = draft.Image.Subject(subject).HasLive ? draft.Take(new DeleteSubject(subject, Deletion.Soft)).Error : null;
        return softly
            ?? (draft.Image.Subject(subject).Versions.IsEmpty ? null : draft.Take(new DeleteSubject(subject, Deletion.Permanent)).Error);
    }
}
