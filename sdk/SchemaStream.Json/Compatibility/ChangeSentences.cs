namespace SchemaStream.Json.Compatibility;

/// <summary>Violations as sentences. "The reader" and "the writer" are what a caller may know as new and old.</summary>
internal static class ChangeSentences
{
    public static string Of(Change change) => string.Concat(About(change), " (path '", change.Path, "')");

    private static string About(Change change)
    {
        var name = change.Kind.ToString();
        return change.Kind switch
        {
            ChangeKind.SchemaAdded => "The reader has a schema where the writer has none",
            ChangeKind.TypeChanged => "The type that the reader expects is another than the writer's",
            ChangeKind.TypeNarrowed => "The reader takes fewer types than the writer has",
            ChangeKind.PatternChanged or ChangeKind.MultipleOfChanged or ChangeKind.DependencyArrayChanged
                or ChangeKind.EnumArrayChanged => "The value of the reader is another than the writer's",
            ChangeKind.CombinedTypeChanged => "The reader combines schemas in another way than the writer",
            ChangeKind.CombinedTypeSubschemasChanged =>
                "The schemas that the reader combines cannot be matched one to one with the writer's",
            ChangeKind.ProductTypeExtended => "The reader demands more schemas at once than the writer",
            ChangeKind.SumTypeNarrowed => "The reader has fewer alternatives than the writer",
            ChangeKind.NotTypeExtended => "The reader excludes more than the writer",
            ChangeKind.EnumArrayNarrowed => "The reader lists fewer values than the writer",
            ChangeKind.DependencyArrayExtended => "The reader makes more properties depend on this one than the writer",
            ChangeKind.RequiredAttributeAdded => "The reader requires a property without a default that the writer does not require",
            ChangeKind.RequiredPropertyAddedToUnopenContentModel =>
                "The reader requires a property without a default that the writer does not have",
            ChangeKind.OptionalPropertyAddedToOpenContentModel
                or ChangeKind.RequiredPropertyAddedToOpenContentModel
                or ChangeKind.RequiredPropertyWithDefaultAddedToOpenContentModel =>
                "The reader has a property that the writer does not have, and the writer's open content model lets any " +
                "value stand under its name",
            ChangeKind.PropertyAddedNotCoveredByPartiallyOpenContentModel =>
                "The reader has a property that the writer does not have, and what the writer's partially open content " +
                "model lets stand under its name does not fit",
            ChangeKind.PropertyRemovedFromClosedContentModel =>
                "The reader has a closed content model and lacks a property that the writer has",
            ChangeKind.PropertyRemovedNotCoveredByPartiallyOpenContentModel =>
                "The reader lacks a property that the writer has, and its partially open content model does not take it",
            ChangeKind.ItemAddedToOpenContentModel =>
                "The reader has a schema for a place where the writer's open content model lets any item stand",
            ChangeKind.ItemAddedNotCoveredByPartiallyOpenContentModel =>
                "The reader has a schema for a place where the writer's partially open content model lets items stand " +
                "that do not fit",
            ChangeKind.ItemRemovedFromClosedContentModel =>
                "The reader has a closed content model and lacks a place that the writer has",
            ChangeKind.ItemRemovedNotCoveredByPartiallyOpenContentModel =>
                "The reader lacks a place that the writer has, and its partially open content model does not take the item",
            _ when name.EndsWith("Removed", StringComparison.Ordinal) || name.EndsWith("Narrowed", StringComparison.Ordinal) =>
                "The reader lets in less beyond what it names than the writer",
            _ when name.EndsWith("Increased", StringComparison.Ordinal) || name.EndsWith("Expanded", StringComparison.Ordinal) =>
                "The bound of the reader is higher than the writer's",
            _ when name.EndsWith("Decreased", StringComparison.Ordinal) => "The bound of the reader is lower than the writer's",
            _ => "The reader has a keyword that the writer does not have",
        };
    }
}
