using SchemaStream.Json.Schemas;
using SchemaStream.Json.Text;

namespace SchemaStream.Json.Compatibility;

internal sealed partial class SchemaComparer
{
    private static void CompareStrings(StringShape old, StringShape now, ChangeList output)
    {
        Bound(old.MaxLength, now.MaxLength, "maxLength", ChangeKind.MaxLengthAdded, output);
        Bound(old.MinLength, now.MinLength, "minLength", ChangeKind.MinLengthAdded, output);
        if (old.Pattern != now.Pattern)
        {
            output.Add(
                old.Pattern is null ? ChangeKind.PatternAdded
                : now.Pattern is null ? ChangeKind.PatternRemoved : ChangeKind.PatternChanged,
                "pattern");
        }
    }

    private static void CompareNumbers(NumberShape old, NumberShape now, ChangeList output)
    {
        Bound(old.Maximum, now.Maximum, "maximum", ChangeKind.MaximumAdded, output);
        Bound(old.Minimum, now.Minimum, "minimum", ChangeKind.MinimumAdded, output);
        Bound(old.ExclusiveMaximum, now.ExclusiveMaximum, "exclusiveMaximum", ChangeKind.ExclusiveMaximumAdded, output);
        Bound(old.ExclusiveMinimum, now.ExclusiveMinimum, "exclusiveMinimum", ChangeKind.ExclusiveMinimumAdded, output);
        CompareMultiples(old.MultipleOf, now.MultipleOf, output);
        if (old.IsInteger != now.IsInteger)
        {
            output.Add(old.IsInteger ? ChangeKind.TypeExtended : ChangeKind.TypeNarrowed, "");
        }
    }

    private static void CompareMultiples(JsonNumber? old, JsonNumber? now, ChangeList output)
    {
        if (old == now)
        {
            return;
        }

        output.Add(
            old is not { } before ? ChangeKind.MultipleOfAdded
            : now is not { } after ? ChangeKind.MultipleOfRemoved
            : after.IsMultipleOf(before) ? ChangeKind.MultipleOfExpanded
            : before.IsMultipleOf(after) ? ChangeKind.MultipleOfReduced : ChangeKind.MultipleOfChanged,
            "multipleOf");
    }

    private void CompareEnums(EnumShape old, EnumShape now, ChangeList output)
    {
        Budget.Take(old.Values.Count + now.Values.Count);
        if (old.Values.SetEquals(now.Values))
        {
            return;
        }

        output.Add(
            now.Values.IsSupersetOf(old.Values) ? ChangeKind.EnumArrayExtended
            : old.Values.IsSupersetOf(now.Values) ? ChangeKind.EnumArrayNarrowed : ChangeKind.EnumArrayChanged,
            "enum");
    }

    /// <summary>Compares a bound. Its four kinds follow one another: added, removed, increased, decreased.</summary>
    private static void Bound(JsonNumber? old, JsonNumber? now, string keyword, ChangeKind added, ChangeList output)
    {
        if (old == now)
        {
            return;
        }

        var step = old is not { } before ? 0 : now is not { } after ? 1 : before < after ? 2 : 3;
        output.Add(added + step, keyword);
    }
}
