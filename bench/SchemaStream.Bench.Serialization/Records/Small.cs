namespace SchemaStream.Bench.Serialization.Records;

/// <summary>Five fields, about fifty bytes.</summary>
[SchemaStreamContract]
public sealed partial record Small(string Id, long Sequence, int Quantity, double Price, string Customer)
{
    public static Small Sample { get; } = new("order-000123", 1_234_567, 42, 19.99, "a customer's name, short");
}
