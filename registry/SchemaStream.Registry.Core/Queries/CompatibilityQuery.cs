using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Queries;

/// <summary>What would stand against a schema if it were registered; empty means nothing.</summary>
/// <remarks>
/// The topic's contract is asked first, whichever versions are meant: what it refuses no level makes compatible, and a
/// build that was told "compatible" must not fail when it registers.
/// </remarks>
public static class CompatibilityQuery
{
    /// <summary>As registration would: against the versions that the level tests.</summary>
    public static Outcome<IReadOnlyList<string>> AsRegistration(
        RegistryImage image, RegistryRules rules, Subject subject, SchemaRequest request)
    {
        var level = image.LevelInForce(subject, rules.Settings);
        return Check(
            image, rules, subject, request, CompatibilityCheck.VersionsToTest(image.Subject(subject), level), level);
    }

    /// <summary>Against one version alone; the latest of a subject without versions stands against nothing.</summary>
    public static Outcome<IReadOnlyList<string>> AgainstVersion(
        RegistryImage image, RegistryRules rules, Subject subject, VersionSelector version, SchemaRequest request)
    {
        var level = image.LevelInForce(subject, rules.Settings);
        var held = image.Subject(subject);
        var entry = version.IsLatest ? held.Latest : held.Find(version.Number);
        return entry is { IsLive: true } || version.IsLatest
            ? Check(image, rules, subject, request, entry is null ? [] : [entry], level)
            : RegistryError.UnknownVersion(version.Number);
    }

    private static Outcome<IReadOnlyList<string>> Check(
        RegistryImage image,
        RegistryRules rules,
        Subject subject,
        SchemaRequest request,
        IReadOnlyList<VersionEntry> newestFirst,
        CompatibilityLevel level)
    {
        IReadOnlyList<string> messages;
        if (ContractGate.CheckFormat(image, rules, subject, request.SchemaType) is { } otherFormat)
        {
            messages = [otherFormat.Message];
            return Outcome.Of(messages);
        }

        if (!Candidate.Prepare(image, rules, subject, request, SchemaStrictness.Lenient).TryGet(out var candidate, out var error))
        {
            return error;
        }

        // The moment matters to a binding alone, and asking binds nothing.
        var gate = ContractGate.Admit(image, rules, subject, candidate, DateTimeOffset.UnixEpoch);
        messages = gate.Error is { } refusal && SchemaLookup.FindLive(image.Subject(subject), candidate) is null
            ? [refusal.Message]
            : CompatibilityCheck.Run(image, rules, candidate, newestFirst, level);
        return Outcome.Of(messages);
    }
}
