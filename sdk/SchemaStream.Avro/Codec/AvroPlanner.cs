using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>Makes plans: the decisions of <see cref="DecoderCompiler"/>, for generated code.</summary>
internal sealed class AvroPlanner
{
    private const int NoWay = 3;

    /// <summary>Records and enums by pair: a type within itself has one plan.</summary>
    private readonly Dictionary<(AvroSchema Writer, AvroSchema Reader), AvroPlan> _plans = [];
    private readonly List<(AvroSchema Writer, AvroSchema Reader)> _order = [];
    private string _problem = "";

    /// <summary>The plan to read a writer's data as a type whose own schema is the reader's.</summary>
    /// <exception cref="AvroSchemaException">The schemas do not resolve; the message says every reason.</exception>
    public static AvroPlan Make(AvroSchema writer, AvroSchema reader, string typeName)
    {
        var planner = new AvroPlanner();
        return planner.Value(writer, reader) ?? throw Unreadable(writer, reader, typeName, planner._problem);
    }

    internal static AvroSchemaException Unreadable(AvroSchema writer, AvroSchema reader, string typeName, string problem)
    {
        var violations = AvroCompatibility.Check(reader, writer);
        var details = violations.Count == 0
            ? problem
            : string.Join("; ", violations.Select(violation => $"{violation.Kind} at {violation.Path}: {violation.Message}"));
        return new AvroSchemaException($"Data of {writer.FullName} cannot be read as {typeName}: {details}.");
    }

    private AvroPlan? Value(AvroSchema writer, AvroSchema reader)
    {
        if (writer is AvroUnionSchema writers)
        {
            return WriterUnion(writers, reader);
        }

        if (reader is AvroUnionSchema readers)
        {
            return ReaderUnion(writer, readers);
        }

        return (writer, reader) switch
        {
            (AvroRecordSchema w, AvroRecordSchema r) when SchemaMatching.NamesMatch(r, w) => Record(w, r),
            (AvroEnumSchema w, AvroEnumSchema r) when SchemaMatching.NamesMatch(r, w) => Symbols(w, r),
            (AvroFixedSchema w, AvroFixedSchema r) when w.Size == r.Size && SchemaMatching.NamesMatch(r, w) => Scalar(w, r),
            (AvroArraySchema w, AvroArraySchema r) => Items(w, w.Items, r.Items),
            (AvroMapSchema w, AvroMapSchema r) => Items(w, w.Values, r.Values),
            _ when writer.Kind.IsPrimitive() && reader.Kind.IsPrimitive() => Primitive(writer, reader),
            _ => Mismatch(writer, reader),
        };
    }

    private AvroPlan? WriterUnion(AvroUnionSchema writers, AvroSchema reader)
    {
        var branches = new AvroPlan[writers.Branches.Count];
        var readable = 0;
        for (var i = 0; i < branches.Length; i++)
        {
            var plan = Value(writers.Branches[i], reader);
            readable += plan is null ? 0 : 1;

            // Only data of that branch is a fault, and only when it comes.
            branches[i] = plan ?? new AvroPlan(writers.Branches[i]) { Problem = _problem };
        }

        return readable > 0 ? new AvroPlan(writers) { Branches = branches }
            : branches.Length == 0 ? Fault("the writer's union has no branches")
            : null;
    }

    private AvroPlan? ReaderUnion(AvroSchema writer, AvroUnionSchema readers)
    {
        var ways = readers.Branches.Select((branch, index) => (Branch: branch, Index: index, Distance: Distance(branch, writer)))
            .Where(way => way.Distance < NoWay).OrderBy(way => way.Distance);
        foreach (var (branch, index, _) in ways)
        {
            if (Value(writer, branch) is { } plan)
            {
                return new AvroPlan(writer) { Chosen = plan, ReaderBranch = index };
            }
        }

        return Fault($"no branch of the reader's union reads the writer's {writer.FullName}");
    }

