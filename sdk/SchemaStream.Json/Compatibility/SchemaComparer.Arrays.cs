using System.Globalization;
using SchemaStream.Json.Schemas;

namespace SchemaStream.Json.Compatibility;

internal sealed partial class SchemaComparer
{
    private void CompareArrays(ArrayShape old, ArrayShape now, ChangeList output)
    {
        Compare(old.Items, now.Items, "items", output);
        CompareTuples(old, now, output);
        CompareRest(
            old.AdditionalAsWritten,
            now.AdditionalAsWritten,
            "additionalItems",
            ChangeKind.AdditionalItemsAdded,
            output);
        CompareUnevaluated(old.Unevaluated, now.Unevaluated, "unevaluatedItems", ChangeKind.UnevaluatedItemsAdded, output);
        Bound(old.MaxItems, now.MaxItems, "maxItems", ChangeKind.MaxItemsAdded, output);
        Bound(old.MinItems, now.MinItems, "minItems", ChangeKind.MinItemsAdded, output);
        if (old.UniqueItems != now.UniqueItems)
        {
            output.Add(old.UniqueItems ? ChangeKind.UniqueItemsRemoved : ChangeKind.UniqueItemsAdded, "uniqueItems");
        }

        Bound(old.MaxContains, now.MaxContains, "maxContains", ChangeKind.MaxContainsAdded, output);
        Bound(old.MinContains, now.MinContains, "minContains", ChangeKind.MinContainsAdded, output);
        CompareContains(old, now, output);
    }

    private void CompareContains(ArrayShape old, ArrayShape now, ChangeList output)
    {
        if (old.Contains is null || now.Contains is null)
        {
            return;
        }

        Compare(old.Contains, now.Contains, "contains", output);
        if (now.MaxContains is not null && !Pair(now.Contains.Target, old.Contains.Target).IsCompatible)
        {
            // Items that are counted now were not before, so there may be too many of them.
            output.Add(ChangeKind.TypeChanged, "contains");
        }
    }

    private void CompareTuples(ArrayShape old, ArrayShape now, ChangeList output)
    {
        var common = Math.Min(old.Tuple.Count, now.Tuple.Count);
        for (var i = 0; i < Math.Max(old.Tuple.Count, now.Tuple.Count); i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"items/{i}");
            if (i < common)
            {
                Compare(old.Tuple[i], now.Tuple[i], place, output);
            }
            else if (i < old.Tuple.Count)
            {
                ItemRemoved(old.Tuple[i], now, place, output);
            }
            else
            {
                ItemAdded(old, now.Tuple[i], place, output);
            }
        }
    }

    private void ItemRemoved(SchemaNode item, ArrayShape now, string place, ChangeList output)
    {
        if (IsOpen(now.Additional, now.Unevaluated))
        {
            output.Add(ChangeKind.ItemRemovedFromOpenContentModel, place);
        }
        else if (RestSchema(now.Additional, now.Unevaluated) is { } rest)
        {
            var covered = Pair(item.Target, rest.Target);
            output.AddFrom(place, covered);
            output.Add(
                covered.IsCompatible
                    ? ChangeKind.ItemRemovedIsCoveredByPartiallyOpenContentModel
                    : ChangeKind.ItemRemovedNotCoveredByPartiallyOpenContentModel,
                place);
        }
        else
        {
            output.Add(
                item.Target.IsNever
                    ? ChangeKind.ItemWithFalseRemovedFromClosedContentModel
                    : ChangeKind.ItemRemovedFromClosedContentModel,
                place);
        }
    }

    private void ItemAdded(ArrayShape old, SchemaNode item, string place, ChangeList output)
    {
        if (IsOpen(old.Additional, old.Unevaluated))
        {
            output.Add(
                item.Target.IsAny
                    ? ChangeKind.ItemWithEmptySchemaAddedToOpenContentModel
                    : ChangeKind.ItemAddedToOpenContentModel,
                place);
        }
        else if (RestSchema(old.Additional, old.Unevaluated) is { } rest)
        {
            var covered = Pair(rest.Target, item.Target);
            output.AddFrom(place, covered);
            output.Add(
                covered.IsCompatible
                    ? ChangeKind.ItemAddedIsCoveredByPartiallyOpenContentModel
                    : ChangeKind.ItemAddedNotCoveredByPartiallyOpenContentModel,
                place);
        }
        else
        {
            output.Add(ChangeKind.ItemAddedToClosedContentModel, place);
        }
    }

    private static bool IsOpen(Rest rest, SchemaNode? unevaluated) =>
        rest.Kind == RestKind.Open && unevaluated is not { Target.IsAny: false };

    /// <summary>The schema of what is not named; null if nothing is let in, or anything.</summary>
    private static SchemaNode? RestSchema(Rest rest, SchemaNode? unevaluated) =>
        rest.Kind != RestKind.Open ? rest.Schema
        : unevaluated is { Target: { IsAny: false, IsNever: false } } ? unevaluated : null;

    /// <summary>Compares what is let in beyond what is named. The kinds: added, removed, extended, narrowed.</summary>
    private void CompareRest(Rest old, Rest now, string keyword, ChangeKind added, ChangeList output)
    {
        if ((old.Kind == RestKind.Closed) != (now.Kind == RestKind.Closed))
        {
            output.Add(old.Kind == RestKind.Closed ? added : added + 1, keyword);
        }
        else if (old.Kind != now.Kind)
        {
            output.Add(now.Kind == RestKind.Open ? added + 2 : added + 3, keyword);
        }
        else if (old.Kind == RestKind.Partial)
        {
            Compare(old.Schema, now.Schema, keyword, output);
        }
    }

    private void CompareUnevaluated(
        SchemaNode? old, SchemaNode? now, string keyword, ChangeKind added, ChangeList output) =>
        CompareRest(RestOf(old), RestOf(now), keyword, added, output);

    private static Rest RestOf(SchemaNode? schema) => schema switch
    {
        null or { Target.IsAny: true } => Rest.Open,
        { Target.IsNever: true } => new Rest(RestKind.Closed, null),
        _ => new Rest(RestKind.Partial, schema),
    };
}
