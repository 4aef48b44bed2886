namespace SchemaStream.Registry.Core.Contracts;

/// <summary>
/// The closed set of types that a slot may carry: one name as a rule, several for an Avro union. As one text it is the
/// names in ordinal order with commas between, which is also how a union's schema is named.
/// </summary>
public static class TypeSet
{
    private const char Between = ',';

    public static string Join(IEnumerable<string> names) =>
        string.Join(Between, names.Select(name => name.Trim()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    public static IReadOnlyList<string> Names(SlotContract slot) =>
        slot.Type is null ? []
        : slot.Format == SchemaFormat.Avro ? slot.Type.Split(Between)
        : [slot.Type];
}
