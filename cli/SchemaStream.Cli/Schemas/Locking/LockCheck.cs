using System.Globalization;
using SchemaStream.Analyzers.Locks;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Schemas.Comparing;
using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Cli.Schemas.Locking;

/// <summary>A program's contracts against what its lock file promises, by the registry's own rules.</summary>
internal static class LockCheck
{
    /// <summary>What changed, contract by contract; what is in one of the two alone is no change.</summary>
    /// <param name="promised">The lock file's entries.</param>
    /// <param name="contracts">The program's contracts.</param>
    /// <exception cref="Errors.CliException">A schema of the lock file is none.</exception>
    public static IReadOnlyList<LockFinding> Run(IReadOnlyList<LockEntry> promised, IReadOnlyList<ProgramContract> contracts) =>
    [
        .. from contract in contracts
           let before = promised.FirstOrDefault(entry => entry.Name == contract.Entry.Name)
           where before is not null
           from finding in Compare(before, contract)
           select finding,
    ];

    private static IReadOnlyList<LockFinding> Compare(LockEntry before, ProgramContract contract)
    {
        var (was, becomes) = (Read(before), Read(contract.Entry));
        var (carried, now) = (Carried(before, was), Carried(contract.Entry, becomes));
        if (carried != now)
        {
            return [Finding(contract, LockFinding.OtherType, LockSentences.OtherType, before.Name, carried, now, KeepTheName(before.Format))];
        }

        if (Text(was) == Text(becomes) && before.References.SequenceEqual(contract.Entry.References))
        {
            return [];
        }

        if (before.Compatibility == LockEntry.Frozen)
        {
            return [Finding(contract, LockFinding.Frozen, LockSentences.Frozen, before.Name)];
        }

        var level = CompatibilityNames.Read(before.Compatibility);
        var broken = new List<BrokenRule>();
        if (CompatibilityNames.NewReadsOld(level))
        {
            broken.AddRange(BrokenRule.Check(was, becomes, 0, BrokenRule.NewReadsOld));
        }

        if (CompatibilityNames.OldReadsNew(level))
        {
            broken.AddRange(BrokenRule.Check(was, becomes, 0, BrokenRule.OldReadsNew));
        }

        return broken.Count == 0
            ? [Finding(contract, LockFinding.Outdated, LockSentences.Outdated, before.Name)]
            : [.. broken.Select(rule => Broken(contract, before, rule)).DistinctBy(finding => (finding.Message, finding.Member))];
    }

    private static LockFinding Broken(ProgramContract contract, LockEntry before, BrokenRule rule) => Finding(
            contract,
            LockFinding.Incompatible,
            LockSentences.Incompatible,
            rule.Rule,
            rule.Message.TrimEnd('.'),
            before.Name,
            before.Compatibility,
            LockAdvice.Of(rule.Rule, before.Format)) with
        {
            Member = MemberPlaces.Of(contract, rule.Path),
        };

    private static LockFinding Finding(ProgramContract contract, string code, string form, params object?[] about) =>
        new(code, string.Format(CultureInfo.InvariantCulture, form, about), contract);

    private static SchemaText Read(LockEntry entry) =>
        SchemaFormatNames.TryParse(entry.Format, out var format) && SchemaFormatNames.HasSchema(format)
            ? new SchemaText(
                $"{SchemaLock.FileName}: the schema of {entry.Name}",
                format,
                entry.Schema,
                [],
                [.. entry.References.Select(reference => new NamedReference(reference.Name, reference.Text))])
            : throw new FormatException($"{entry.Name} has the format {entry.Format}: AVRO, JSON or PROTOBUF is expected");

    /// <summary>What a topic's contract pins, for people: the format and the type's name.</summary>
    private static string Carried(LockEntry entry, SchemaText schema) =>
        $"{entry.Format} {entry.Message ?? schema.Parse(SchemaStrictness.Lenient).TypeName}";

    private static string Text(SchemaText schema) => schema.Parse(SchemaStrictness.Lenient).StoredText;

    private static string KeepTheName(string format) => format switch
    {
        LockEntry.Avro => "name the type with [AvroName]",
        LockEntry.Json => "keep the type's name, which is the schema's title",
        _ => "keep the message and its package",
    };
}
