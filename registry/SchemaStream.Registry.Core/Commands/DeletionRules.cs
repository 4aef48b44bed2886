using SchemaStream.Registry.Core.Associations;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>What stands in the way of deletion, and what goes with it.</summary>
internal static class DeletionRules
{
    public static RegistryError? CheckMode(RegistryImage image, Subject subject) =>
        image.ModeInForce(subject) is var mode && mode.IsReadOnly()
            ? RegistryError.NotPermitted($"Subject '{subject}' is in mode {RegistryNames.NameOf(mode)}.")
            : null;

    /// <summary>A resource's subject stays as long as it is the resource's.</summary>
    public static RegistryError? CheckAssociations(RegistryImage image, Subject subject) =>
        image.Associations.OfSubject(subject).Any() ? AssociationRefusals.SubjectTaken(subject) : null;

    public static IEnumerable<SubjectVersion> AllReferrers(RegistryImage image, SubjectVersion target) =>
        image.Referrers.GetValueOrDefault(target, []);

    public static IEnumerable<SubjectVersion> LiveReferrers(RegistryImage image, SubjectVersion target) =>
        AllReferrers(image, target)
            .Where(referrer => image.Subject(referrer.Subject).Find(referrer.Version) is { IsLive: true });

    public static Func<SubjectVersion, RegistryError> Referenced(SubjectVersion target) => referrer => new RegistryError(
        ErrorCodes.ReferenceExists,
        $"Subject '{target.Subject}' version {target.Version} is referenced by subject '{referrer.Subject}' version " +
        $"{referrer.Version}: delete that one first.");

    /// <summary>With a subject's last version go its configuration and its mode.</summary>
    public static IEnumerable<RegistryRecord> ForgetSettings(SubjectImage subject)
    {
        if (subject.Config is not null)
        {
            yield return new ConfigRecord(subject.Subject, null);
        }

        if (subject.Mode is not null)
        {
            yield return new ModeRecord(subject.Subject, null);
        }
    }
}
