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
            // A type without a schema is the generator's to report where it has the attribute, and the run time's where not.
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

    private void Compare(AvroSchema promised, AvroSchema now, MemberLocations places)
    {
        if (promised.ContractName != now.ContractName)
        {
            report(Diagnostic.Create(Rules.OtherType, places.OfType(), entry.Name, promised.ContractName, now.ContractName));
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
            foreach (var violation in AvroCompatibility.Check(now, promised))
            {
                isBroken = true;
                Report(violation, places.Of(now, violation.Path));
            }
        }

        if (Has("FORWARD"))
        {
            foreach (var violation in AvroCompatibility.Check(promised, now))
            {
                isBroken = true;
                Report(violation, places.OfFormer(promised, violation.Path));
            }
        }

        if (!isBroken)
        {
            report(Diagnostic.Create(Rules.Outdated, places.OfType(), entry.Name));
        }
    }

    private bool Has(string direction) =>
        entry.Compatibility.StartsWith(direction, StringComparison.Ordinal) || entry.Compatibility.StartsWith("FULL", StringComparison.Ordinal);

    private void Report(CompatibilityViolation violation, Location at) => report(Diagnostic.Create(
        Rules.Incompatible, at, violation.Kind, violation.Message, entry.Name, entry.Compatibility, Rules.Advice(violation.Kind)));
}
