using System.Globalization;
using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Analyzers;

/// <summary>
/// What was found at a union, taken apart. To the rules a union has a branch that reads the data or it has none; whoever
/// changed a member of a nullable record wants to hear of that member.
/// </summary>
internal sealed class ViolationPlaces
{
    private readonly HashSet<(AvroSchema Reader, AvroSchema Writer)> _seen = [];

    /// <summary>The reasons behind a violation, each with the schemas in which its path leads.</summary>
    public static IEnumerable<FoundViolation> Of(AvroSchema reader, AvroSchema writer, CompatibilityViolation violation) =>
        new ViolationPlaces().Within(new FoundViolation(violation, reader, writer, null));

    private IEnumerable<FoundViolation> Within(FoundViolation found)
    {
        if (found.Violation.Kind != CompatibilityKinds.MissingUnionBranch
            || Descend(found.Reader, found.Writer, found.Violation.Path) is not (AvroUnionSchema readers, var written)
            || readers.Branches.FirstOrDefault(branch => IsMeant(branch, written)) is not { } branch
            || !_seen.Add((branch, written)))
        {
            return [found];
        }

        var inner = AvroCompatibility.Check(branch, written);
        return inner.Count == 0
            ? [found]
            : inner.SelectMany(violation => Within(new FoundViolation(violation, branch, written, found)));
    }

    private static bool IsMeant(AvroSchema branch, AvroSchema written) => (branch, written) switch
    {
        (AvroNamedSchema named, AvroNamedSchema other) => named.Kind == other.Kind && SchemaMatching.NamesMatch(named, other),
        _ => branch.Kind == written.Kind && branch.Kind is AvroSchemaKind.Array or AvroSchemaKind.Map,
    };

    /// <summary>The pair of schemas that a path leads to; its numbers behind a union are the writer's branches.</summary>
    private static (AvroSchema Reader, AvroSchema Writer)? Descend(AvroSchema reader, AvroSchema writer, string path)
    {
        var steps = path.Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < steps.Length; i++)
        {
            if (reader is AvroUnionSchema)
            {
                return int.TryParse(steps[i], NumberStyles.None, CultureInfo.InvariantCulture, out var branch)
                    && writer is AvroUnionSchema writers && branch < writers.Branches.Count
                    ? (reader, writers.Branches[branch])
                    : null;
            }

            // A reader without a union takes the writer's branch that it can read.
            var written = (writer as AvroUnionSchema)?.Branches.FirstOrDefault(branch => branch.Kind == reader.Kind) ?? writer;
            switch (reader, written, steps[i])
            {
                case (AvroArraySchema r, AvroArraySchema w, "items"):
                    (reader, writer) = (r.Items, w.Items);
                    break;
                case (AvroMapSchema r, AvroMapSchema w, "values"):
                    (reader, writer) = (r.Values, w.Values);
                    break;
                case (AvroRecordSchema r, AvroRecordSchema w, "fields") when i + 2 < steps.Length && steps[i + 2] == "type"
                    && int.TryParse(steps[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < r.Fields.Count
                    && SchemaMatching.FindWriterField(w, r.Fields[number]) is { } field:
                    (reader, writer) = (r.Fields[number].Schema, field.Schema);
                    i += 2;
                    break;
                default:
                    return null;
            }
        }

        return (reader, writer);
    }
}

/// <summary>A violation, and the schemas in which its path leads: the contract's own, or those of a union's branch.</summary>
/// <param name="Violation">What was found.</param>
/// <param name="Reader">Where its path begins.</param>
/// <param name="Writer">What the writer has there.</param>
/// <param name="Around">The violation at the union around it; null for a contract's own.</param>
internal sealed record FoundViolation(CompatibilityViolation Violation, AvroSchema Reader, AvroSchema Writer, FoundViolation? Around);
