using System.Text;

namespace SchemaStream.Json.Compatibility;

/// <summary>Confluent's names of the kinds, and which of them old data survives.</summary>
internal static class ChangeKinds
{
    private static readonly Dictionary<ChangeKind, string> Names =
        Enum.GetValues<ChangeKind>().ToDictionary(kind => kind, kind => InCapitals(kind.ToString()));

    private static readonly HashSet<ChangeKind> Harmless =
    [
        ChangeKind.IdChanged, ChangeKind.DescriptionChanged, ChangeKind.TitleChanged, ChangeKind.DefaultChanged,
        ChangeKind.SchemaRemoved, ChangeKind.TypeExtended,
        ChangeKind.MaxLengthIncreased, ChangeKind.MaxLengthRemoved,
        ChangeKind.MinLengthDecreased, ChangeKind.MinLengthRemoved, ChangeKind.PatternRemoved,
        ChangeKind.MaximumIncreased, ChangeKind.MaximumRemoved, ChangeKind.MinimumDecreased, ChangeKind.MinimumRemoved,
        ChangeKind.ExclusiveMaximumIncreased, ChangeKind.ExclusiveMaximumRemoved,
        ChangeKind.ExclusiveMinimumDecreased, ChangeKind.ExclusiveMinimumRemoved,
        ChangeKind.MultipleOfReduced, ChangeKind.MultipleOfRemoved,
        ChangeKind.RequiredAttributeWithDefaultAdded, ChangeKind.RequiredAttributeRemoved,
        ChangeKind.DependencyArrayNarrowed, ChangeKind.DependencyArrayRemoved, ChangeKind.DependencySchemaRemoved,
        ChangeKind.MaxPropertiesIncreased, ChangeKind.MaxPropertiesRemoved,
        ChangeKind.MinPropertiesDecreased, ChangeKind.MinPropertiesRemoved,
        ChangeKind.AdditionalPropertiesAdded, ChangeKind.AdditionalPropertiesExtended,
        ChangeKind.UnevaluatedPropertiesAdded, ChangeKind.UnevaluatedPropertiesExtended,
        ChangeKind.PropertyWithEmptySchemaAddedToOpenContentModel,
        ChangeKind.OptionalPropertyAddedToUnopenContentModel,
        ChangeKind.RequiredPropertyWithDefaultAddedToUnopenContentModel,
        ChangeKind.PropertyAddedIsCoveredByPartiallyOpenContentModel,
        ChangeKind.PropertyRemovedFromOpenContentModel,
        ChangeKind.PropertyRemovedIsCoveredByPartiallyOpenContentModel,
        ChangeKind.PropertyWithFalseRemovedFromClosedContentModel,
        ChangeKind.MaxItemsIncreased, ChangeKind.MaxItemsRemoved, ChangeKind.MinItemsDecreased, ChangeKind.MinItemsRemoved,
        ChangeKind.MaxContainsIncreased, ChangeKind.MaxContainsRemoved,
        ChangeKind.MinContainsDecreased, ChangeKind.MinContainsRemoved, ChangeKind.UniqueItemsRemoved,
        ChangeKind.AdditionalItemsAdded, ChangeKind.AdditionalItemsExtended,
        ChangeKind.UnevaluatedItemsAdded, ChangeKind.UnevaluatedItemsExtended,
        ChangeKind.ItemWithEmptySchemaAddedToOpenContentModel, ChangeKind.ItemAddedToClosedContentModel,
        ChangeKind.ItemAddedIsCoveredByPartiallyOpenContentModel, ChangeKind.ItemRemovedFromOpenContentModel,
        ChangeKind.ItemRemovedIsCoveredByPartiallyOpenContentModel,
        ChangeKind.ItemWithFalseRemovedFromClosedContentModel,
        ChangeKind.EnumArrayExtended,
        ChangeKind.CombinedTypeExtended, ChangeKind.ProductTypeNarrowed, ChangeKind.SumTypeExtended,
        ChangeKind.NotTypeNarrowed,
    ];

    private static readonly HashSet<ChangeKind> HarmlessIfLenient =
    [
        .. Harmless,
        ChangeKind.AdditionalPropertiesNarrowed, ChangeKind.AdditionalPropertiesRemoved,
        ChangeKind.UnevaluatedPropertiesNarrowed, ChangeKind.UnevaluatedPropertiesRemoved,
        ChangeKind.RequiredPropertyWithDefaultAddedToOpenContentModel,
        ChangeKind.OptionalPropertyAddedToOpenContentModel,
        ChangeKind.PropertyAddedNotCoveredByPartiallyOpenContentModel,
        ChangeKind.PropertyRemovedNotCoveredByPartiallyOpenContentModel,
        ChangeKind.PropertyRemovedFromClosedContentModel,
    ];

    public static string NameOf(ChangeKind kind) => Names[kind];

    public static bool IsHarmless(ChangeKind kind, JsonCompatibilityPolicy policy) =>
        (policy == JsonCompatibilityPolicy.Lenient ? HarmlessIfLenient : Harmless).Contains(kind);

    private static string InCapitals(string name)
    {
        var output = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && output.Length > 0)
            {
                output.Append('_');
            }

            output.Append(char.ToUpperInvariant(c));
        }

        return output.ToString();
    }
}
