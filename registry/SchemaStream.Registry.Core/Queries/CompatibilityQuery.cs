using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Queries;

/// <summary>What would stand against a schema if it were registered; empty means nothing.</summary>
public static class CompatibilityQuery
{
    /// <summary>Against the versions that registration would test.</summary>
    public static Outcome<IReadOnlyList<string>> AsRegistration(
        RegistryImage image, RegistryRules rules, Subject subject, SchemaRequest request)
    {
        var level = image.LevelInForce(subject, rules.Settings);
        return Run(
            image, rules, subject, request, CompatibilityCheck.VersionsToTest(image.Subject(subject), level), level);
    }

    /// <summary>Against one version alone; the latest of a subject without versions stands against nothing.</summary>
    public static Outcome<IReadOnlyList<string>> AgainstVersion(
        RegistryImage image, RegistryRules rules, Subject subject, VersionSelector version, SchemaRequest request)
    {
        var level = image.LevelInForce(subject, rules.Settings);
        var held = image.Subject(subject);
        var entry = version.IsLatest ? held.Latest : held.Find(version.Number);
        if (entry is not { IsLive: true } && !version.IsLatest)
        {
            return RegistryError.UnknownVersion(version.Number);
        }

        return Run(image, rules, subject, request, entry is null ? [] : [entry], level);
    }

    private static Outcome<IReadOnlyList<string>> Run(
        RegistryImage image,
        RegistryRules rules,
        Subject subject,
        SchemaRequest request,
        IReadOnlyList<VersionEntry> versions,
        CompatibilityLevel level) =>
        Candidate.Prepare(image, rules, subject, request, SchemaStrictness.Lenient).TryGet(out var candidate, out var error)
            ? Outcome.Of(CompatibilityCheck.Run(image, rules, candidate, versions, level))
            : error;
}