    /// <summary>The very type first, then one of its simple name or alias, then a promotion.</summary>
    internal static int Distance(AvroSchema reader, AvroSchema writer)
    {
        if (reader.Kind == writer.Kind)
        {
            return reader.FullName == writer.FullName ? 0
                : reader is AvroNamedSchema named && SchemaMatching.NamesMatch(named, (AvroNamedSchema)writer) ? 1
                : NoWay;
        }

        return SchemaMatching.IsPromoted(reader.Kind, writer.Kind) ? 2 : NoWay;
    }

    private AvroPlan? Record(AvroRecordSchema writer, AvroRecordSchema reader)
    {
        if (_plans.TryGetValue((writer, reader), out var known))
        {
            return known;
        }

        var plan = new AvroPlan(writer);
        var before = _order.Count;
        _plans.Add((writer, reader), plan);
        _order.Add((writer, reader));
        if (Fields(writer, reader, plan.StepList))
        {
            return plan;
        }

        // What was built on it goes with it: a union may have a branch that does resolve.
        foreach (var built in _order.Skip(before))
        {
            _plans.Remove(built);
        }

        _order.RemoveRange(before, _order.Count - before);
        return null;
    }

    private bool Fields(AvroRecordSchema writer, AvroRecordSchema reader, List<AvroPlanStep> steps)
    {
        var takers = reader.Fields.ToLookup(field => SchemaMatching.FindWriterField(writer, field));
        foreach (var written in writer.Fields)
        {
            if (!takers.Contains(written))
            {
                steps.Add(new AvroPlanStep(written.Schema));
                continue;
            }

            var isAgain = false;
            foreach (var field in takers[written])
            {
                if (Value(written.Schema, field.Schema) is not { } plan)
                {
                    return false;
                }

                steps.Add(new AvroPlanStep(field.Position, plan, null, isAgain));
                isAgain = true;
            }
        }

        foreach (var missing in takers[null])
        {
            if (missing.Default is null)
            {
                _problem = $"the writer has no field for {reader.FullName}.{missing.Name}, which has no default";
                return false;
            }

            if (Value(missing.Schema, missing.Schema) is not { } plan)
            {
                return false;
            }

            steps.Add(new AvroPlanStep(missing.Position, plan, DefaultBytes.Of(missing), isAgain: false));
        }

        return true;
    }

    private static AvroPlan Symbols(AvroEnumSchema writer, AvroEnumSchema reader) => new(writer)
    {
        ReaderName = reader.FullName,
        Ordinals =
        [
            .. writer.Symbols.Select(symbol => reader.OrdinalOf(symbol) is >= 0 and var ordinal
                ? ordinal
                : reader.Default is { } other ? reader.OrdinalOf(other) : -1),
        ],
    };

    private AvroPlan? Items(AvroSchema writer, AvroSchema written, AvroSchema wanted) => Value(written, wanted) is { } items
        ? new AvroPlan(writer) { Items = items, MinItemBytes = SchemaSizes.MinBytes(written) }
        : null;

    private AvroPlan? Primitive(AvroSchema writer, AvroSchema reader)
    {
        var isRead = writer.Kind == reader.Kind || SchemaMatching.IsPromoted(reader.Kind, writer.Kind);

        // A text's bytes are no number, though a text may be read as bytes.
        return isRead && !(reader.LogicalType?.Kind is AvroLogicalKind.Decimal or AvroLogicalKind.BigDecimal && writer.Kind != AvroSchemaKind.Bytes)
            ? Scalar(writer, reader)
            : Mismatch(writer, reader);
    }

    private static AvroPlan Scalar(AvroSchema writer, AvroSchema reader) =>
        new(writer) { Logical = LogicalFamilies.Governing(writer.LogicalType, reader.LogicalType) };

    private AvroPlan? Mismatch(AvroSchema writer, AvroSchema reader) =>
        Fault($"the reader's {reader.FullName} does not read the writer's {writer.FullName}");

    private AvroPlan? Fault(string problem)
    {
        _problem = problem;
        return null;
    }
}
