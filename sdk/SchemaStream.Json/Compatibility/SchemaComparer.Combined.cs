using System.Globalization;
using SchemaStream.Json.Schemas;

namespace SchemaStream.Json.Compatibility;

internal sealed partial class SchemaComparer
{
    /// <summary>A plain schema against combined ones: it may be one of several alternatives, or one of several demands.</summary>
    private bool TryCombined(SchemaNode original, SchemaNode update, ChangeList output)
    {
        if (original.Shape is CombinedShape before)
        {
            return update.Shape is not CombinedShape
                && (before.Parts.Count == 1 || before.Criterion == Criterion.All)
                && TryAny(
                    before.Parts.Select(part => (part, update)),
                    before.Parts.Count == 1 ? null : ChangeKind.ProductTypeNarrowed,
                    output);
        }

        return update.Shape is CombinedShape after
            && (after.Parts.Count == 1 || after.Criterion != Criterion.All)
            && TryAny(
                after.Parts.Select(part => (original, part)),
                after.Parts.Count == 1 ? null : ChangeKind.SumTypeExtended,
                output);
    }

    private bool TryAny(
        IEnumerable<(SchemaNode Original, SchemaNode Update)> pairs, ChangeKind? kind, ChangeList output)
    {
        foreach (var (original, update) in pairs)
        {
            var changes = Pair(original.Target, update.Target);
            if (changes.IsCompatible)
            {
                output.AddFrom("", changes);
                if (kind is { } found)
                {
                    output.Add(found, "");
                }

                return true;
            }
        }

        return false;
    }

    private void CompareCombined(CombinedShape old, CombinedShape now, ChangeList output)
    {
        var before = Distinct(old.Parts);
        var after = Distinct(now.Parts);
        if (old.Criterion != now.Criterion)
        {
            var mayChange = now.Criterion == Criterion.Any
                || (old.Parts.Count == 1 && (now.Parts.Count == 1 || now.Criterion == Criterion.One))
                || (now.Parts.Count == 1 && old.Criterion == Criterion.All);
            output.Add(mayChange ? ChangeKind.CombinedTypeExtended : ChangeKind.CombinedTypeChanged, "");
            if (!mayChange)
            {
                return;
            }
        }

        if (before.Count < after.Count)
        {
            output.Add(
                now.Criterion == Criterion.All ? ChangeKind.ProductTypeExtended : ChangeKind.SumTypeExtended, "");
        }
        else if (before.Count > after.Count)
        {
            output.Add(
                old.Criterion == Criterion.All ? ChangeKind.ProductTypeNarrowed : ChangeKind.SumTypeNarrowed, "");
        }

        Match(CombinedShape.KeywordOf(old.Criterion), before, after, output);
    }

    /// <summary>Finds for as many schemas as possible one of the other side each that takes their data.</summary>
    private void Match(
        string keyword, List<SchemaNode> before, List<SchemaNode> after, ChangeList output)
    {
        // The same text is likely to be the same schema: with hundreds of alternatives that saves comparing all with all.
        var sameText = new Dictionary<UInt128, int>();
        for (var j = 0; j < after.Count; j++)
        {
            sameText.TryAdd(after[j].Value.Fingerprint, j);
        }

        var partners = MaximumMatching.Find(
            before.Count,
            after.Count,
            i => sameText.GetValueOrDefault(before[i].Value.Fingerprint, -1),
            (i, j) => Pair(before[i].Target, after[j].Target).IsCompatible);
        var matched = 0;
        for (var i = 0; i < before.Count; i++)
        {
            if (partners[i] >= 0)
            {
                matched++;
                output.AddFrom(
                    string.Create(CultureInfo.InvariantCulture, $"{keyword}/{i}"), Pair(before[i].Target, after[partners[i]].Target));
            }
        }

        if (matched < Math.Min(before.Count, after.Count))
        {
            output.Add(ChangeKind.CombinedTypeSubschemasChanged, "");
        }
    }

    private static List<SchemaNode> Distinct(IReadOnlyList<SchemaNode> parts)
    {
        var seen = new HashSet<UInt128>();
        return [.. parts.Where(part => !part.Value.IsObject || seen.Add(part.Value.Fingerprint))];
    }
}
