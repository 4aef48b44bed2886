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
        RegistryImage image, RegistryRules rules, Subject subject, SchemaRequest request) =>
        Check(image, rules, subject, request, image.Subject(subject).NewestFirst);

    /// <summary>Against one version alone; the latest of a subject without versions stands against nothing.</summary>
    public static Outcome<IReadOnlyList<string>> AgainstVersion(
        RegistryImage image, RegistryRules rules, Subject subject, VersionSelector version, SchemaRequest request)
    {
        var held = image.Subject(subject);
        var entry = version.IsLatest ? held.Latest : held.Find(version.Number);
        return entry is { IsLive: true } || version.IsLatest
            ? Check(image, rules, subject, request, entry is null ? [] : [entry])
            : RegistryError.UnknownVersion(version.Number);
    }

    private static Outcome<IReadOnlyList<string>> Check(
        RegistryImage image,
        RegistryRules rules,
        Subject subject,
        SchemaRequest request,
        IReadOnlyList<VersionEntry> newestFirst)
    {
        IReadOnlyList<string> messages;
        if (ContractGate.CheckFormat(image, rules, subject, request.SchemaType) is { } otherFormat)
        {
            messages = [otherFormat.Message];
            return Outcome.Of(messages);
        }

        var held = image.Subject(subject);
        var config = image.ConfigInForce(subject, rules.Settings);
        if (!Candidate.Prepare(image, rules, subject, request, SchemaStrictness.Strict).TryGet(out var sent, out var error))
        {
            return error;
        }

        // The group that a schema is of may come from the configuration, or from the latest version.
        var candidate = sent.Inheriting(config, held.Latest?.Schema);

        // The moment matters to a binding alone, and asking binds nothing.
        var gate = ContractGate.Admit(image, rules, subject, candidate, DateTimeOffset.UnixEpoch);
        messages = gate.Error is { } refusal && !IsKnown(image, rules, held, sent, candidate)
            ? [refusal.Message]
            : CompatibilityCheck.Run(image, rules, candidate, newestFirst, config);
        return Outcome.Of(messages);
    }

    private static bool IsKnown(
        RegistryImage image, RegistryRules rules, SubjectImage held, Candidate sent, Candidate candidate) =>
        KnownContent.Find(image, rules, held, sent, Visibility.Live) is not null
        || KnownContent.Find(image, rules, held, candidate, Visibility.Live) is not null;
}
