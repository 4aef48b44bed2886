using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Queries;

/// <summary>What would stand against a schema if it were registered; empty means nothing.</summary>
public static class CompatibilityQuery
{
    /// <summary>As registration would: the topic's contract first, then the versions that the level tests.</summary>
    public static Outcome<IReadOnlyList<string>> AsRegistration(
        RegistryImage image, RegistryRules rules, Subject subject, SchemaRequest request)
    {
        var held = image.Subject(subject);
        var level = image.LevelInForce(subject, rules.Settings);
        if (!Candidate.Prepare(image, rules, subject, request, SchemaStrictness.Lenient).TryGet(out var candidate, out var error))
        {
            return error;
        }

        // The moment matters to a binding alone, and asking binds nothing.
        var gate = ContractGate.Admit(image, rules, subject, candidate, DateTimeOffset.UnixEpoch);
        IReadOnlyList<string> messages = gate.Error is { } refusal && SchemaLookup.FindLive(held, candidate) is null
            ? [refusal.Message]
            : CompatibilityCheck.Run(image, rules, candidate, CompatibilityCheck.VersionsToTest(held, level), level);
        return Outcome.Of(messages);
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

        return Candidate.Prepare(image, rules, subject, request, SchemaStrictness.Lenient).TryGet(out var candidate, out var error)
            ? Outcome.Of(CompatibilityCheck.Run(image, rules, candidate, entry is null ? [] : [entry], level))
            : error;
    }
}
