using System.Globalization;
using System.Runtime.CompilerServices;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Compatibility;

/// <summary>Walks a reader's and a writer's schema side by side, once per pair of types.</summary>
internal sealed class CompatibilityChecker
{
    /// <summary>Pairs that were walked, or are being walked: a recursive type is as compatible as the rest of it.</summary>
    private readonly Dictionary<(AvroSchema Reader, AvroSchema Writer), IReadOnlyList<CompatibilityViolation>> _known = [];

    private readonly List<string> _path = [];

    public IReadOnlyList<CompatibilityViolation> Check(AvroSchema reader, AvroSchema writer)
    {
        var found = new List<CompatibilityViolation>();
        Walk(reader, writer, found);

        // A pair met twice reports its violations twice, each time under the place where it was met first.
        return found.Count < 2 ? found : [.. found.Distinct()];
    }

    private void Walk(AvroSchema reader, AvroSchema writer, List<CompatibilityViolation> found)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new AvroSchemaException($"{reader.FullName} and {writer.FullName} nest too deeply to be compared");
        }

        if (reader is not AvroNamedSchema || writer is not AvroNamedSchema)
        {
            WalkPair(reader, writer, found);
            return;
        }

        if (_known.TryGetValue((reader, writer), out var known))
        {
            found.AddRange(known);
            return;
        }

        if (_known.Count >= AvroLimits.MaxComparedPairs)
        {
            throw new AvroSchemaException($"comparing the schemas takes more than {AvroLimits.MaxComparedPairs} pairs of their types");
        }

        _known.Add((reader, writer), []);
        var here = new List<CompatibilityViolation>();
        WalkPair(reader, writer, here);
        _known[(reader, writer)] = here;
        found.AddRange(here);
    }

    private void WalkPair(AvroSchema reader, AvroSchema writer, List<CompatibilityViolation> found)
    {
        switch (reader, writer)
        {
            case (_, AvroUnionSchema writers):
                WalkWriterUnion(reader, writers, found);
                break;
            case (AvroUnionSchema readers, _):
                WalkReaderUnion(readers, writer, found);
                break;
            case (AvroRecordSchema r, AvroRecordSchema w):
                CheckNames(r, w, found);
                WalkFields(r, w, found);
                break;
            case (AvroEnumSchema r, AvroEnumSchema w):
                CheckNames(r, w, found);
                CheckSymbols(r, w, found);
                break;
            case (AvroFixedSchema r, AvroFixedSchema w):
                CheckNames(r, w, found);
                CheckSizes(r, w, found);
                break;
            case (AvroArraySchema r, AvroArraySchema w):
                At("items", () => Walk(r.Items, w.Items, found));
                break;
            case (AvroMapSchema r, AvroMapSchema w):
                At("values", () => Walk(r.Values, w.Values, found));
                break;
            default:
                CheckPrimitives(reader, writer, found);
                break;
        }
    }

    private void CheckPrimitives(AvroSchema reader, AvroSchema writer, List<CompatibilityViolation> found)
    {
        if (reader.Kind == writer.Kind || SchemaMatching.IsPromoted(reader.Kind, writer.Kind))
        {
            return;
        }

        found.Add(Violation(
            CompatibilityKinds.TypeMismatch,
            $"the reader expects {reader.FullName}, the writer writes {writer.FullName}",
            $"reader type: {Word(reader)} not compatible with writer type: {Word(writer)}"));
    }

    private void WalkWriterUnion(AvroSchema reader, AvroUnionSchema writers, List<CompatibilityViolation> found)
    {
        for (var i = 0; i < writers.Branches.Count; i++)
        {
            var branch = writers.Branches[i];
            if (reader.Kind != AvroSchemaKind.Union)
            {
                Walk(reader, branch, found);
                continue;
            }

            At(i.ToString(CultureInfo.InvariantCulture), () => WalkReaderUnion((AvroUnionSchema)reader, branch, found));
        }
    }

    private void WalkReaderUnion(AvroUnionSchema readers, AvroSchema writer, List<CompatibilityViolation> found)
    {
        var reasons = new List<CompatibilityViolation>();
        foreach (var branch in readers.Branches)
        {
            if (branch is AvroNamedSchema named && writer is AvroNamedSchema other && !SchemaMatching.NamesMatch(named, other))
            {
                continue;
            }

            var tried = new List<CompatibilityViolation>();
            Walk(branch, writer, tried);
            if (tried.Count == 0)
            {
                return;
            }

            // A branch of the same type nearly fits: why it does not is what people want to know.
            if (branch.Kind == writer.Kind)
            {
                reasons.AddRange(tried);
            }
        }

        var why = reasons.Count == 0
            ? ""
            : ": " + string.Join("; ", reasons.Select(reason => $"{reason.Message} ({reason.Path})"));
        found.Add(Violation(
            CompatibilityKinds.MissingUnionBranch,
            $"no branch of the reader's union reads the writer's {writer.FullName}{why}",
            $"reader union lacking writer type: {Word(writer)}"));
    }

    private void CheckNames(AvroNamedSchema reader, AvroNamedSchema writer, List<CompatibilityViolation> found)
    {
        if (!SchemaMatching.NamesMatch(reader, writer))
        {
            At("name", () => found.Add(Violation(
                CompatibilityKinds.NameMismatch,
                $"the reader's {reader.FullName} is not named {writer.FullName} and has no such alias",
                $"expected: {writer.FullName}")));
        }
    }

    private void WalkFields(AvroRecordSchema reader, AvroRecordSchema writer, List<CompatibilityViolation> found)
    {
        foreach (var field in reader.Fields)
        {
            _path.Add("fields");
            _path.Add(field.Position.ToString(CultureInfo.InvariantCulture));
            if (SchemaMatching.FindWriterField(writer, field) is { } written)
            {
                At("type", () => Walk(field.Schema, written.Schema, found));
            }
            else if (field.Default is null)
            {
                found.Add(Violation(
                    CompatibilityKinds.ReaderFieldMissingDefaultValue,
                    $"the reader's field {reader.FullName}.{field.Name} has no default and the writer has no such field",
                    field.Name));
            }

            _path.RemoveRange(_path.Count - 2, 2);
        }
    }

    private void CheckSymbols(AvroEnumSchema reader, AvroEnumSchema writer, List<CompatibilityViolation> found)
    {
        if (reader.Default is not null && reader.OrdinalOf(reader.Default) >= 0)
        {
            return;
        }

        var missing = writer.Symbols.Where(symbol => reader.OrdinalOf(symbol) < 0).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            var list = $"[{string.Join(", ", missing)}]";
            At("symbols", () => found.Add(Violation(
                CompatibilityKinds.MissingEnumSymbols, $"the reader's {reader.FullName} lacks the writer's symbols {list}", list)));
        }
    }

    private void CheckSizes(AvroFixedSchema reader, AvroFixedSchema writer, List<CompatibilityViolation> found)
    {
        if (reader.Size != writer.Size)
        {
            At("size", () => found.Add(Violation(
                CompatibilityKinds.FixedSizeMismatch,
                $"the reader's {reader.FullName} has {reader.Size} bytes, the writer's {writer.Size}",
                $"expected: {writer.Size}, found: {reader.Size}")));
        }
    }

    private void At(string step, Action check)
    {
        _path.Add(step);
        check();
        _path.RemoveAt(_path.Count - 1);
    }

    private CompatibilityViolation Violation(string kind, string message, string detail) =>
        new(kind, "/" + string.Join('/', _path), message, detail);

    private static string Word(AvroSchema schema) => schema.Kind.TypeName().ToUpperInvariant();
}
