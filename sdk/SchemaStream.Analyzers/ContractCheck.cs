using Microsoft.CodeAnalysis;
using SchemaStream.Analyzers.Locks;
using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Schemas;
using SchemaStream.Generators;
using SchemaStream.Generators.Shapes;

namespace SchemaStream.Analyzers;

/// <summary>One contract of the lock file against the type as the code has it now.</summary>
internal sealed class ContractCheck(Compilation compilation, LockEntry entry, ITypeSymbol type, Action<Diagnostic> report)
{
    public void Run()
    {
        var problems = new List<ShapeException>();
        if (ContractReader.Derive(compilation, type, problems) is not var (_, now, derivation))
        {
            ReportGone(problems);
            return;
        }

        AvroSchema promised;
        try
        {
            promised = AvroSchema.Parse(entry.Schema, validation: AvroValidation.Lenient);
        }
        catch (AvroSchemaException e)
        {
            report(Diagnostic.Create(Rules.Unreadable, Location.None, $"the schema of {entry.Name}: {e.Message}"));
            return;
        }

        if (promised.ToJson() == now.ToJson())
        {
            return;
        }

        Compare(promised, now, new MemberLocations(type, derivation));
    }

    /// <summary>
    /// A contract's type that has no schema any more. Where it has the attribute the generator says so; what only generated
    /// code cannot have (private types, avrogen's classes) has a schema at run time.
    /// </summary>
    private void ReportGone(List<ShapeException> problems)
    {
        if (problems.Exists(problem => problem.IsOfGeneratedCode) || SchemaLockAnalyzer.HasAttribute(compilation, type))
        {
            return;
        }

        foreach (var problem in problems)
        {
            var at = problem.At?.Locations.FirstOrDefault(location => location.IsInSource)
                ?? type.Locations.FirstOrDefault(location => location.IsInSource);
            report(Diagnostic.Create(Rules.NoSchema, at, entry.Name, problem.Message.TrimEnd('.')));
        }
    }

    private void Compare(AvroSchema promised, AvroSchema now, MemberLocations places)
    {
        if (promised.ContractName != now.ContractName)
        {
            report(Diagnostic.Create(Rules.OtherType, places.OfType(), entry.Name, promised.ContractName, now.ContractName, Rules.KeepTheName));
            return;
        }

        if (entry.Compatibility == LockEntry.Frozen)
        {
            report(Diagnostic.Create(Rules.Frozen, places.OfType(), entry.Name));
            return;
        }

        var isBroken = false;
        if (Has("BACKWARD"))
        {
            isBroken |= Report(now, promised, places.Of);
        }

        if (Has("FORWARD"))
        {
            isBroken |= Report(promised, now, places.OfFormer);
        }

        if (!isBroken)
        {
            report(Diagnostic.Create(Rules.Outdated, places.OfType(), entry.Name));
        }
    }

    private bool Has(string direction) =>
        entry.Compatibility.StartsWith(direction, StringComparison.Ordinal) || entry.Compatibility.StartsWith("FULL", StringComparison.Ordinal);

    /// <summary>Reports each reason at the code it comes from, once, and says whether there was any.</summary>
    private bool Report(AvroSchema reader, AvroSchema writer, Func<FoundViolation, Location> placeOf)
    {
        var found = AvroCompatibility.Check(reader, writer)
            .SelectMany(violation => ViolationPlaces.Of(reader, writer, violation))
            .Select(each => (each.Violation.Kind, each.Violation.Message, At: placeOf(each)))
            .Distinct().ToList();
        foreach (var (kind, message, at) in found)
        {
            report(Diagnostic.Create(
                Rules.Incompatible, at, kind, message, entry.Name, entry.Compatibility, Rules.Advice(kind)));
        }

        return found.Count > 0;
    }
}
