using System.Globalization;
using System.Runtime.CompilerServices;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Compatibility;

/// <summary>Walks a reader's and a writer's schema side by side, once per pair of types.</summary>
internal sealed class CompatibilityChecker(LogicalTypeComparison meaning)
{
    private const int LongestWhy = 1000;

    /// <summary>Pairs that were walked, or are being walked: a recursive type is as compatible as the rest of it.</summary>
    private readonly Dictionary<(AvroSchema Reader, AvroSchema Writer), Findings> _known = [];

    private readonly List<string> _path = [];

    public IReadOnlyList<CompatibilityViolation> Check(AvroSchema reader, AvroSchema writer)
    {
        var found = new Findings();
        Walk(reader, writer, found);
        return found.Count < 2 ? found.All : [.. found.All.Distinct()];
    }

    private void Walk(AvroSchema reader, AvroSchema writer, Findings found)
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

        // While the pair is walked it counts as compatible; what is found goes to whoever asked for it first.
        _known.Add((reader, writer), new Findings());
        var here = new Findings();
        WalkPair(reader, writer, here);
        _known[(reader, writer)] = here;
        found.AddRange(here);
    }

    private void WalkPair(AvroSchema reader, AvroSchema writer, Findings found)
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
                CheckMeaning(r, w, found);
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

    private void CheckPrimitives(AvroSchema reader, AvroSchema writer, Findings found)
    {
        if (reader.Kind == writer.Kind || SchemaMatching.IsPromoted(reader.Kind, writer.Kind))
        {
            CheckMeaning(reader, writer, found);
            return;
        }

        found.Add(Violation(
            CompatibilityKinds.TypeMismatch,
            $"the reader expects {reader.FullName}, the writer writes {writer.FullName}",
            $"reader type: {Word(reader)} not compatible with writer type: {Word(writer)}"));
    }

    /// <summary>A decimal may gain digits before its point; nothing else about a logical type may change.</summary>
    private void CheckMeaning(AvroSchema reader, AvroSchema writer, Findings found)
    {
        var (read, written) = (reader.LogicalType, writer.LogicalType);
        if (meaning == LogicalTypeComparison.Ignored
            || (read?.Kind == written?.Kind && read?.Scale == written?.Scale && (read?.Precision ?? 0) >= (written?.Precision ?? 0)))
        {
            return;
        }

        found.Add(Violation(
            CompatibilityKinds.LogicalTypeMismatch,
            $"the reader takes for {Meaning(reader)} what the writer meant as {Meaning(writer)}",
            $"expected: {Meaning(writer)}, found: {Meaning(reader)}"));
    }

    private void WalkWriterUnion(AvroSchema reader, AvroUnionSchema writers, Findings found)
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

    private void WalkReaderUnion(AvroUnionSchema readers, AvroSchema writer, Findings found)
    {
        var reasons = new Findings();
        foreach (var branch in readers.Branches)
        {
            if (branch is AvroNamedSchema named && writer is AvroNamedSchema other && !SchemaMatching.NamesMatch(named, other))
            {
                continue;
            }

            var tried = new Findings();
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
            : ": " + Cut(string.Join("; ", reasons.All.Select(reason => $"{reason.Message} ({reason.Path})")));
        found.Add(Violation(
            CompatibilityKinds.MissingUnionBranch,
            $"no branch of the reader's union reads the writer's {writer.FullName}{why}",
            $"reader union lacking writer type: {Word(writer)}"));
    }

    private void CheckNames(AvroNamedSchema reader, AvroNamedSchema writer, Findings found)
    {
        if (!SchemaMatching.NamesMatch(reader, writer))
        {
            At("name", () => found.Add(Violation(
                CompatibilityKinds.NameMismatch,
                $"the reader's {reader.FullName} is not named {writer.FullName} and has no such alias",
                $"expected: {writer.FullName}")));
        }
    }

    private void WalkFields(AvroRecordSchema reader, AvroRecordSchema writer, Findings found)
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

    private void CheckSymbols(AvroEnumSchema reader, AvroEnumSchema writer, Findings found)
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

    private void CheckSizes(AvroFixedSchema reader, AvroFixedSchema writer, Findings found)
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

    /// <summary>A reason quotes the reasons below it: uncut, its length would double with every level of two fields.</summary>
    private static string Cut(string why) => why.Length <= LongestWhy ? why : why[..LongestWhy] + "…";

    private static string Word(AvroSchema schema) => schema.Kind.TypeName().ToUpperInvariant();

    private static string Meaning(AvroSchema schema) => schema.LogicalType switch
    {
        null => schema.Kind.TypeName(),
        { Kind: AvroLogicalKind.Decimal } number => string.Create(CultureInfo.InvariantCulture, $"decimal({number.Precision},{number.Scale})"),
        var other => other.Kind.ToString(),
    };

    /// <summary>
    /// What was found, bounded. A pair met twice hands on the same violations again, each under the place where it was
    /// met first: they are kept once, for two fields a level would otherwise double them all the way up.
    /// </summary>
    private sealed class Findings
    {
        private readonly List<CompatibilityViolation> _all = [];
        private readonly HashSet<CompatibilityViolation> _kept = new(ReferenceEqualityComparer.Instance);

        public IReadOnlyList<CompatibilityViolation> All => _all;

        public int Count => _all.Count;

        public void Add(CompatibilityViolation violation)
        {
            if (_all.Count < AvroLimits.MaxViolations && _kept.Add(violation))
            {
                _all.Add(violation);
            }
        }

        public void AddRange(Findings others)
        {
            foreach (var violation in others._all)
            {
                Add(violation);
            }
        }
    }
}
